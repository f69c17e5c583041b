import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type Reply, startDataverseServer } from '../../../test/support/dataverse-server.ts'
import { DataverseError } from '../errors/dataverse-error.ts'
import type { ChangePage } from './read-changes.ts'

const ID = '01234567-89ab-cdef-0123-456789abcdef'
const ROOT = '/api/data/v9.2'
const TOKEN = '919042%2108%2f22%2f2017%2008%3a10%3a44'

const deleted = (id: string) => ({
  '@odata.context': `https://x/api/data/v9.2/$metadata#accounts/$deletedEntity`,
  id,
  reason: 'deleted',
})

/** Two pages of rows, then a delta link; behind it a changed and a deleted row. */
const startTable = (context: Parameters<typeof startDataverseServer>[0]) =>
  startDataverseServer(context, ({ path, query }, origin) => {
    const link = (rest: string) => `${origin}${ROOT}/accounts?$select=name&${rest}`
    if (path.includes('/$count')) {
      return { headers: { 'content-type': 'text/plain' }, body: '\uFEFF2' }
    }
    if (query.has('$deltatoken')) {
      const value = [{ name: 'c', id: 'x', reason: 'y' }, deleted(`{${ID.toUpperCase()}}`)]
      return { body: { '@odata.deltaLink': link('$deltatoken=2'), value } }
    }
    if (query.has('$skiptoken')) {
      return { body: { '@odata.deltaLink': link(`$deltatoken=${TOKEN}`), value: [{ name: 'b' }] } }
    }
    return { body: { '@odata.nextLink': link('$skiptoken=1'), value: [{ name: 'a' }] } }
  })

async function all(pages: AsyncIterable<ChangePage>): Promise<readonly ChangePage[]> {
  const read: ChangePage[] = []
  for await (const page of pages) read.push(page)
  return read
}

const failing = async (context: Parameters<typeof startDataverseServer>[0], reply: Reply) => {
  const server = await startDataverseServer(context, () => reply)
  try {
    await all(server.client().changes('accounts', { select: 'name' }))
  } catch (error) {
    assert.ok(error instanceof DataverseError, String(error))
    return error
  }
  return assert.fail('It was read.')
}

test('all rows come first, page by page, then what changed since, deletions too', async (t) => {
  const server = await startTable(t)
  const client = server.client()
  const first = await all(client.changes('accounts', { select: ['name'], pageSize: 1 }))
  assert.deepEqual(
    first.map(({ changes, last }) => [changes, last]),
    [
      [[{ kind: 'upserted', row: { name: 'a' } }], false],
      [[{ kind: 'upserted', row: { name: 'b' } }], true],
    ],
  )
  const since = first[1]?.cursor ?? ''
  const [delta] = await all(client.changes('accounts', { select: ['name'], pageSize: 1, since }))
  assert.deepEqual(delta?.changes, [
    { kind: 'upserted', row: { name: 'c', id: 'x', reason: 'y' } },
    { kind: 'deleted', id: ID },
  ])
  assert.deepEqual(
    server.requests.map(({ headers }) => headers['prefer']),
    [
      'odata.track-changes,odata.maxpagesize=1',
      'odata.track-changes,odata.maxpagesize=1',
      'odata.maxpagesize=1',
    ],
  )
  // The token goes back as it came.
  assert.ok(server.requests[2]?.path.endsWith(`$deltatoken=${TOKEN}`))
})

test('reading goes on from the cursor of a page in the middle', async (t) => {
  const server = await startTable(t)
  const client = server.client()
  const first = await client.changes('accounts', { select: ['name'] }).next()
  assert.ok(first.done !== true)
  const rest = await all(client.changes('accounts', { since: first.value.cursor }))
  assert.deepEqual(
    rest.map(({ changes, last }) => [changes, last]),
    [[[{ kind: 'upserted', row: { name: 'b' } }], true]],
  )
})

test('changes are counted without being read', async (t) => {
  const server = await startTable(t)
  const client = server.client()
  const cursor = `${server.origin}${ROOT}/accounts?$select=name&$deltatoken=${TOKEN}`
  assert.equal(await client.countChanges('accounts', cursor), 2)
  assert.equal(server.requests[0]?.path, `${ROOT}/accounts/$count?$deltatoken=${TOKEN}`)
  await assert.rejects(
    client.countChanges('accounts', `${server.origin}${ROOT}/accounts?$skiptoken=1`),
    { code: 'invalid_argument' },
  )
})

test('a cursor of elsewhere, of another table or for other columns is refused before the call', async (t) => {
  const server = await startTable(t)
  const refused = async (since: string, code: string, select = 'name') => {
    await assert.rejects(all(server.client().changes('accounts', { since, select })), { code })
  }
  const { origin } = server
  await refused(`https://elsewhere.example${ROOT}/accounts?$deltatoken=1`, 'unsafe_link')
  await refused(`${origin}/other/accounts?$deltatoken=1`, 'unsafe_link')
  await refused(`${origin}${ROOT}/contacts?$deltatoken=1`, 'invalid_argument')
  await refused(`${origin}${ROOT}/accounts?$select=name`, 'invalid_argument')
  await refused('not a cursor', 'invalid_argument')
  await refused(`${origin}${ROOT}/accounts?$select=name&$deltatoken=1`, 'invalid_argument', 'fax')
  assert.equal(server.requests.length, 0)
})

test('a cursor holds for its columns in any order', async (t) => {
  const server = await startTable(t)
  const since = `${server.origin}${ROOT}/accounts?$select=name,revenue&$deltatoken=1`
  const select = ['revenue', 'name']
  const [page] = await all(server.client().changes('accounts', { select, since }))
  assert.equal(page?.changes.length, 2)
})

test('filter, orderby, expand and top are refused before the call', async (t) => {
  const server = await startTable(t)
  for (const name of ['filter', 'orderby', 'expand', 'top']) {
    const options = { select: 'name', [name]: 'x' }
    await assert.rejects(all(server.client().changes('accounts', options)), {
      code: 'invalid_argument',
      facts: { field: name },
    })
  }
  assert.equal(server.requests.length, 0)
})

test('an expired cursor has a name, by its code or its text', async (t) => {
  const message =
    'Version stamp associated with the client has expired. Please perform a full sync.'
  for (const code of ['0x80044352', '0x80040216']) {
    const error = await failing(t, { status: 400, body: { error: { code, message } } })
    assert.equal(error.code, 'tracking_expired')
    assert.equal(error.dataverseCode, code)
    assert.match(error.explanation.remedy, /in full/)
    assert.ok(error.cause instanceof DataverseError)
  }
})

test('a table without change tracking has a name', async (t) => {
  for (const [code, message] of [
    ['0x80072491', 'x'],
    ['0x80072492', 'x'],
    ['0x0', "Entity 'team' isn't enabled for change tracking."],
  ]) {
    const error = await failing(t, { status: 400, body: { error: { code, message } } })
    assert.equal(error.code, 'tracking_disabled')
  }
})

test('a missing privilege is named', async (t) => {
  const message =
    "Principal user (Id=1, type=8) is missing prvReadAccount privilege (Id=2) on OTC=1 for entity 'account'."
  const error = await failing(t, { status: 403, body: { error: { code: '0x80040220', message } } })
  assert.equal(error.code, 'forbidden')
  assert.equal(error.facts['privilege'], 'prvReadAccount')
  assert.match(error.explanation.remedy, /prvReadAccount at the level of the organization/)
})

test('a last page without a delta link, and a link that comes again, end the reading by name', async (t) => {
  assert.equal((await failing(t, { body: { value: [] } })).code, 'tracking_lost')
  const looping = { value: [], '@odata.nextLink': `accounts?$skiptoken=1` }
  assert.equal((await failing(t, { body: looping })).code, 'repeated_page')
  const away = { value: [], '@odata.deltaLink': 'https://elsewhere.example/accounts' }
  assert.equal((await failing(t, { body: away })).code, 'unsafe_link')
  const broken = { value: [deleted('x')], '@odata.deltaLink': 'accounts?$deltatoken=1' }
  assert.equal((await failing(t, { body: broken })).code, 'unexpected_answer')
})
