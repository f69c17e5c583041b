import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { DataverseError } from '../errors/dataverse-error.ts'
import { literal } from '../query/literal.ts'
import { formatRowKey, type RowKey } from './row-key.ts'

const refused = (key: RowKey) =>
  assert.throws(
    () => formatRowKey(key),
    (error) => error instanceof DataverseError,
  )

test('an id is written without braces, in lower case', () => {
  assert.equal(
    formatRowKey('{0123ABCD-89AB-CDEF-0123-456789ABCDEF}'),
    '(0123abcd-89ab-cdef-0123-456789abcdef)',
  )
  refused('0123')
})

test('an alternate key is written column by column', () => {
  assert.equal(
    formatRowKey({
      firstname: "Jo'e",
      number: 7,
      _primarycontactid_value: literal('guid', '0123abcd-89ab-cdef-0123-456789abcdef'),
    }),
    "(firstname='Jo''e',number=7,_primarycontactid_value=0123abcd-89ab-cdef-0123-456789abcdef)",
  )
  refused({})
  refused({ 'a=1,b': 'x' })
})

test('a text that the service cannot read as a key is refused', () => {
  for (const value of ['a/b', 'a&b', '50%', 'a+b', 'a?b', 'a:b', 'a\\b']) refused({ key: value })
})

test('no value of a key reaches beyond the key', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme', maxLength: 30 }), (text) => {
      fc.pre(!/[/<>*%&:\\?+\0]/.test(text))
      const url = new URL(`accounts${formatRowKey({ accountnumber: text })}`, 'https://x.test/api/')
      assert.equal(url.search + url.hash, '')
      assert.equal(
        decodeURIComponent(url.pathname),
        `/api/accounts(accountnumber='${text.replaceAll("'", "''")}')`,
      )
    }),
    { numRuns: 200 },
  )
})
