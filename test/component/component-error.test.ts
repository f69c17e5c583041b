import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ComponentError, plainError } from '../../component/src/component-error.ts'

const explanation = { what: 'It failed.', why: 'For a reason.', remedy: 'Do this.' }

test('an error is plain: its code, its words, and by the stack what it was caused by', () => {
  const first = new TypeError('Adatum is no number')
  const second = new ComponentError('platform_api_failed', { ...explanation, cause: first })
  const plain = plainError(
    new ComponentError('object_storage_failed', { ...explanation, cause: second }),
  )
  assert.equal(plain.constructor, Error)
  assert.equal(plain.name, 'object_storage_failed')
  assert.equal(plain.message, 'It failed. For a reason. Do this.')
  const heads = plain.stack
    ?.split('\n')
    .filter((line) => !/^\s+at .*component-error\.test|^\s+at /.test(line))
  assert.deepEqual(heads, [
    'object_storage_failed: It failed. For a reason. Do this.',
    'Caused by: platform_api_failed',
    'Caused by: TypeError',
  ])
  assert.doesNotMatch(JSON.stringify(plain) + plain.stack, /Adatum/)
})

test('what nobody foresaw is told without its words, also where it causes itself', () => {
  const failure = new RangeError('Adatum is too long')
  failure.cause = failure
  const plain = plainError(failure)
  assert.equal(plain.name, 'internal')
  assert.match(plain.stack ?? '', /component-error\.test/)
  assert.doesNotMatch(`${plain.message}${plain.stack}`, /Adatum/)
  assert.equal(plainError('Adatum').name, 'internal')
  assert.doesNotMatch(`${plainError('Adatum').stack}`, /Adatum/)
})
