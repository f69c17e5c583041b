import assert from 'node:assert/strict'
import { test } from 'node:test'
import { likeTest } from './like.ts'

test('text is found without regard to case', () => {
  assert.equal(likeTest('COFFEE', 'contains')('Fourth Coffee'), true)
  assert.equal(likeTest('inc.', 'endswith')('Litware, Inc.'), true)
  assert.equal(likeTest('lit', 'startswith')('Fourth Litware'), false)
})

test('the wildcards of the database count', () => {
  assert.equal(likeTest('f%ee', 'startswith')('Fourth Coffee'), true)
  assert.equal(likeTest('c_ff', 'contains')('Fourth Coffee'), true)
  assert.equal(likeTest('[cd]o', 'startswith')('Dodo'), true)
  assert.equal(likeTest('[^cd]o', 'startswith')('Dodo'), false)
  assert.equal(likeTest('[a-c]x', 'startswith')('bx'), true)
})

test('characters of regular expressions stand for themselves', () => {
  assert.equal(likeTest('a.c%', 'contains')('abc'), false)
  assert.equal(likeTest('(sample)_', 'contains')('(sample)!'), true)
  assert.equal(likeTest('%[', 'contains')('a['), true)
})
