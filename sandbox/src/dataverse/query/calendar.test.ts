import assert from 'node:assert/strict'
import { test } from 'node:test'
import { periodOf } from './calendar.ts'

// A Wednesday.
const NOW = Date.UTC(2026, 5, 17, 15, 30)
const span = (name: string, value = '') => {
  const period = periodOf(name, NOW, () => value)
  return period && [new Date(period.from).toISOString(), new Date(period.until).toISOString()]
}

test('days, weeks, months and years begin where the calendar says', () => {
  assert.deepEqual(span('Today'), ['2026-06-17T00:00:00.000Z', '2026-06-18T00:00:00.000Z'])
  assert.deepEqual(span('LastWeek'), ['2026-06-07T00:00:00.000Z', '2026-06-14T00:00:00.000Z'])
  assert.deepEqual(span('NextMonth'), ['2026-07-01T00:00:00.000Z', '2026-08-01T00:00:00.000Z'])
  assert.deepEqual(span('ThisYear'), ['2026-01-01T00:00:00.000Z', '2027-01-01T00:00:00.000Z'])
})

test('counted spans end now or begin now', () => {
  assert.deepEqual(span('LastXHours', '12'), [
    '2026-06-17T03:30:00.000Z',
    '2026-06-17T15:30:00.001Z',
  ])
  assert.deepEqual(span('NextXDays', '2'), ['2026-06-17T15:30:00.000Z', '2026-06-20T00:00:00.000Z'])
})

test('what is older than a span ends at its border', () => {
  assert.equal(periodOf('OlderThanXMonths', NOW, () => '3')?.until, Date.UTC(2026, 2, 17, 15, 30))
})

test('fiscal and unknown names are not made up', () => {
  assert.equal(span('ThisFiscalYear'), undefined)
  assert.equal(span('LastXMinutes', '5'), undefined)
})
