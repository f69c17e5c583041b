import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Column, ColumnType, TableDefinition } from '../../dataverse/index.ts'
import { rowSchema } from './row-schema.ts'
import { type WriteKind, writeSchema } from './write-schema.ts'

const column = (
  logicalName: string,
  type: ColumnType,
  label: string,
  more: Partial<Column> = {},
): Column => ({
  ...{ logicalName, schemaName: logicalName, type, label, required: 'none' },
  ...{ readable: true, creatable: true, updatable: true },
  ...more,
})

const readOnly = { creatable: false, updatable: false }

// As an exported definition of lead has them.
const lead: TableDefinition = {
  ...{ logicalName: 'lead', schemaName: 'Lead', entitySetName: 'leads', label: 'Lead' },
  ...{ primaryIdColumn: 'leadid', primaryNameColumn: 'fullname' },
  ...{ intersect: false, isActivity: false, changeTracking: true, optimisticConcurrency: true },
  columns: [
    column('versionnumber', 'bigint', 'Version Number', { ...readOnly, hidden: true }),
    column('importsequencenumber', 'integer', 'Import Sequence Number', {
      updatable: false,
      hidden: true,
    }),
    column('subject', 'string', 'Topic', { required: 'application', maxLength: 300 }),
    column('estimatedvalue', 'double', 'Est. Value', { precision: 2 }),
    column('estimatedamount', 'money', 'Est. Value', { minValue: 0, precision: 2 }),
    column('statuscode', 'status', 'Status Reason', {
      required: 'application',
      hasDefault: true,
      choices: [
        { value: 1, label: 'Open', state: 0 },
        { value: 2, label: 'Lost', state: 1 },
        { value: 3, label: 'Lost', state: 2 },
      ],
    }),
    column('leadid', 'uniqueidentifier', 'Lead', { required: 'system', updatable: false }),
    column('fullname', 'string', 'Name', readOnly),
    column('firstname', 'string', 'First Name', { required: 'recommended' }),
    column('entityimage', 'image', 'Default Image', { attributeOf: 'entityimageid', hidden: true }),
    column('entityimage_url', 'string', 'Image address', {
      ...readOnly,
      attributeOf: 'entityimageid',
      hidden: true,
    }),
    column('lastused', 'datetime', 'Last Used', { creatable: false }),
    column('opens', 'datetime', 'Opens', { dateBehavior: 'timeZoneIndependent' }),
    column('large', 'bigint', 'Large'),
    column('contract', 'file', 'Contract', { hidden: true }),
    column('territoryid', 'lookup', 'Territory', { targets: ['territory'], navigation: [] }),
    column('hidden_name', 'string', 'Territory Name', {
      ...readOnly,
      readable: false,
      attributeOf: 'territoryid',
    }),
  ],
  ...{ keys: [], oneToMany: [], manyToMany: [] },
}

const naming = { properties: { id: { title: 'Entity ID' } }, required: [] }
const form = (kind: WriteKind) => Object(writeSchema(lead, kind, naming))

test('a form begins with what names the row, then what it must and should have; hidden columns end it', () => {
  assert.deepEqual(Object.keys(form('upsert').properties), [
    ...['id', 'subject', 'firstname', 'estimatedvalue', 'estimatedamount', 'large', 'lastused'],
    ...['opens', 'statuscode', 'entityimage', 'importsequencenumber'],
  ])
  const names = Object.keys(Object(rowSchema(lead)).properties)
  assert.deepEqual(names.slice(0, 4), ['leadid', 'fullname', 'subject', 'firstname'])
  assert.deepEqual(names.slice(-3), ['entityimage_url', 'importsequencenumber', 'versionnumber'])
})

test('columns that share a label have their logical names in the title, options their numbers', () => {
  const { properties } = Object(rowSchema(lead))
  assert.equal(properties.estimatedamount.title, 'Est. Value (estimatedamount)')
  assert.equal(properties.estimatedvalue.title, 'Est. Value (estimatedvalue)')
  assert.equal(properties.subject.title, 'Topic')
  assert.deepEqual(properties.statuscode.enumNames, ['Open', 'Lost (2)', 'Lost (3)', ''])
})

test('a new row requires what nobody fills in for it; an update requires nothing', () => {
  assert.deepEqual(form('create').required, ['subject'])
  assert.deepEqual(form('update').required, [])
  assert.deepEqual(form('upsert').required, [])
  assert.deepEqual(form('upsert').anyOf, [{ required: ['id'] }, { required: ['subject'] }])
  const { subject, lastused, importsequencenumber } = form('upsert').properties
  assert.equal(subject.description, 'Required to create a row.')
  assert.equal(lastused.description, 'Only of a row that is there already.')
  assert.equal(importsequencenumber.description, 'Only of a row that is created.')
})

test('what cannot be written is not in a form: read-only columns, files, lookups that lead nowhere', () => {
  for (const kind of ['create', 'update', 'upsert'] as const) {
    const { properties } = form(kind)
    const readOnly = ['fullname', 'versionnumber', 'leadid', 'entityimage_url']
    for (const name of [...readOnly, 'territoryid', 'contract'])
      assert.equal(properties[name], undefined, `${kind} ${name}`)
  }
  assert.equal(form('create').properties.lastused, undefined)
  assert.equal(form('update').properties.importsequencenumber, undefined)
})

test('images come when they are selected, and names of lookups’ rows never', () => {
  assert.equal(Object(rowSchema(lead)).properties.entityimage, undefined)
  assert.equal(Object(rowSchema(lead)).properties.hidden_name, undefined)
  const chosen = Object(rowSchema(lead, ['entityimage', 'subject'])).properties
  assert.deepEqual(Object.keys(chosen), ['leadid', 'subject', 'entityimage'])
})

test('numbers have the bounds of their type where the definition has none', () => {
  const { estimatedamount, large, opens } = form('create').properties
  assert.deepEqual([estimatedamount.minimum, estimatedamount.maximum], [0, 922_337_203_685_477])
  assert.deepEqual(large.type, ['integer', 'string', 'null'])
  assert.equal(large.maximum, Number.MAX_SAFE_INTEGER)
  assert.deepEqual([opens.format, opens.pattern], ['date-time', '[Zz]$'])
})
