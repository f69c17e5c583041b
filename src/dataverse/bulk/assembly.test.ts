import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Assembly } from './assembly.ts'
import type { BulkItem } from './chunk.ts'
import { identityOf } from './known-rows.ts'

const MOST_BYTES = 1_000

function item(index: number, key: string): BulkItem {
  const identity = identityOf(key, 'accountid')
  return { index, row: { body: {}, key }, text: '{}', identity }
}

/** Which rows are in which chunk, when each chunk is done before the next is taken. */
function chunksOf(keys: readonly string[]): readonly (readonly number[])[] {
  const assembly = new Assembly(MOST_BYTES)
  for (const [index, key] of keys.entries()) assembly.add(item(index, key))
  const chunks: (readonly number[])[] = []
  for (;;) {
    const chunk = assembly.take(100, 'together')
    if (chunk === undefined) return chunks
    chunks.push(chunk.items.map(({ index }) => index))
    for (const each of chunk.items) assembly.release(each)
  }
}

test('rows of different keys go in one chunk', () => {
  assert.deepEqual(chunksOf(["(n='a')", "(n='b')", "(m='a')"]), [[0, 1, 2]])
})

const same = {
  capitals: ["(n='Bakery')", "(n='BAKERY')"],
  accents: ["(n='T%C3%BCr')", "(n='Tu%CC%88r')", "(n='tur')"],
  'widths of letters': ["(n='%EF%BC%A1')", "(n='a')"],
  'spaces at the end': ["(n='a%20')", "(n='a')"],
  'the form of a GUID': [
    '(01234567-89AB-CDEF-0123-456789ABCDEF)',
    '(01234567-89ab-cdef-0123-456789abcdef)',
  ],
  'the order of the columns': ["(a='1',b=2)", "(b=2,a='1')"],
}
for (const [what, keys] of Object.entries(same)) {
  test(`rows whose keys differ only in ${what} are never in one chunk, and keep their order`, () => {
    assert.deepEqual(
      chunksOf(keys),
      keys.map((_, index) => [index]),
    )
  })
}

test('a row waits for an earlier one of its key only', () => {
  assert.deepEqual(chunksOf(["(n='a')", "(n='A')", "(n='b')"]), [[0, 2], [1]])
})
