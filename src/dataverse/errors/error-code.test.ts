import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { normaliseErrorCode } from './error-code.ts'

test('hex codes in any case come out lower-case and eight digits long', () => {
  assert.equal(normaliseErrorCode('0x8004F504'), '0x8004f504')
  assert.equal(normaliseErrorCode('0X80040217'), '0x80040217')
  assert.equal(normaliseErrorCode('0x1'), '0x00000001')
})

test('signed and unsigned decimals name the same code as their hex form', () => {
  assert.equal(normaliseErrorCode('-2147220969'), '0x80040217')
  assert.equal(normaliseErrorCode('2147746327'), '0x80040217')
  assert.equal(normaliseErrorCode(-2147220969), '0x80040217')
})

test('zero stays a code of its own, and what is no code is undefined', () => {
  assert.equal(normaliseErrorCode('0x0'), '0x0')
  assert.equal(normaliseErrorCode(0), '0x0')
  for (const none of ['', '  ', 'NotFound', '0x', '0x123456789', '99999999999', null, {}, 1.5]) {
    assert.equal(normaliseErrorCode(none), undefined)
  }
})

test('every spelling of a code gives one form, which stays as it is', () => {
  fc.assert(
    fc.property(fc.integer({ min: -0x8000_0000, max: 0x7fff_ffff }), (code) => {
      const hex = (code >>> 0).toString(16)
      const spellings = [
        code,
        code >>> 0,
        `${code}`,
        `${code >>> 0}`,
        `0x${hex}`,
        `0X${hex}`.toUpperCase(),
      ]
      const forms = new Set(spellings.map((spelling) => normaliseErrorCode(spelling)))
      assert.equal(forms.size, 1)
      const [form] = forms
      assert.match(form ?? '', /^0x([0-9a-f]{8}|0)$/)
      assert.equal(normaliseErrorCode(form), form)
    }),
    { numRuns: 200 },
  )
})
