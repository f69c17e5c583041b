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

test('the input of Make Raw Request is described', () => {
  const input = Object(manifest.actions.find(({ name }) => name === 'makeRawRequest')?.input)
  assert.deepEqual(input.required, ['url', 'method'])
  assert.deepEqual(input.properties.method.enum, ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'])
})
