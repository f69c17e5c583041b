import assert from 'node:assert/strict'
import { test } from 'node:test'
import { table } from './table.ts'

test('columns line up under their headings', () => {
  assert.equal(
    table(
      ['name', 'city'],
      [
        ['Adatum', 'Köln'],
        ['B', undefined],
      ],
    ),
    ['name    city', '──────  ────', 'Adatum  Köln', 'B'].join('\n'),
  )
})

test('wide characters take two cells', () => {
  const [, , wide, narrow] = table(
    ['a', 'b'],
    [
      ['日本', 'x'],
      ['ab', 'y'],
    ],
  ).split('\n')
  assert.deepEqual([wide, narrow], ['日本  x', 'ab    y'])
})

test('a long cell is cut and keeps to one line', () => {
  const text = table(['a'], [[`one\ntwo ${'x'.repeat(80)}`]]).split('\n')[2] ?? ''
  assert.equal([...text].length, 44)
  assert.match(text, /^one two x+…$/)
})

test('on a narrow terminal the widest columns give way', () => {
  const rows = [['0b58f4b9', 'x'.repeat(40), 'y'.repeat(30)]]
  const lines = table(['id', 'name', 'address'], rows, { colour: false, columns: 50 }).split('\n')
  assert.equal(lines[2], `0b58f4b9  ${'x'.repeat(18)}…  ${'y'.repeat(18)}…`)
})
