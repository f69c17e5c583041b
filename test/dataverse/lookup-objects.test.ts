import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { ConnectorError, findEntry, verifyConnection } from '../../src/connector/index.ts'
import { collect } from '../../src/dataverse/index.ts'
import { bodiesOf, runContext } from '../support/run-context.ts'
import { startSandboxClient } from './sandbox-client.ts'

const { client } = await startSandboxClient({ after }, { rows: 300 })

type Fields = Readonly<Record<string, unknown>>

const run = (name: string, config: Fields, input: Fields) => {
  const action = findEntry(name)
  assert.ok(action)
  return bodiesOf(action.run(runContext(client, config, input)))
}

const lookUp = (config: Fields, input: Fields = {}) =>
  run('lookupObjects', { objectType: 'account', ...config }, input)

test('the connection verifies', async () => {
  const { user, organization } = await verifyConnection(client)
  assert.equal(user.organizationId, organization.id)
})

test('search terms find what the same expression finds', async () => {
  const terms = {
    sTerm_1: { fieldName: 'revenue', condition: 'gt', fieldValue: '500000' },
    link_1_2: 'and',
    sTerm_2: { fieldName: 'name', condition: 'contains', fieldValue: 'a' },
    link_2_3: 'or',
    sTerm_3: { fieldName: 'statecode', condition: 'in', fieldValue: [1] },
  }
  const config = { selectFields: 'name', pageSize: 1000, emitBehavior: 'emitPage' }
  const simple = await lookUp({ ...config, termNumber: 3 }, terms)
  const filterExpression = "revenue gt 500000 and contains(name,'a') or statecode eq 1"
  const expert = await lookUp({ ...config, expertMode: true }, { filterExpression })
  assert.ok(simple.length > 0)
  assert.deepEqual(simple, expert)
})

test('expanded lookups come along, and rows come one by one', async () => {
  const rows = await lookUp(
    { selectFields: 'name,primarycontactid', expandFields: 'primarycontactid,createdby' },
    {
      sTerm_1: { fieldName: 'primarycontactid', condition: 'ne', fieldValue: null },
      sTerm_2: undefined,
    },
  )
  assert.ok(rows.length > 100)
  for (const row of rows.slice(0, 5)) {
    const { _primarycontactid_value, primarycontactid, createdby } = Object(row)
    assert.equal(primarycontactid.contactid, _primarycontactid_value)
    assert.equal(typeof createdby.systemuserid, 'string')
  }
})

test('a lookup is searched by an id with braces', async () => {
  const [row] = await collect(client.rows('accounts', { select: ['_ownerid_value'], top: 1 }), 1)
  const owner = row?.['_ownerid_value']
  const fieldValue = `{${String(owner).toUpperCase()}}`
  const found = await lookUp(
    { selectFields: 'ownerid', pageSize: 1000 },
    { sTerm_1: { fieldName: 'ownerid', condition: 'eq', fieldValue } },
  )
  assert.ok(found.length > 0)
  assert.ok(found.every((one) => Object(one)._ownerid_value === owner))
})

test('a wrong table or column names its neighbours', async () => {
  const remedy = (pattern: RegExp) => (error: unknown) => {
    assert.ok(error instanceof ConnectorError)
    assert.match(error.explanation.remedy, pattern)
    return true
  }
  await assert.rejects(lookUp({ objectType: 'acount' }), remedy(/Did you mean account/))
  await assert.rejects(lookUp({ selectFields: 'nam' }), remedy(/name/))
})

test('a raw request answers with status, headers and body', async () => {
  const [body] = await run('makeRawRequest', {}, { url: 'WhoAmI', method: 'get' })
  const { statusCode, headers, responseBody } = Object(body)
  assert.equal(statusCode, 200)
  assert.equal(headers['odata-version'], '4.0')
  assert.equal(typeof responseBody.UserId, 'string')
})
