import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { componentJson } from '../../component/src/component-json.ts'
import { manifest } from '../../src/connector/index.ts'

const root = join(import.meta.dirname, '../..')
const readme = readFileSync(join(root, 'component/README.md'), 'utf8')

test('every test that the README names as a proof is there', () => {
  const proofs = [...readme.matchAll(/`((?:src|test)\/[\w/.-]+\.test\.ts)` “([^”]+)” \|/g)]
  assert.ok(proofs.length >= 50)
  for (const [, file = '', name = ''] of proofs) {
    const source = readFileSync(join(root, file), 'utf8')
    assert.ok(source.includes(`test('${name}'`), `${file} has no test “${name}”`)
  }
})

test('every row of the table of fields names its proof', () => {
  const [, table = ''] = /\| reference \|.*\n((?:\|.*\n)+)/.exec(readme) ?? []
  const [, ...rows] = table.trim().split('\n')
  for (const row of rows) assert.match(row, /\| `[\w/.-]+\.test\.ts` “[^”]+” \|$/)
})

test('every trigger and action of the manifest, and each of its fields, is on the page of entries', () => {
  const page = readFileSync(join(root, 'component/TRIGGERS-AND-ACTIONS.md'), 'utf8')
  for (const { name, title, fields } of [...manifest.triggers, ...manifest.actions]) {
    const [, own = ''] = page.split(`### ${title}\n`)
    const described = own.split('\n### ')[0] ?? ''
    assert.ok(described.includes(`\`${name}\``), name)
    for (const key of Object.keys(fields))
      assert.ok(described.includes(`\`${key}\``), `${name}.${key}`)
  }
})

test('the variables of the component are on the page, in its description, and read', () => {
  const { envVars } = Object(componentJson(manifest, '0.0.0'))
  const source = readFileSync(join(root, 'component/src/environment.ts'), 'utf8')
  const namesIn = (text: string) => [...new Set(text.match(/FAIRLEAD_(?!TEST)\w+/g))].toSorted()
  assert.deepEqual(Object.keys(envVars).toSorted(), namesIn(source))
  assert.deepEqual(namesIn(readme), namesIn(source))
})

test('every code that only the component has is told', () => {
  const source = readFileSync(join(root, 'component/src/component-error.ts'), 'utf8')
  const [, union = ''] = /type ComponentErrorCode =((?:\s*\|?\s*'\w+')+)/.exec(source) ?? []
  const codes = [...union.matchAll(/'(\w+)'/g)].map(([, code]) => code)
  assert.ok(codes.length >= 8)
  for (const code of codes) assert.ok(readme.includes(`\`${code}\``), code)
})
