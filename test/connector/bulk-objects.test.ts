import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { ConnectorError, findEntry } from '../../src/connector/index.ts'
import { collect, DataverseError, InvalidRow } from '../../src/dataverse/index.ts'
import type { Send } from '../../src/transport/index.ts'
import { startSandboxClient } from '../dataverse/sandbox-client.ts'
import { refused, runEntry } from './run-entry.ts'

const { client, clientOf, sandbox, send } = await startSandboxClient({ after }, { rows: 10 })
const nobody = '00000000-0000-4000-8000-000000000000'

async function bulk(name: string, inputObjects: unknown, more: object = {}) {
  const config = { objectType: 'account', ...more }
  const [body] = await runEntry(client, name, config, { inputObjects })
  return Object(body)
}

async function count(name?: string) {
  const filter = name === undefined ? undefined : `name eq '${name}'`
  return (await client.count('accounts', filter, { exact: true })).value
}

test('rows are created in one transaction, their ids in order', async () => {
  const { result } = await bulk('bulkCreateObjects', [{ name: 'A' }, { name: 'B' }])
  for (const [index, name] of ['A', 'B'].entries()) {
    assert.equal((await client.row('accounts', result[index]))['name'], name)
  }
  assert.deepEqual(await bulk('bulkCreateObjects', []), { result: [] })
})

test('one row that the service refuses leaves none created, and is named', async () => {
  const before = await count()
  const [taken] = await collect(client.rows('accounts', { top: 1 }), 1)
  const twice = { name: 'Twice', accountid: Object(taken).accountid }
  const creating = bulk('bulkCreateObjects', [{ name: 'Once' }, twice])
  await assert.rejects(creating, (error) => {
    assert.ok(error instanceof ConnectorError && error.cause instanceof DataverseError)
    assert.deepEqual([error.code, error.facts['field']], ['objects_not_created', 'inputObjects.1'])
    return true
  })
  assert.equal(await count(), before)
})

test('what the definitions tell to be wrong is named before any row is sent', async () => {
  const before = await count()
  const create = (rows: unknown) => bulk('bulkCreateObjects', rows)
  const wrong = create([{ name: 'A' }, { name: 7, nmae: 1 }])
  await refused(wrong, 'inputObjects.1.nmae')
  await assert.rejects(wrong, ({ cause }) => cause instanceof InvalidRow)
  await refused(create([{ name: 'A' }, 'x']), 'inputObjects.1', 'invalid_field')
  await refused(create({ name: 'A' }), 'inputObjects', 'invalid_field')
  await refused(create('[]'), 'inputObjects', 'invalid_field')
  await refused(create(undefined), 'inputObjects', 'missing_field')
  assert.equal(await count(), before)
})

test('of more rows than one transaction takes, none is left when one is refused', async () => {
  const before = await count()
  const [taken] = await collect(client.rows('accounts', { top: 1 }), 1)
  const rows: object[] = Array.from({ length: 1_200 }, (_, index) => ({ name: `N ${index}` }))
  rows[1_150] = { name: 'Twice', accountid: Object(taken).accountid }
  await refused(bulk('bulkCreateObjects', rows), 'inputObjects.1150', 'objects_not_created')
  assert.equal(await count(), before)
  rows.splice(1_150, 1)
  const { result } = await bulk('bulkCreateObjects', rows)
  assert.equal(new Set(result).size, 1_199)
  assert.equal((await client.row('accounts', result[1_198]))['name'], 'N 1199')
})

/** A client that does something as soon as a request to such a path is answered. */
function interrupted(place: RegExp, interrupt: () => unknown) {
  const noting: Send = async (request) => {
    const response = await send(request)
    if (place.test(request.url.pathname)) await interrupt()
    return response
  }
  return clientOf(sandbox.description.orgUrl, { send: noting })
}

const many = (length: number, name: string) => Array.from({ length }, () => ({ name }))

test('a creation of many rows that is called off leaves none of them', async () => {
  for (const place of [/sdkmessage/, /CreateMultiple$|\/\$batch$/]) await callOffAt(place)
})

async function callOffAt(place: RegExp) {
  const caller = new AbortController()
  const input = { inputObjects: many(1_001, 'Called off') }
  const { signal } = caller
  const dataverse = interrupted(place, () => caller.abort())
  const creating = runEntry(dataverse, 'bulkCreateObjects', { objectType: 'account' }, input, {
    signal,
  })
  await assert.rejects(creating)
  assert.equal(await count('Called off'), 0)
}

test('rows of a failed creation that cannot be deleted again are told', async () => {
  const [organization] = sandbox.description.organizations
  const control = `/organizations/${organization?.uniqueName}`
  const privileges = { prvReadAccount: 'Global', prvCreateAccount: 'Global' }
  await sandbox.admin(`${control}/roles/Creator`, 'PUT', { privileges })
  const { userId } = await client.whoAmI()
  const members = await sandbox.admin(`${control}/members`)
  assert.ok(Array.isArray(members))
  const own = members.map(Object).find(({ systemUserId }) => systemUserId === userId)
  const exchange = (addRole: string, removeRole: string) =>
    sandbox.admin(`${control}/members/${own.member.entraObjectId}`, 'PATCH', {
      addRole,
      removeRole,
    })
  await exchange('Creator', own.roles[0])
  const [taken] = await collect(client.rows('accounts', { top: 1 }), 1)
  const rows = [...many(1_000, 'Left'), { name: 'Twice', accountid: Object(taken).accountid }]
  await assert.rejects(bulk('bulkCreateObjects', rows), (error) => {
    assert.ok(error instanceof ConnectorError)
    const { field, left, leftCount } = error.facts
    assert.deepEqual(
      [field, Array.isArray(left) && left.length, leftCount],
      ['inputObjects.1000', 100, 1_000],
    )
    assert.match(error.explanation.what, /1000 rows were created and are left/)
    return true
  })
  await exchange(own.roles[0], 'Creator')
})

test('an update tells of each row whether it was done, and why not', async () => {
  const { result: ids } = await bulk('bulkCreateObjects', [{ name: 'U' }, { name: 'U' }])
  const { result, errors } = await bulk('bulkUpdateObjects', [
    { id: ids[0], name: 'V' },
    { id: nobody, name: 'V' },
    { id: `{${ids[1].toUpperCase()}}`, name: 'V' },
    { id: ids[1], industrycode: 'Magic' },
  ])
  assert.deepEqual(result, [true, false, true, false])
  assert.deepEqual(
    errors.map((one: Readonly<Record<string, unknown>>) => [one['index'], one['code']]),
    [
      [1, 'not_found'],
      [3, 'invalid_row'],
    ],
  )
  assert.equal(await count('V'), 2)
  assert.deepEqual(await bulk('bulkUpdateObjects', []), { result: [] })
  const noId = bulk('bulkUpdateObjects', [{ id: ids[0], name: 'W' }, { name: 'W' }])
  await refused(noId, 'inputObjects.1.id', 'missing_field')
  await refused(bulk('bulkUpdateObjects', [{ id: 'x' }]), 'inputObjects.0.id', 'invalid_field')
  assert.equal(await count('W'), 0)
})

test('errors are told of a thousand updates at most, and of a hundred deletions', async () => {
  const rows = Array.from({ length: 1_001 }, () => ({ id: nobody, industrycode: 'Magic' }))
  const { result, errors } = await bulk('bulkUpdateObjects', rows)
  assert.deepEqual([result.length, errors.length], [1_001, 1_000])
  const gone = Array.from({ length: 101 }, () => crypto.randomUUID())
  await assert.rejects(bulk('bulkDeleteObjects', gone), (error) => {
    assert.ok(error instanceof ConnectorError)
    const { failures, errors } = error.facts
    assert.deepEqual([failures, Array.isArray(errors) && errors.length], [101, 100])
    return true
  })
})

test('rows are deleted by id; one that is not there is an error that names it', async () => {
  const { result: ids } = await bulk('bulkCreateObjects', [
    { name: 'D' },
    { name: 'D' },
    { name: 'D' },
  ])
  assert.deepEqual(await bulk('bulkDeleteObjects', [{ id: ids[0] }, ids[1]]), { result: true })
  const deleting = bulk('bulkDeleteObjects', [{ id: ids[2] }, { id: nobody }])
  await refused(deleting, 'inputObjects.1.id', 'objects_not_deleted')
  assert.equal(await count('D'), 0)
  assert.deepEqual(await bulk('bulkDeleteObjects', []), { result: true })
  await refused(bulk('bulkDeleteObjects', [{}]), 'inputObjects.0.id', 'missing_field')
})

test('a row that is named twice is deleted once', async () => {
  const { id } = await client.create('account', { name: 'Twice' })
  const deleting = bulk('bulkDeleteObjects', [{ id }, { id: `{${id.toUpperCase()}}` }, id])
  assert.deepEqual(await deleting, { result: true })
})

test('an upsert has an outcome for every row, in the order of the rows', async () => {
  const [known] = await collect(
    client.rows('accounts', { top: 1, filter: 'accountnumber ne null' }),
    1,
  )
  const { accountnumber, accountid } = Object(known)
  const rows = [
    { accountnumber, name: 'Up' },
    { name: 'Without a number' },
    { accountnumber: 'B-1', name: 'New' },
    { accountnumber: 'B-2', industrycode: 'Magic' },
  ]
  const more = { idToSearchOn: 'accountnumber', distinguish: true }
  const { results } = await bulk('bulkUpsertObjects', rows, more)
  assert.deepEqual(
    results.map((one: Readonly<Record<string, unknown>>) => [one['index'], one['status']]),
    [
      [0, 'updated'],
      [1, 'created'],
      [2, 'created'],
      [3, 'rejected'],
    ],
  )
  assert.deepEqual([results[3].column, results[3].code], ['industrycode', 'invalid_row'])
  const form = { config: { objectType: 'account', ...more }, dataverse: client }
  const { properties } = Object(await findEntry('bulkUpsertObjects')?.outputSchema(form))
  const described = Object.keys(properties.results.items.properties)
  for (const one of results)
    for (const key of Object.keys(one)) assert.ok(described.includes(key), key)
  assert.equal((await client.row('accounts', accountid))['name'], 'Up')
  const each = await runEntry(
    client,
    'bulkUpsertObjects',
    {
      objectType: 'account',
      emitBehavior: 'emitIndividually',
    },
    { inputObjects: [{ id: accountid, name: 'Up' }, { name: 'And one' }] },
  )
  assert.equal(each.length, 2)
  assert.deepEqual(await bulk('bulkUpsertObjects', []), { results: [] })
  await refused(bulk('bulkUpsertObjects', [{ id: 'x' }]), 'inputObjects.0.id', 'invalid_field')
})

test('the form of an update asks for ids, and outcomes are described as they are emitted', async () => {
  const form = { config: { objectType: 'account' }, dataverse: client }
  const { properties } = Object(await findEntry('bulkUpdateObjects')?.inputSchema(form))
  assert.deepEqual(properties.inputObjects.items.required, ['id'])
  const upsert = findEntry('bulkUpsertObjects')
  const config = { ...form.config, emitBehavior: 'emitIndividually' }
  const each = Object(await upsert?.outputSchema({ ...form, config }))
  const all = Object(await upsert?.outputSchema(form))
  assert.deepEqual(all.properties.results.items, each)
  assert.ok('status' in each.properties)
})
