import assert from 'node:assert/strict'
import { test } from 'node:test'
import { z } from 'zod'
import { checkValues } from './check-values.ts'
import { ConnectorError } from './connector-error.ts'
import {
  checkboxField,
  dynamicSelectField,
  integerField,
  momentField,
  optionalDynamicSelectField,
  requiredSelectField,
  selectField,
  textField,
  viewOf,
} from './field.ts'

const schema = z.object({
  emitBehavior: requiredSelectField({ label: 'Emit', order: 1, model: { a: 'A', b: 'B' } }),
  startTime: momentField({ label: 'Start', order: 2 }),
})

const read = (value: unknown) => checkValues(schema, value, 'config', { startTime: 'Start' })

const refuses = (value: unknown, code: string, field: string) =>
  assert.throws(
    () => read(value),
    (error) =>
      error instanceof ConnectorError && error.code === code && error.facts['field'] === field,
  )

test('a moment is read with its zone, a date alone as midnight UTC, a cleared field as nothing', () => {
  const at = (startTime: unknown) => read({ emitBehavior: 'a', startTime }).startTime
  assert.equal(at('2026-01-31T13:45:00Z'), Date.UTC(2026, 0, 31, 13, 45))
  assert.equal(at(' 2026-01-31t14:45:00.5+01:00 '), Date.UTC(2026, 0, 31, 13, 45, 0, 500))
  assert.equal(at('1970-01-01'), 0)
  for (const blank of ['', ' ', null, undefined]) assert.equal(at(blank), undefined)
})

test('a moment in local form, without a zone or on no day of the calendar is refused', () => {
  for (const startTime of ['31.01.2026', '2026-01-31T13:45:00', '2026-02-30', 'now', 5])
    refuses({ emitBehavior: 'a', startTime }, 'invalid_field', 'startTime')
})

test('a choice that has to be made is asked for, and no other is taken', () => {
  refuses({}, 'missing_field', 'emitBehavior')
  refuses({ emitBehavior: 'toString' }, 'invalid_field', 'emitBehavior')
  assert.equal(viewOf(schema.shape.emitBehavior).required, true)
})

const text = { label: 'Field', order: 1 }

test('a field that was cleared is its default, or nothing', () => {
  const model = { a: 'A', b: 'B' }
  const fields = z.object({
    choice: selectField({ ...text, model, default: 'b' }),
    listed: optionalDynamicSelectField({ ...text, options: 'listed', default: 'id' }),
    number: integerField({ ...text, min: 1, max: 9, default: 7 }),
    ticked: checkboxField(text),
    words: textField(text),
  })
  const initial = { choice: 'b', listed: 'id', number: 7, ticked: false }
  for (const blank of ['', ' ', null, undefined]) {
    const given = { choice: blank, listed: blank, number: blank, ticked: blank, words: blank }
    assert.deepEqual(checkValues(fields, given, 'config', {}), { ...initial, words: undefined })
  }
})

test('blanks around a value do not count', () => {
  const fields = z.object({
    chosen: dynamicSelectField({ ...text, options: 'chosen' }),
    number: integerField({ ...text, min: 1, max: 9, default: 7 }),
    words: textField(text),
  })
  const given = { chosen: ' account ', number: ' 1 ', words: ' name ' }
  const read = { chosen: 'account', number: 1, words: 'name' }
  assert.deepEqual(checkValues(fields, given, 'config', {}), read)
})

test('a checkbox is read in every form that one is sent in', () => {
  const read = (ticked: unknown) =>
    checkValues(z.object({ ticked: checkboxField(text) }), { ticked }, 'config', {}).ticked
  for (const yes of [true, 'true', 'TRUE', 'on', 'yes', '1', 1]) assert.equal(read(yes), true)
  for (const no of [false, 'false', 'off', 'no', '0', 0]) assert.equal(read(no), false)
})
