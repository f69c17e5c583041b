import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { exitCode } from './exit-code.ts'
import { overview, page } from './help.ts'
import { optionsOf } from './verb.ts'
import { verbs } from './verbs/list.ts'

const manual = readFileSync(join(import.meta.dirname, '../../docs/command-line.md'), 'utf8')

test('the manual names every verb, option and exit code', () => {
  for (const verb of verbs) {
    assert.ok(manual.includes(`\`${verb.name}`), verb.name)
    for (const name of Object.keys(optionsOf(verb))) assert.ok(manual.includes(`--${name}`), name)
  }
  for (const code of Object.values(exitCode))
    assert.match(manual, new RegExp(`^\\| ${code} \\|`, 'm'))
})

test('pages keep to the width of the terminal', () => {
  const view = { colour: false, columns: 80 }
  const lines = [overview(verbs, view), ...verbs.map((verb) => page(verb, view))]
    .join('\n')
    .split('\n')
  assert.ok(lines.length > 100)
  for (const line of lines) assert.ok(line.length <= 80, line)
})

test('the overview names each verb once', () => {
  const names = [...overview(verbs, { colour: false }).matchAll(/^ {2}(\w[\w -]*?) {2,}/gm)]
  const found = names.map(([, name]) => name)
  assert.equal(new Set(found).size, found.length)
  assert.ok(found.includes('credentials list') && !found.includes('credentials'))
})
