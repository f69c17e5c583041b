import { isObject, type JsonObject } from '../../src/kernel/index.ts'

/**
 * Writes a JSON Schema as the platform's metadata, which is of an older draft: `required` stands at the
 * property itself, a type is one name, and whatever has a name has a title.
 */
export function metaModelOf(schema: JsonObject): JsonObject {
  return property(schema, false)
}

function property(schema: JsonObject, required: boolean): JsonObject {
  const { type, properties, required: names, items, anyOf, ...rest } = schema
  const wanted = new Set(Array.isArray(names) ? names : [])
  const first = Array.isArray(anyOf)
    ? anyOf.find((one) => isObject(one) && one['type'] !== 'null')
    : {}
  const kind = typeName(type ?? (isObject(first) ? first['type'] : undefined)) ?? 'object'
  return {
    ...pick(rest),
    type: kind,
    ...(required ? { required } : {}),
    ...(kind === 'array' && isObject(items) ? { items: property(items, false) } : {}),
    ...(kind === 'object' && isObject(properties)
      ? {
          properties: Object.fromEntries(
            Object.entries(properties).flatMap(([name, one], index) =>
              isObject(one)
                ? [
                    [
                      name,
                      { ...named(name, property(one, wanted.has(name))), order: 10_000 - index },
                    ],
                  ]
                : [],
            ),
          ),
        }
      : {}),
  }
}

// `statusCode` becomes “Status Code”.
function named(name: string, schema: JsonObject): JsonObject {
  const words = name.replace(/(?<=[a-z])(?=[A-Z])|_+/g, ' ').trim()
  return { title: words.charAt(0).toUpperCase() + words.slice(1), ...schema }
}

const KEPT = [
  'title',
  'description',
  'enum',
  'enumNames',
  'maxLength',
  'minimum',
  'maximum',
  'format',
  'default',
  'readOnly',
]

function pick(schema: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(schema).filter(([key]) => KEPT.includes(key)))
}

function typeName(type: unknown): string | undefined {
  const names: readonly unknown[] = Array.isArray(type) ? type : [type]
  return names.filter((one) => typeof one === 'string').find((name) => name !== 'null')
}
