import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { findEntry } from '../../src/connector/index.ts'
import { startSandboxClient } from '../dataverse/sandbox-client.ts'
import { answerDefinitions } from '../support/account-definitions.ts'
import { startDataverseServer } from '../support/dataverse-server.ts'
import { refused, runEntry } from './run-entry.ts'

const { client } = await startSandboxClient({ after }, { rows: 30 })

const fetch = (fetchXml: unknown, config: object = {}) =>
  runEntry(client, 'fetchXmlQuery', { ...config }, { fetchXml })

const count = async (input: object, config: object = {}) => {
  const fields = { objectType: 'account', ...config }
  const [body] = await runEntry(client, 'countObjects', fields, input)
  return Object(body)
}

const query = (attributes = '') =>
  `<fetch ${attributes}><!-- <entity name="nothing"/> --><entity name="account"><attribute name="name"/></entity></fetch>`

test('a FetchXML query is read over all its pages', async () => {
  assert.equal((await fetch(query('count="7"'))).length, 30)
  const pages = await fetch(query('count="7"'), { emitBehavior: 'emitPage' })
  assert.deepEqual(
    pages.map((page) => Object(page).results.length),
    [7, 7, 7, 7, 2],
  )
})

test('an aggregate is one row, and no rows are no message, or one empty page', async () => {
  const entity = '<attribute name="name" alias="n" aggregate="count"/>'
  const xml = `<fetch aggregate="true"><entity name="account">${entity}</entity></fetch>`
  assert.deepEqual(
    (await fetch(xml)).map((row) => Object(row).n),
    [30],
  )
  const condition = '<condition attribute="name" operator="eq" value="🚀"/>'
  const none = `<fetch><entity name="account"><filter>${condition}</filter></entity></fetch>`
  assert.deepEqual(await fetch(none), [])
  assert.deepEqual(await fetch(none, { emitBehavior: 'emitPage' }), [{ results: [] }])
})

test('empty pages of a query before, between and after others are no messages', async (t) => {
  const pages = [[], [{ name: 'a' }], [], [{ name: 'b' }], []]
  const server = await startDataverseServer(t, (request) => {
    const definitions = answerDefinitions(request)
    if (definitions !== undefined) return definitions
    const at = Number(/page="(\d+)"/.exec(request.query.get('fetchXml') ?? '')?.[1] ?? 1)
    const more = '@Microsoft.Dynamics.CRM.morerecords'
    return { body: { value: pages[at - 1], [more]: at < pages.length } }
  })
  const config = { emitBehavior: 'emitPage' }
  const fetchXml = query()
  const bodies = await runEntry(server.client(), 'fetchXmlQuery', config, { fetchXml })
  assert.deepEqual(bodies, [{ results: [{ name: 'a' }] }, { results: [{ name: 'b' }] }])
})

test('what is no query is named', async () => {
  for (const nothing of [undefined, null, ''])
    await refused(fetch(nothing), 'fetchXml', 'missing_field')
  const wrong = [
    7,
    'accounts',
    '<fetch/>',
    '<fetch><entity name=""/></fetch>',
    '<entity name="account"/>',
  ]
  for (const xml of [...wrong, '<fetch><entity name="account">', query('top="1" count="2"')]) {
    await refused(fetch(xml), 'fetchXml', 'invalid_field')
  }
  await refused(fetch('<fetch><entity name="acount"/></fetch>'), 'fetchXml', 'unknown_table')
})

test('rows are counted by search terms, by an expression, or all of them', async () => {
  assert.deepEqual(await count({}), { count: 30, exact: true })
  const term = { fieldName: 'name', condition: 'eq', fieldValue: "O'Neil" }
  assert.deepEqual(await count({ sTerm_1: term }), { count: 0, exact: true })
  const expert = { expertMode: true, exact: true }
  assert.equal((await count({ filterExpression: 'statecode ge 0' }, expert)).count, 30)
  await refused(count({}, expert), 'filterExpression', 'missing_field')
  await refused(count({ sTerm_1: 'x' }), 'sTerm_1', 'invalid_field')
  await refused(count({}, { termNumber: 100 }), 'termNumber', 'invalid_field')
})

test('a count that the service ends at 5000 says so, and goes on where it has to be exact', async (t) => {
  const server = await startDataverseServer(t, (request) => {
    const body = request.path.includes('/$count') ? '5000' : { value: [{ counted: 7_000 }] }
    return answerDefinitions(request) ?? { body }
  })
  const countAll = (config: object) =>
    runEntry(server.client(), 'countObjects', { objectType: 'account', ...config })
  assert.deepEqual(await countAll({}), [{ count: 5_000, exact: false }])
  assert.deepEqual(await countAll({ exact: true }), [{ count: 7_000, exact: true }])
})

test('the form of a count asks for its terms, or for one expression', async () => {
  const schemaOf = async (config: object) => {
    const form = { config: { objectType: 'account', ...config }, dataverse: client }
    return (await findEntry('countObjects')?.inputSchema(form))?.['required']
  }
  assert.deepEqual(await schemaOf({ termNumber: 1 }), ['sTerm_1'])
  assert.deepEqual(await schemaOf({ expertMode: true }), ['filterExpression'])
})
