import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { test } from 'node:test'

const EXAMPLES = 84
const HERE = new URL('./', import.meta.url)

/** The numbers in the titles of the tests. */
function tested(): Set<number> {
  const titles = readdirSync(HERE)
    .filter((name) => name.endsWith('.test.ts'))
    .map((name) => readFileSync(new URL(name, HERE), 'utf8'))
    .flatMap((source) => [...source.matchAll(/\btest\(\s*['"`]example (\d+):/g)])
  return new Set(titles.map(([, number]) => Number(number)))
}

/** The numbers in the first column of the table of what is not covered; those with a name beside them in part only. */
function listed(): Map<number, { readonly partly: boolean; readonly why: string }> {
  const readme = readFileSync(new URL('README.md', HERE), 'utf8')
  const rows = [...readme.matchAll(/^\| (\d[^|]*?) *\| ([^|]+?) *\|$/gm)]
  return new Map(
    rows.flatMap(([, first = '', why = '']) => {
      const partly = first.includes('(')
      const numbers = first.replace(/\(.*?\)/g, '').split(',')
      return numbers.map((number) => [Number(number), { partly, why }] as const)
    }),
  )
}

test('every documented example has a test of its number, or a reason why not', () => {
  const numbers = Array.from({ length: EXAMPLES }, (_, index) => index + 1)
  const [tests, reasons] = [tested(), listed()]
  const nowhere = numbers.filter((number) => !tests.has(number) && !reasons.has(number))
  assert.deepEqual(nowhere, [])
  const unknown = [...tests, ...reasons.keys()].filter((number) => !numbers.includes(number))
  assert.deepEqual(unknown, [])
})

test('what is listed as not covered has no test, or says which part has none', () => {
  const tests = tested()
  const both = [...listed()].filter(([number, { partly }]) => tests.has(number) !== partly)
  assert.deepEqual(both, [])
})
