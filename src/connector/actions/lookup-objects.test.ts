import assert from 'node:assert/strict'
import { test } from 'node:test'
import { answerDefinitions } from '../../../test/support/account-definitions.ts'
import { startDataverseServer } from '../../../test/support/dataverse-server.ts'
import { bodiesOf, runContext } from '../../../test/support/run-context.ts'
import { ConnectorError } from '../connector-error.ts'
import { lookupObjects } from './lookup-objects.ts'

type Fields = Readonly<Record<string, unknown>>

/** Serves `total` accounts in pages, and runs the action on them. */
async function start(t: Parameters<typeof startDataverseServer>[0], total = 3) {
  const server = await startDataverseServer(t, (request, origin) => {
    const definitions = answerDefinitions(request)
    if (definitions !== undefined) return definitions
    const size = Number(/maxpagesize=(\d+)/.exec(String(request.headers['prefer']))?.[1])
    const from = Number(request.query.get('$skiptoken') ?? 0)
    const to = Math.min(from + size, total)
    const value = Array.from({ length: to - from }, (_, index) => ({
      accountid: `id-${from + index}`,
    }))
    const nextLink = `${origin}/api/data/v9.2/accounts?$skiptoken=${to}`
    return { body: { value, ...(to < total ? { '@odata.nextLink': nextLink } : {}) } }
  })
  const run = (config: Fields, input: Fields = {}) =>
    bodiesOf(
      lookupObjects.run(runContext(server.client(), { objectType: 'account', ...config }, input)),
    )
  const rowRequest = () => server.requests.find(({ path }) => path.includes('/accounts'))
  return { server, run, rowRequest }
}

const named =
  (field: string, code = 'invalid_field') =>
  (error: unknown) => {
    assert.ok(error instanceof ConnectorError, String(error))
    assert.deepEqual([error.facts['field'], error.code], [field, code])
    assert.ok(error.explanation.remedy.length > 5)
    return true
  }

test('rows come one by one, over all pages, with their ids', async (t) => {
  const { server } = await start(t, 5)
  const context = runContext(server.client(), { objectType: 'account', pageSize: '2' }, {})
  const ids: unknown[] = []
  for await (const output of lookupObjects.run(context))
    ids.push(output.kind === 'data' && output.id)
  assert.deepEqual(ids, ['id-0', 'id-1', 'id-2', 'id-3', 'id-4'])
})

test('pages come as one message each', async (t) => {
  const { run } = await start(t, 5)
  const bodies = await run({ emitBehavior: 'emitPage', pageSize: 2 })
  assert.deepEqual(
    bodies.map((body) => Object(body).results.length),
    [2, 2, 1],
  )
})

test('nothing found is one empty page, or no message', async (t) => {
  const { run } = await start(t, 0)
  assert.deepEqual(await run({ emitBehavior: 'emitPage' }), [{ results: [] }])
  assert.deepEqual(await run({}), [])
})

test('empty pages before, between and after others are no messages', async (t) => {
  const pages = [[], [{ accountid: 'a' }], [], [{ accountid: 'b' }], []]
  const server = await startDataverseServer(t, (request, origin) => {
    const at = Number(request.query.get('$skiptoken') ?? 0)
    const next = `${origin}/api/data/v9.2/accounts?$skiptoken=${at + 1}`
    const link = at + 1 < pages.length ? { '@odata.nextLink': next } : {}
    return answerDefinitions(request) ?? { body: { value: pages[at], ...link } }
  })
  const config = { objectType: 'account', emitBehavior: 'emitPage' }
  const bodies = await bodiesOf(lookupObjects.run(runContext(server.client(), config, {})))
  assert.deepEqual(bodies, [{ results: [{ accountid: 'a' }] }, { results: [{ accountid: 'b' }] }])
})

test('without terms all rows are asked for, a hundred to the page', async (t) => {
  const { run, rowRequest } = await start(t)
  await run({})
  assert.equal(rowRequest()?.path, '/api/data/v9.2/accounts')
  assert.equal(rowRequest()?.headers['prefer'], 'odata.maxpagesize=100')
})

test('selected and expanded columns are found by either name, in the service’s own case', async (t) => {
  const { run, rowRequest } = await start(t)
  await run({
    selectFields: ' name, ownerid ,,_primarycontactid_value, NAME',
    expandFields: '_primarycontactid_value,new_customerid, NEW_customerid_CONTACT',
  })
  assert.equal(rowRequest()?.query.get('$select'), 'name,_ownerid_value,_primarycontactid_value')
  assert.equal(
    rowRequest()?.query.get('$expand'),
    'primarycontactid,new_CustomerId_account,new_CustomerId_contact',
  )
})

test('an expression is taken as it is written, with the option’s name before it or without', async (t) => {
  const { run, rowRequest } = await start(t)
  const filterExpression = "$filter=startswith(name,'A & (B') or revenue gt 5"
  await run({ expertMode: 'true' }, { filterExpression })
  assert.equal(rowRequest()?.query.get('$filter'), "startswith(name,'A & (B') or revenue gt 5")
})

test('an expression that is missing, or not whole, is named', async (t) => {
  const { run } = await start(t)
  for (const filterExpression of [undefined, null, '', '  ']) {
    const running = run({ expertMode: true }, { filterExpression })
    await assert.rejects(running, named('filterExpression', 'missing_field'))
  }
  await assert.rejects(
    run({ expertMode: true }, { filterExpression: 5 }),
    named('filterExpression'),
  )
  for (const filterExpression of ["name eq 'x", 'a eq 1)', "name eq '\ud800'"]) {
    await assert.rejects(run({ expertMode: true }, { filterExpression }), named('filterExpression'))
  }
})

test('every wrong field is named', async (t) => {
  const { run } = await start(t)
  await assert.rejects(run({ objectType: ' ' }), named('objectType', 'missing_field'))
  await assert.rejects(run({ objectType: 'acount' }), named('objectType', 'unknown_table'))
  await assert.rejects(run({ objectType: "a')" }), named('objectType', 'unknown_table'))
  await assert.rejects(run({ emitBehavior: 'emitAll' }), named('emitBehavior'))
  for (const pageSize of [0, 1001, 'ten', 1.5, {}])
    await assert.rejects(run({ pageSize }), named('pageSize'))
  for (const termNumber of [-1, 100, 'x'])
    await assert.rejects(run({ termNumber }), named('termNumber'))
  await assert.rejects(run({ selectFields: 'naem' }), named('selectFields', 'unknown_column'))
  await assert.rejects(run({ expandFields: 'name' }), named('expandFields', 'unknown_column'))
  await assert.rejects(run({ expertMode: 'perhaps' }), named('expertMode'))
})

test('a table or column that is nearly right is suggested', async (t) => {
  const { run } = await start(t)
  const remedy = (pattern: RegExp) => (error: unknown) => {
    assert.ok(error instanceof ConnectorError)
    assert.match(error.explanation.remedy, pattern)
    return true
  }
  await assert.rejects(run({ objectType: 'acount' }), remedy(/Did you mean account/))
  await assert.rejects(run({ selectFields: 'revenu' }), remedy(/Did you mean revenue/))
})

test('a table may be named by its entity set', async (t) => {
  const { run } = await start(t, 1)
  assert.equal((await run({ objectType: 'accounts' })).length, 1)
  assert.equal((await run({ objectType: 'Account' })).length, 1)
})

test('a definition that cannot be read is told as it is, and not as an unknown table', async (t) => {
  const error = { code: '0x80040220', message: 'No privilege' }
  const server = await startDataverseServer(t, (request) =>
    server.requests.length > 1
      ? (answerDefinitions(request) ?? {})
      : { status: 403, body: { error } },
  )
  const context = runContext(server.client(), { objectType: 'account' }, {})
  await assert.rejects(bodiesOf(lookupObjects.run(context)), { code: 'forbidden' })
})

test('the object types are searchable by label and name, without tables that rows cannot be read from', async (t) => {
  const { server } = await start(t)
  const context = { config: {}, dataverse: server.client(), limit: 10 }
  const all = await lookupObjects.options('objectType', context)
  assert.deepEqual(
    all.map(({ value }) => value),
    ['account', 'contact', 'lead'],
  )
  assert.equal(all[0]?.label, 'Account (account)')
  const [first, ...more] = await lookupObjects.options('objectType', {
    ...context,
    search: 'c',
    limit: 1,
  })
  assert.deepEqual([first?.value, more], ['contact', []])
  const found = await lookupObjects.options('objectType', { ...context, search: 'LEAD' })
  assert.deepEqual(
    found.map(({ value }) => value),
    ['lead'],
  )
  await assert.rejects(lookupObjects.options('pageSize', context), named('pageSize'))
})

test('the forms know the table', async (t) => {
  const { server } = await start(t)
  const form = (config: Fields) => ({
    config: { objectType: 'account', ...config },
    dataverse: server.client(),
  })
  const input = await lookupObjects.inputSchema(form({ termNumber: 2 }))
  assert.deepEqual(input['required'], ['sTerm_1', 'link_1_2', 'sTerm_2'])
  assert.deepEqual(Object.keys(Object(input['properties'])), input['required'])
  assert.deepEqual(await lookupObjects.inputSchema(form({ expertMode: true })), {
    type: 'object',
    required: ['filterExpression'],
    properties: { filterExpression: { type: 'string', title: 'Filter Expression' } },
  })
  const row = await lookupObjects.outputSchema(form({}))
  const properties = Object(row['properties'])
  assert.deepEqual(properties._ownerid_value, {
    title: 'The ownerid',
    type: ['string', 'null'],
    format: 'uuid',
    description: 'The id of a row of systemuser or team.',
    targets: ['systemuser', 'team'],
  })
  assert.deepEqual(properties.accountid, { title: 'The accountid', type: 'string', format: 'uuid' })
  assert.deepEqual(properties.new_founded.format, 'date')
  assert.equal(properties.primarycontactidname, undefined)
  const page = await lookupObjects.outputSchema(
    form({ emitBehavior: 'emitPage', selectFields: 'name' }),
  )
  assert.deepEqual(Object.keys(Object(page['properties']).results.items.properties), [
    'accountid',
    'name',
  ])
})
