import assert from 'node:assert/strict'
import { type ManifestEntry, manifest } from '../../src/connector/index.ts'
import { isObject } from '../../src/kernel/index.ts'
import type { ServiceCall } from './platform.ts'

/** Every trigger and action, as the platform offers them. */
export const everyEntry: readonly ManifestEntry[] = [...manifest.triggers, ...manifest.actions]

/** Asks the runtime for a part of a form. */
type Ask = (
  question: Pick<ServiceCall, 'configuration' | 'entry' | 'method' | 'model'>,
) => Promise<{
  readonly status: unknown
  readonly data: Readonly<Record<string, unknown>>
}>

/** Fills the form of an entry, and checks all that the platform is told about it. */
export async function goThroughForm(entry: ManifestEntry, ask: Ask): Promise<void> {
  const question = { method: 'getMetaModel', entry: entry.name } as const
  const answer = await ask({ ...question, configuration: await filled(entry, ask) })
  assert.equal(answer.status, 'success', `${entry.name}: ${answer.data['message']}`)
  checkProperties(answer.data['in'], 'in')
  checkProperties(answer.data['out'], 'out')
}

// As a person does it: from top to bottom, each dropdown from what it lists.
async function filled(entry: ManifestEntry, ask: Ask): Promise<Readonly<Record<string, unknown>>> {
  const configuration: Record<string, unknown> = {}
  const fields = Object.entries(entry.fields).toSorted(([, a], [, b]) => a.order - b.order)
  for (const [key, { model, options, required }] of fields) {
    if (options !== undefined) {
      const question = { method: 'selectModel', entry: entry.name, model: options } as const
      const { status, data } = await ask({ ...question, configuration })
      assert.equal(status, 'success', `${entry.name} ${options}: ${data['message']}`)
      const [first] = Object.keys(data)
      if (required) assert.ok(first !== undefined, `${entry.name}.${key} lists nothing`)
      assert.ok(Object.values(data).every((label) => typeof label === 'string' && label !== ''))
      if (required) configuration[key] = key === 'objectType' ? 'account' : first
    } else if (required) {
      const [first] = Object.keys(model ?? {})
      configuration[key] = first
    }
  }
  return configuration
}

// Metadata are of an older draft of JSON Schema: one type, a title, and `required` at the property itself.
function checkProperties(schema: unknown, place: string): void {
  assert.ok(isObject(schema) && typeof schema['type'] === 'string', `${place} has a type`)
  assert.ok([undefined, true, false].includes(Object(schema)['required']), `${place} required`)
  const { properties, items, type, enum: values, enumNames } = schema
  for (const value of Array.isArray(values) ? values : [])
    assert.equal(typeof value, type === 'integer' ? 'number' : type, `${place} has ${value}`)
  if (Array.isArray(enumNames)) assert.equal(enumNames.length, Object(values).length, place)
  for (const [name, one] of Object.entries(Object(properties))) {
    assert.ok(typeof Object(one).title === 'string', `${place}.${name} has a title`)
    checkProperties(one, `${place}.${name}`)
  }
  if (items !== undefined) checkProperties(items, `${place}[]`)
}
