import { isObject, type JsonObject } from '../../src/kernel/index.ts'

/**
 * Writes a JSON Schema as the platform's metadata, which is of an older draft: `required` stands at the
 * property itself, a type is one name and without null, and whatever has a name has a title.
 */
export function metaModelOf(schema: JsonObject): JsonObject {
  return property(schema, false)
}

function property(schema: JsonObject, required: boolean): JsonObject {
  const {
    type,
    properties,
    required: names,
    items,
    anyOf,
    enum: values,
    enumNames,
    ...rest
  } = schema
  const wanted = new Set(Array.isArray(names) ? names : [])
  const first = Array.isArray(anyOf)
    ? anyOf.find((one) => isObject(one) && one['type'] !== 'null')
    : {}
  const kind = typeName(type ?? (isObject(first) ? first['type'] : undefined)) ?? 'object'
  return {
    ...pick(rest),
    ...choices(values, enumNames),
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
  'maxLength',
  'minimum',
  'maximum',
  'format',
  'default',
  'readOnly',
]

function pick(schema: JsonObject): JsonObject {
  return Object.fromEntries(
    Object.entries(schema).filter(([key, value]) => KEPT.includes(key) && !isNoBound(value)),
  )
}

// Any whole number that JavaScript can hold.
function isNoBound(value: unknown): boolean {
  return value === Number.MAX_SAFE_INTEGER || value === Number.MIN_SAFE_INTEGER
}

function choices(values: unknown, names: unknown): JsonObject {
  if (!Array.isArray(values)) return {}
  const isOne = (_: unknown, index: number) => values[index] !== null
  return {
    enum: values.filter(isOne),
    ...(Array.isArray(names) ? { enumNames: names.filter(isOne) } : {}),
  }
}

function typeName(type: unknown): string | undefined {
  const names: readonly unknown[] = Array.isArray(type) ? type : [type]
  return names.filter((one) => typeof one === 'string').find((name) => name !== 'null')
}
