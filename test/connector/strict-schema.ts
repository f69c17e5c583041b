import { isObject } from '../../src/kernel/index.ts'

/** What is wrong at one place of a value or a schema. */
export interface Flaw {
  readonly path: string
  readonly what: string
}

/**
 * Checks a value against the part of JSON Schema that forms use, stricter than the standard: a property that
 * the schema does not name, a keyword that is not known and a format that is not kept are flaws too.
 * Annotations, which carry an `@`, are passed over.
 */
export function flawsOf(value: unknown, schema: unknown, path = ''): readonly Flaw[] {
  if (!isObject(schema)) return [{ path, what: 'has no schema' }]
  const flaw = (what: string): readonly Flaw[] => [{ path, what }]
  const names = typesOf(schema)
  if (names.length > 0 && !names.some((name) => TYPES[name]?.(value))) {
    return flaw(`is ${show(value)}, not ${names.join(' or ')}`)
  }
  const { enum: options } = schema
  if (Array.isArray(options) && !options.includes(value)) return flaw(`${show(value)} is no option`)
  if (typeof value === 'string') return textFlaws(value, schema, path)
  if (typeof value === 'number') return numberFlaws(value, schema, path)
  if (Array.isArray(value)) return itemFlaws(value, schema, path)
  return isObject(value) ? propertyFlaws(value, schema, path) : []
}

type Schema = Readonly<Record<string, unknown>>

const TYPES: Readonly<Record<string, (value: unknown) => boolean>> = {
  array: Array.isArray,
  boolean: (value) => typeof value === 'boolean',
  integer: Number.isInteger,
  null: (value) => value === null,
  number: Number.isFinite,
  object: isObject,
  string: (value) => typeof value === 'string',
}

const FORMATS: Readonly<Record<string, RegExp>> = {
  date: /^\d{4}-\d{2}-\d{2}$/,
  'date-time': /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d+)?(Z|[+-]\d{2}:\d{2})$/i,
  email: /^[^\s@]+@[^\s@]+$/,
  uuid: /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/,
}

/** The types that a schema names; none where it takes any. */
export function typesOf({ type }: Schema): readonly string[] {
  const names: readonly unknown[] = Array.isArray(type) ? type : [type]
  return names.filter((name) => typeof name === 'string')
}

function textFlaws(value: string, schema: Schema, path: string): readonly Flaw[] {
  const { format, maxLength, minLength = 0, pattern } = schema
  const flaws: Flaw[] = []
  if (typeof maxLength === 'number' && [...value].length > maxLength) {
    flaws.push({ path, what: `has ${value.length} characters, more than ${maxLength}` })
  }
  if (value.length < Number(minLength)) flaws.push({ path, what: 'is empty' })
  if (typeof pattern === 'string' && !new RegExp(pattern, 'u').test(value)) {
    flaws.push({ path, what: `${show(value)} is not as ${pattern}` })
  }
  if (typeof format === 'string' && FORMATS[format]?.test(value) !== true) {
    flaws.push({ path, what: `${show(value)} is no ${format}` })
  }
  return flaws
}

function numberFlaws(value: number, schema: Schema, path: string): readonly Flaw[] {
  const { minimum = -Infinity, maximum = Infinity } = schema
  return value >= Number(minimum) && value <= Number(maximum)
    ? []
    : [{ path, what: `${value} is not from ${minimum} to ${maximum}` }]
}

function itemFlaws(
  value: readonly unknown[],
  { items, uniqueItems }: Schema,
  path: string,
): readonly Flaw[] {
  const repeated = uniqueItems === true && new Set(value).size < value.length
  return [
    ...(repeated ? [{ path, what: 'repeats an item' }] : []),
    ...value.flatMap((item, index) => flawsOf(item, items, `${path}[${index}]`)),
  ]
}

function propertyFlaws(value: Schema, schema: Schema, path: string): readonly Flaw[] {
  const { properties, required = [], anyOf, minProperties = 0, maxProperties = Infinity } = schema
  const count = Object.keys(value).length
  const counted =
    count >= Number(minProperties) && count <= Number(maxProperties)
      ? []
      : [{ path, what: `has ${count} properties` }]
  if (properties === undefined) return counted
  const known: Schema = isObject(properties) ? properties : {}
  const missing = Array.isArray(required) ? required.filter((name) => !(name in value)) : []
  const one =
    !Array.isArray(anyOf) ||
    anyOf.some((each) => Object(each).required.every((name: string) => name in value))
  return [
    ...counted,
    ...(one ? [] : [{ path, what: 'is as none of its forms' }]),
    ...missing.map((name) => ({ path: `${path}.${name}`, what: 'is missing' })),
    ...Object.entries(value).flatMap(([name, one]) => {
      if (name.includes('@')) return []
      const place = `${path}.${name}`
      return name in known
        ? flawsOf(one, known[name], place)
        : [{ path: place, what: 'is not in the schema' }]
    }),
  ]
}

/** Checks that a form's schema is JSON Schema, of the keywords that forms use, and has a title everywhere. */
export function schemaFlaws(schema: unknown, path = ''): readonly Flaw[] {
  if (!isObject(schema)) return [{ path, what: 'is no schema' }]
  const flaws: Flaw[] = []
  const check = (right: boolean, what: string) => {
    if (!right) flaws.push({ path, what })
  }
  for (const [keyword, value] of Object.entries(schema)) {
    const known = KEYWORDS[keyword]
    check(known?.(value) === true, `${keyword} ${known ? `is ${show(value)}` : 'is not known'}`)
  }
  const { anyOf, enum: options, enumNames, items, properties, required, title } = schema
  check(
    path === '' || path.endsWith('[]') || (typeof title === 'string' && title !== ''),
    'has no title',
  )
  if (Array.isArray(options)) {
    check(
      new Set(options).size === options.length && options.length > 0,
      'has options twice, or none',
    )
    const { enum: _, ...rest } = schema
    for (const option of options) flaws.push(...flawsOf(option, rest, `${path}.enum`))
    if (enumNames !== undefined) {
      check(
        Array.isArray(enumNames) && enumNames.length === options.length,
        'has options without names',
      )
    }
  }
  const known = isObject(properties) ? properties : {}
  const forms: readonly unknown[] = Array.isArray(anyOf) ? anyOf : []
  const needed = [required, ...forms.map((one) => Object(one).required)]
    .filter(Array.isArray)
    .flat()
  check(
    needed.every((name) => name in known),
    `requires what it does not have: ${needed}`,
  )
  return [
    ...flaws,
    ...(items === undefined ? [] : schemaFlaws(items, `${path}[]`)),
    ...Object.entries(known).flatMap(([name, one]) => schemaFlaws(one, `${path}.${name}`)),
  ]
}

const isText = (value: unknown) => typeof value === 'string' && value !== ''
const areTexts = (value: unknown) =>
  Array.isArray(value) && value.every((one) => typeof one === 'string')
const isCount = (value: unknown) => Number.isInteger(value) && Number(value) >= 0

const KEYWORDS: Readonly<Record<string, (value: unknown) => boolean>> = {
  anyOf: (value) => Array.isArray(value) && value.every((one) => areTexts(Object(one).required)),
  contentEncoding: isText,
  description: isText,
  enum: Array.isArray,
  enumNames: areTexts,
  format: (value) => typeof value === 'string' && value in FORMATS,
  items: isObject,
  maxLength: isCount,
  maximum: Number.isFinite,
  minLength: isCount,
  maxProperties: isCount,
  minimum: Number.isFinite,
  minProperties: isCount,
  pattern: isText,
  properties: isObject,
  readOnly: (value) => value === true,
  required: (value) => areTexts(value) && new Set(Object(value)).size === Object(value).length,
  targets: areTexts,
  title: isText,
  type: (value) => {
    const names = typesOf({ type: value })
    return (
      names.length > 0 &&
      names.every((name) => name in TYPES) &&
      new Set(names).size === names.length
    )
  },
  uniqueItems: (value) => typeof value === 'boolean',
}

function show(value: unknown): string {
  return (JSON.stringify(value) ?? String(value)).slice(0, 120)
}

/** Names what is wrong, at most some of it. */
export function told(flaws: readonly Flaw[], what: string): string {
  return [what, ...flaws.slice(0, 10).map((flaw) => `${flaw.path} ${flaw.what}`)].join('\n')
}
