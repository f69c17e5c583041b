import assert from 'node:assert/strict'
import { test } from 'node:test'
import { accountTable } from '../../../test/support/write-tables.ts'
import { holdsValues, identityOf } from './known-rows.ts'

const ID = '01234567-89ab-cdef-0123-456789abcdef'

test('a row has one identity, however its key is written', () => {
  const same = (...keys: readonly string[]) =>
    assert.equal(new Set(keys.map((key) => identityOf(key, 'accountid'))).size, 1)
  same(`(${ID})`, `(${ID.toUpperCase()})`)
  same("(accountnumber='A-1')", "(accountnumber='a-1')")
  same("(a='x',b=5)", "(b=5,a='X')")
  same("(a='O''B, C',b=1)", `(b=1,a=${encodeURIComponent("'O''B, C'")})`)
  assert.notEqual(identityOf("(a='x')", 'id'), identityOf("(b='x')", 'id'))
})

test('a row holds values that are written otherwise but mean the same, and no others', () => {
  const row = {
    name: 'Contoso',
    revenue: 5,
    createdon: '2026-01-31T13:45:00Z',
    description: null,
    new_large: '9007199254740993',
    _primarycontactid_value: ID,
  }
  const holds = (body: Parameters<typeof holdsValues>[1]) => holdsValues(row, body, accountTable)
  assert.ok(holds({ name: 'Contoso', revenue: 5, description: '' }))
  assert.ok(holds({ createdon: '2026-01-31T13:45:00.000Z' }))
  assert.ok(holds({ 'primarycontactid@odata.bind': `/contacts(${ID.toUpperCase()})` }))
  assert.ok(holds({ new_large: Object(JSON).rawJSON('9007199254740993') }))
  assert.ok(!holds({ new_large: Object(JSON).rawJSON('9007199254740994') }))
  assert.ok(!holds({ name: 'contoso' }))
  assert.ok(!holds({ 'primarycontactid@odata.bind': null }))
  assert.ok(!holds({ 'primarycontactid@odata.bind': "/contacts(lastname='Smith')" }))
  assert.ok(!holds({ telephone1: null }))
})
