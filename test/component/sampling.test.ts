import assert from 'node:assert/strict'
import { test } from 'node:test'
import { rowsIn, sampleOf } from '../../component/src/sampling.ts'

const results = Array.from({ length: 12 }, (_, at) => ({ at }))

test('a page is cut to what a sample has room for', () => {
  assert.equal(rowsIn({ results }), 12)
  assert.deepEqual(sampleOf({ results }, 3), { results: results.slice(0, 3) })
})

test('what has more than a page of rows is one whole thing', () => {
  for (const body of [{ results, count: 12 }, { results: 'all' }, [1, 2], null]) {
    assert.equal(rowsIn(body), 1)
    assert.equal(sampleOf(body, 3), body)
  }
})
