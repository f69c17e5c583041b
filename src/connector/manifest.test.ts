import assert from 'node:assert/strict'
import { test } from 'node:test'
import { actions, findEntry, manifest, triggers } from './manifest.ts'

test('the manifest is data, and loses nothing as JSON', () => {
  assert.deepEqual(JSON.parse(JSON.stringify(manifest)), manifest)
})

test('every trigger and action is named once and found by its name', () => {
  const entries = [...triggers, ...actions]
  assert.equal(new Set(entries.map(({ name }) => name)).size, entries.length)
  for (const entry of entries) assert.equal(findEntry(entry.name), entry)
  assert.equal(findEntry('toString'), undefined)
})

test('the fields of an entry stand in an order of their own, and dropdowns have options', () => {
  for (const entry of [...manifest.triggers, ...manifest.actions]) {
    const fields = Object.values(entry.fields)
    assert.equal(new Set(fields.map(({ order }) => order)).size, fields.length)
    for (const field of fields) {
      const choosable = field.model !== undefined || field.options !== undefined
      assert.equal(choosable, field.viewClass === 'SelectView', field.label)
    }
  }
})

test('what always goes in and comes out is described, what depends on the form is left to it', () => {
  const entryOf = (name: string) => manifest.actions.find((entry) => entry.name === name)
  const raw = Object(entryOf('makeRawRequest'))
  assert.deepEqual(raw.input.required, ['url', 'method'])
  assert.deepEqual(raw.input.properties.method.enum, ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'])
  assert.deepEqual(Object.keys(raw.output.properties), ['statusCode', 'headers', 'responseBody'])
  const { input, output } = Object(entryOf('lookupObject'))
  assert.deepEqual([input, output], [undefined, undefined])
})
