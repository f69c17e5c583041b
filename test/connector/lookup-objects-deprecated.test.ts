import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { findEntry } from '../../src/connector/index.ts'
import { startSandboxClient } from '../dataverse/sandbox-client.ts'
import { answerDefinitions } from '../support/account-definitions.ts'
import { startDataverseServer } from '../support/dataverse-server.ts'
import { refused, runEntry } from './run-entry.ts'

const ROWS = 40
const { client } = await startSandboxClient({ after }, { rows: ROWS })

const lookUp = (emitBehavior: string, input: unknown) =>
  runEntry(client, 'lookupObjectsDeprecated', { objectType: 'account', emitBehavior }, input)

const results = (message: unknown): readonly unknown[] => Object(message).results

test('all rows are one message, or one message each', async () => {
  const [all, another] = await lookUp('', {})
  assert.equal(results(all).length, ROWS)
  assert.equal(another, undefined)
  assert.equal((await lookUp('emitIndividually', {})).length, ROWS)
})

test('criteria all have to hold', async () => {
  const searchCriteria = [
    { fieldName: 'revenue', operator: 'gt', fieldValue: '1000' },
    { fieldName: 'statecode', operator: 'eq', fieldValue: 0 },
  ]
  const [all] = await lookUp('emitAll', { searchCriteria })
  assert.ok(results(all).length > 0)
  for (const row of results(all)) {
    assert.ok(Object(row).revenue > 1000)
    assert.equal(Object(row).statecode, 0)
  }
})

test('a criterion without an operator is one of equality, and no criteria are all rows', async () => {
  const [first] = results((await lookUp('emitAll', { searchCriteria: '' }))[0])
  const { accountid: fieldValue } = Object(first)
  const searchCriteria = [{ fieldName: 'accountid', fieldValue }]
  assert.deepEqual(results((await lookUp('emitAll', { searchCriteria }))[0]), [first])
})

test('one page is given by its number, from 0; beyond the last there is an empty one', async () => {
  const page = async (pageNumber: unknown) =>
    results((await lookUp('emitPage', { pageNumber, pageSize: '15' }))[0])
  const pages = [await page(0), await page('1'), await page(2)]
  assert.deepEqual(
    pages.map((rows) => rows.length),
    [15, 15, 10],
  )
  const ids = pages.flat().map((row) => Object(row).accountid)
  assert.equal(new Set(ids).size, ROWS)
  assert.deepEqual(await page(7), [])
})

test('a page of no rows is their number', async () => {
  assert.deepEqual(await lookUp('emitPage', { pageSize: 0 }), [
    { totalCountOfMatchingResults: ROWS },
  ])
  const searchCriteria = [{ fieldName: 'name', operator: 'eq', fieldValue: '🚀' }]
  assert.deepEqual(await lookUp('emitPage', { pageSize: 0, searchCriteria }), [
    { totalCountOfMatchingResults: 0 },
  ])
})

test('what cannot be looked up by is named', async () => {
  const one = (criterion: unknown) => lookUp('emitAll', { searchCriteria: [criterion] })
  await refused(lookUp('emitAll', { searchCriteria: 'name' }), 'searchCriteria')
  const name = { fieldName: 'name', operator: 'eq', fieldValue: 'x' }
  await refused(lookUp('emitAll', { searchCriteria: Array(100).fill(name) }), 'searchCriteria')
  await refused(one('name'), 'searchCriteria.0')
  await refused(one({ operator: 'eq', fieldValue: 1 }), 'searchCriteria.0.fieldName')
  await refused(
    one({ fieldName: 'nmae', operator: 'eq', fieldValue: 1 }),
    'searchCriteria.0.fieldName',
  )
  await refused(one({ fieldName: 'name', operator: 'like' }), 'searchCriteria.0.operator')
  await refused(one({ fieldName: 'name', operator: 5 }), 'searchCriteria.0.operator')
  await refused(
    one({ fieldName: 'revenue', operator: 'eq', fieldValue: 'x' }),
    'searchCriteria.0.fieldValue',
  )
  await refused(lookUp('emitPage', { pageSize: 5001 }), 'pageSize')
  await refused(lookUp('emitNothing', {}), 'emitBehavior')
})

test('more rows than one message may have are refused before all of them are held', async (t) => {
  const PAGE = 5_000
  const value = Array.from({ length: PAGE }, () => ({}))
  const server = await startDataverseServer(t, (request, origin) => {
    const page = Number(request.query.get('$skiptoken') ?? 1)
    const nextLink = `${origin}/api/data/v9.2/accounts?$skiptoken=${page + 1}`
    const more = page < 20 ? { '@odata.nextLink': nextLink } : {}
    return answerDefinitions(request) ?? { body: { value, ...more } }
  })
  const config = { objectType: 'account' }
  const looking = runEntry(server.client(), 'lookupObjectsDeprecated', config, {})
  await refused(looking, 'searchCriteria', 'too_many_objects')
  const pages = server.requests.filter(({ path }) => path.includes('/accounts')).length
  assert.ok(pages <= 12, `${pages} pages`)
})

test('its form asks for a page only where one is emitted', async () => {
  const propertiesFor = async (emitBehavior: string) => {
    const config = { objectType: 'account', emitBehavior }
    const schema = await findEntry('lookupObjectsDeprecated')?.inputSchema({
      config,
      dataverse: client,
    })
    return Object.keys(Object(schema?.['properties']))
  }
  assert.deepEqual(await propertiesFor('emitAll'), ['searchCriteria'])
  assert.deepEqual(await propertiesFor('emitPage'), ['searchCriteria', 'pageNumber', 'pageSize'])
})

test('it is marked as deprecated', () => {
  assert.equal(findEntry('lookupObjectsDeprecated')?.deprecated, true)
})
