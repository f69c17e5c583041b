import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { metaModelOf } from '../../component/src/meta-model.ts'
import { findEntry } from '../../src/connector/index.ts'
import { startSandboxClient } from '../dataverse/sandbox-client.ts'

const { client } = await startSandboxClient({ after }, { rows: 1 })
const form = async (name: string, config: object) => {
  const entry = findEntry(name)
  const given = { config, dataverse: client }
  return {
    in: Object(metaModelOf(Object(await entry?.inputSchema(given)))),
    out: Object(metaModelOf(Object(await entry?.outputSchema(given)))),
  }
}

test('an upsert shows the id first, then what a new row must have, and demands nothing', async () => {
  const { in: input } = await form('upsertObject', { objectType: 'opportunity' })
  const shown = Object.entries(input.properties).toSorted(
    ([, one], [, other]) => Object(other).order - Object(one).order,
  )
  assert.deepEqual(
    shown.slice(0, 2).map(([name, one]) => [name, Object(one).title]),
    [
      ['id', 'Entity ID'],
      ['name', 'Topic'],
    ],
  )
  assert.ok(shown.every(([, one]) => Object(one).required === undefined))
  assert.equal(input.properties.name.description, 'Required to create a row.')
})

test('a lookup to one table is a text, one to several an object of its table and id', async () => {
  const { properties } = (await form('upsertObject', { objectType: 'opportunity' })).in
  const { originatingleadid, customerid } = properties
  assert.equal(originatingleadid.type, 'string')
  assert.equal(originatingleadid.properties, undefined)
  assert.equal(customerid.type, 'object')
  assert.deepEqual(customerid.properties.table.enum, ['account', 'contact'])
  assert.equal(customerid.properties.table.required, true)
})

test('the value of a search term is a text, its column a choice by label', async () => {
  const { properties } = (await form('lookupObjects', { objectType: 'account', termNumber: 1 })).in
  const { fieldName, condition, fieldValue } = properties.sTerm_1.properties
  assert.equal(fieldValue.type, 'string')
  assert.equal(fieldName.enumNames[fieldName.enum.indexOf('name')], 'Account Name')
  assert.equal(condition.enumNames[condition.enum.indexOf('ge')], 'is at least')
})

test('a row’s lookups have the names that rows have for them, and types of their own', async () => {
  const { properties } = (await form('lookupObjects', { objectType: 'account' })).out
  assert.equal(properties._ownerid_value.title, 'Owner')
  assert.equal(properties.createdon.format, 'date-time')
  assert.equal(properties.numberofemployees.type, 'integer')
})
