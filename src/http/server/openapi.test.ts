import assert from 'node:assert/strict'
import { test } from 'node:test'
import { isObject } from '../../kernel/index.ts'
import { contract, type Route } from '../contract/index.ts'
import { describeApi } from './openapi.ts'

const described = describeApi({ title: 'Fairlead', url: 'https://hub.example' })
const text = JSON.stringify(described)

test('every route of the contract is described, under its name', () => {
  for (const [name, route] of Object.entries<Route>(contract)) {
    const operation = described.paths[route.path]?.[route.method.toLowerCase()]
    assert.ok(isObject(operation) && operation['operationId'] === name, name)
  }
})

test('every reference leads somewhere', () => {
  const names = [...text.matchAll(/"#\/components\/schemas\/([^"]+)"/g)].map(([, name]) => name)
  assert.ok(names.length > 20)
  for (const name of names) assert.ok(name !== undefined && name in described.components.schemas)
  assert.ok(!text.includes('$defs'))
})

test('every parameter of a path is described and required', () => {
  for (const [path, operations] of Object.entries(described.paths)) {
    const named = [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name)
    for (const operation of Object.values(operations)) {
      assert.ok(isObject(operation) && Array.isArray(operation['parameters']))
      const known = operation['parameters'].filter((one) => one.in === 'path' && one.required)
      assert.deepEqual(known.map(({ name }) => name).sort(), named.sort())
    }
  }
})

// https://spec.openapis.org/oas/v3.1.1.html#operation-object
const OPERATION = new Set([
  ...['operationId', 'tags', 'summary', 'description', 'security', 'x-fairlead-scope'],
  ...['parameters', 'requestBody', 'responses'],
])

test('every operation has the form that OpenAPI gives it', () => {
  for (const [path, operations] of Object.entries(described.paths))
    for (const [method, operation] of Object.entries(operations)) {
      assert.ok(isObject(operation) && isObject(operation['responses']))
      const strange = Object.keys(operation).filter((name) => !OPERATION.has(name))
      assert.deepEqual(strange, [], path)
      for (const answer of Object.values(operation['responses']))
        assert.ok(isObject(answer) && typeof answer['description'] === 'string')
      if (method === 'get') assert.equal(operation['requestBody'], undefined, path)
    }
})

test('no answer has a field for a secret, but the one that shows a new API key', () => {
  for (const [path, operations] of Object.entries(described.paths))
    for (const [method, operation] of Object.entries(operations)) {
      if (path === '/api/v1/api-keys' && method === 'post') continue
      assert.ok(isObject(operation))
      const answers = JSON.stringify(operation['responses'])
      assert.doesNotMatch(
        answers,
        /writeOnly|"(clientSecret|password|privateKeyPem|token|key)":/,
        path,
      )
    }
})

test('what goes in as a secret is marked as write-only', () => {
  const [, body] = /"clientSecret":(\{[^}]*\})/.exec(text) ?? []
  assert.match(body ?? '', /"writeOnly":true/)
})
