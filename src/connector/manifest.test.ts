import assert from 'node:assert/strict'
import { test } from 'node:test'
import { actions, findAction, manifest } from './manifest.ts'

test('the manifest is data, and loses nothing as JSON', () => {
  assert.deepEqual(JSON.parse(JSON.stringify(manifest)), manifest)
})

test('every action is named once and found by its name', () => {
  const names = actions.map(({ name }) => name)
  assert.equal(new Set(names).size, names.length)
  for (const action of actions) assert.equal(findAction(action.name), action)
  assert.equal(findAction('toString'), undefined)
})

test('the fields of an action stand in an order of their own, and dropdowns have options', () => {
  for (const entry of manifest.actions) {
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
