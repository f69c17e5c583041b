import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { startSandboxClient } from '../dataverse/sandbox-client.ts'
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
  await assert.rejects(fetch('<fetch><entity name="acount"/></fetch>'), /acount/)
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
