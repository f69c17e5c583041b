import assert from 'node:assert/strict'
import { test } from 'node:test'
import { labelled, paint, width, wrap } from './view.ts'

test('a text is broken at its spaces and hangs below its label', () => {
  const view = { colour: false, columns: 32 }
  assert.deepEqual(
    labelled('  why     ', 'The secret has ended, and no other one is there.', view),
    ['  why     The secret has ended,', '          and no other one is', '          there.'],
  )
})

test('a word that is wider than the line stays whole: addresses can be copied', () => {
  const address = `https://${'a'.repeat(60)}.example`
  assert.deepEqual(wrap(`see ${address} now`, { colour: false, columns: 30 }, 0), [
    'see',
    address,
    'now',
  ])
})

test('where nobody watches nothing is wrapped or coloured', () => {
  const pipe = { colour: false }
  assert.deepEqual(wrap('a '.repeat(200), pipe, 4), ['a '.repeat(200)])
  assert.equal(paint(pipe, 'red', 'text'), 'text')
})

test('cells are counted, not code units', () => {
  assert.deepEqual(['ab', '日本', '👍🏽', 'é'].map(width), [2, 4, 2, 1])
})
