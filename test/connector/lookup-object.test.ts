import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { ConnectorError, findEntry } from '../../src/connector/index.ts'
import { collect } from '../../src/dataverse/index.ts'
import { startSandboxClient } from '../dataverse/sandbox-client.ts'
import { answerDefinitions } from '../support/account-definitions.ts'
import { startDataverseServer } from '../support/dataverse-server.ts'
import { refused, runEntry } from './run-entry.ts'

const { client } = await startSandboxClient({ after }, { rows: 40 })
const [known] = await collect(client.rows('accounts', { top: 1 }), 1)
const account = Object(known)

const lookUp = (config: object, lookupCriteriaValue: unknown) =>
  runEntry(client, 'lookupObject', { objectType: 'account', ...config }, { lookupCriteriaValue })

const byId = (value: unknown, more: object = {}) =>
  lookUp({ lookupCriteria: 'accountid', ...more }, value)

test('a row is found by its id, with braces too, and by another column', async () => {
  for (const value of [account.accountid, `{${account.accountid.toUpperCase()}}`]) {
    const [row] = await byId(value)
    assert.equal(Object(row).name, account.name)
  }
  const [row] = await lookUp({ lookupCriteria: 'accountnumber' }, account.accountnumber)
  assert.equal(Object(row).accountid, account.accountid)
})

test('a value never changes the question', async () => {
  await refused(byId("x' or 1 eq 1"), 'lookupCriteriaValue', 'invalid_field')
  const quoted = lookUp({ lookupCriteria: 'name' }, "O'Bryan' or name ne '")
  await refused(quoted, 'lookupCriteriaValue', 'no_object_found')
})

test('no row is an error, or an empty object where that is allowed', async () => {
  const nobody = '00000000-0000-4000-8000-000000000000'
  await refused(byId(nobody), 'lookupCriteriaValue', 'no_object_found')
  assert.deepEqual(await byId(nobody, { allowZeroResults: 'true' }), [{}])
})

test('several rows are an error that counts them', async () => {
  const looking = lookUp({ lookupCriteria: 'statecode' }, 0)
  const { value } = await client.count('accounts', 'statecode eq 0')
  await assert.rejects(looking, (error) => {
    assert.ok(error instanceof ConnectorError)
    assert.deepEqual([error.code, error.facts['count']], ['several_objects_found', String(value)])
    return true
  })
})

test('rows beyond 5000 are counted as at least so many', async (t) => {
  const server = await startDataverseServer(t, (request) => {
    const body = request.path.includes('$count') ? '5000' : { value: [{}, {}] }
    return answerDefinitions(request) ?? { body }
  })
  const config = { objectType: 'account', lookupCriteria: 'statecode' }
  const input = { lookupCriteriaValue: 0 }
  await assert.rejects(
    runEntry(server.client(), 'lookupObject', config, input),
    /at least 5000 rows of account were found/,
  )
})

test('a value may be left out only where that is allowed', async () => {
  for (const nothing of [undefined, null, '', ' ']) {
    await refused(byId(nothing), 'lookupCriteriaValue', 'missing_field')
    assert.deepEqual(await byId(nothing, { allowCriteriaToBeOmitted: true }), [{}])
  }
})

test('a column that rows cannot be looked up by is named', async () => {
  await refused(lookUp({ lookupCriteria: 'accountid2' }, 'x'), 'lookupCriteria', 'unknown_column')
  await refused(lookUp({ lookupCriteria: '' }, 'x'), 'lookupCriteria', 'missing_field')
})

test('the id and the alternate keys stand first among the criteria, and all can be searched', async () => {
  const entry = findEntry('lookupObject')
  const ask = (config: object, search?: string) =>
    entry?.options('lookupCriteria', {
      config: { ...config },
      dataverse: client,
      limit: 1000,
      ...(search === undefined ? {} : { search }),
    })
  const options = (await ask({ objectType: 'account' })) ?? []
  assert.equal(options[0]?.value, 'accountid')
  const keys = options.filter(({ label }) => label.includes('alternate key'))
  assert.deepEqual(options.slice(1, 1 + keys.length), keys)
  assert.ok(options.length > 50)
  assert.equal(new Set(options.map(({ value }) => value)).size, options.length)
  const found = await ask({ objectType: 'account' }, 'Account Number')
  assert.ok(found?.some(({ value }) => value === 'accountnumber'))
  await refused(Promise.resolve(ask({})), 'objectType', 'missing_field')
})

test('the form knows the type of the value and whether it may be left out', async () => {
  const schema = async (config: object) =>
    Object(
      await findEntry('lookupObject')?.inputSchema({
        config: { objectType: 'account', ...config },
        dataverse: client,
      }),
    )
  const byNumber = await schema({ lookupCriteria: 'numberofemployees' })
  assert.deepEqual(byNumber.required, ['lookupCriteriaValue'])
  assert.equal(byNumber.properties.lookupCriteriaValue.type, 'integer')
  const optional = await schema({ lookupCriteria: 'name', allowCriteriaToBeOmitted: true })
  assert.deepEqual(optional.required, [])
  assert.deepEqual(optional.properties.lookupCriteriaValue.type, ['string', 'null'])
})
