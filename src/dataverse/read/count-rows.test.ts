import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type Reply, startDataverseServer } from '../../../test/support/dataverse-server.ts'
import { where } from '../query/filter.ts'

const DEFINITION = { value: [{ LogicalName: 'account', PrimaryIdAttribute: 'accountid' }] }

const serve = (
  context: Parameters<typeof startDataverseServer>[0],
  { counted, aggregate }: { readonly counted: number; readonly aggregate?: Reply },
) =>
  startDataverseServer(context, ({ path, query }, origin) => {
    if (path.includes('/$count')) {
      return { headers: { 'content-type': 'text/plain' }, body: `\uFEFF${counted}` }
    }
    if (path.includes('EntityDefinitions')) return { body: DEFINITION }
    if (path.includes('RetrieveTotalRecordCount')) {
      return {
        body: { EntityRecordCountCollection: { Count: 1, Keys: ['account'], Values: [123_456] } },
      }
    }
    if (query.has('$apply')) return aggregate ?? { status: 500 }
    const page = Number(query.get('$skiptoken') ?? 0)
    const value = Array.from({ length: page < 11 ? 5000 : 7 }, () => ({ accountid: '1' }))
    const next = `${origin}/api/data/v9.2/accounts?$skiptoken=${page + 1}`
    return { body: { value, ...(page < 11 ? { '@odata.nextLink': next } : {}) } }
  })

test('without a wish the service’s own count is given, and whether it is exact', async (t) => {
  const few = await serve(t, { counted: 42 })
  assert.deepEqual(await few.client().count('accounts'), { value: 42, exact: true })
  const many = await serve(t, { counted: 5000 })
  assert.deepEqual(await many.client().count('accounts'), { value: 5000, exact: false })
  assert.equal(many.requests.length, 1)
})

test('up to 50,000 rows are counted exactly by one aggregate', async (t) => {
  const server = await serve(t, {
    counted: 5000,
    aggregate: { body: { value: [{ counted: 31_234 }] } },
  })
  const count = await server.client().count('accounts', where.eq('statecode', 0), { exact: true })
  assert.deepEqual(count, { value: 31_234, exact: true })
  assert.equal(
    server.requests[1]?.query.get('$apply'),
    'filter(statecode eq 0)/aggregate($count as counted)',
  )
})

test('more rows are counted by the pages of their keys', async (t) => {
  const body = { error: { code: '0x8004e023', message: 'AggregateQueryRecordLimit exceeded' } }
  const server = await serve(t, { counted: 5000, aggregate: { status: 400, body } })
  const count = await server.client().count('accounts', where.eq('statecode', 0), { exact: true })
  assert.deepEqual(count, { value: 55_007, exact: true })
  const page = server.requests.find(({ query }) => query.get('$select') === 'accountid')
  assert.equal(page?.query.get('$filter'), 'statecode eq 0')
})

test('another failure of the aggregate is told', async (t) => {
  const aggregate = { status: 403, body: { error: { code: '0x80040220', message: 'no' } } }
  const server = await serve(t, { counted: 5000, aggregate })
  await assert.rejects(server.client().count('accounts', undefined, { exact: true }), {
    code: 'forbidden',
  })
})

test('the number that the service keeps is called a snapshot, and is of the whole table', async (t) => {
  const server = await serve(t, { counted: 0 })
  const client = server.client()
  assert.deepEqual(await client.count('accounts', undefined, { snapshot: true }), {
    value: 123_456,
    exact: false,
    snapshot: true,
  })
  assert.match(server.requests[1]?.path ?? '', /EntityNames=@p1\)\?@p1=%5B%22account%22%5D$/)
  await assert.rejects(client.count('accounts', 'a eq 1', { snapshot: true }), {
    code: 'invalid_argument',
  })
})
