import fc from 'fast-check'
import { isObject } from '../../src/kernel/index.ts'
import { typesOf } from './strict-schema.ts'

type Schema = Readonly<Record<string, unknown>>

/** Ids of rows that exist, by their tables. */
export type Rows = ReadonlyMap<string, readonly string[]>

const MOST_CHARACTERS = 200
const MOST_PROPERTIES = 12

/** Generates what a schema takes. Lookups lead to rows that exist where there are any of their tables. */
export function valuesOf(schema: unknown, rows: Rows): fc.Arbitrary<unknown> {
  if (!isObject(schema)) return fc.jsonValue()
  const { enum: options } = schema
  if (Array.isArray(options)) return fc.constantFrom(...options)
  const kinds = typesOf(schema).map((type) => kindOf(type, schema, rows))
  return kinds.length === 0 ? fc.jsonValue() : fc.oneof(...kinds)
}

function kindOf(type: string, schema: Schema, rows: Rows): fc.Arbitrary<unknown> {
  const { minimum = -1e15, maximum = 1e15, items } = schema
  switch (type) {
    case 'array':
      return fc.uniqueArray(valuesOf(items, rows), {
        maxLength: 4,
        selector: (one) => JSON.stringify(one),
      })
    case 'boolean':
      return fc.boolean()
    case 'integer':
      return fc.oneof(
        fc.integer({ min: Math.max(Number(minimum), -1000), max: Math.min(Number(maximum), 1000) }),
        fc.maxSafeInteger().map((one) => clamp(one, Number(minimum), Number(maximum))),
      )
    case 'null':
      return fc.constant(null)
    case 'number':
      return numbers(schema, Number(minimum), Number(maximum))
    case 'object':
      return objects(schema, rows)
    default:
      return texts(schema, rows)
  }
}

// Most people's amounts have few digits; any others come, too.
function numbers(schema: Schema, min: number, max: number): fc.Arbitrary<number> {
  const digits = Number(/Up to (\d+) digits/.exec(String(schema['description']))?.[1] ?? 2)
  const unit = 10 ** Math.min(digits, 4)
  const plain = fc
    .integer({ min: -1_000_000, max: 1_000_000 })
    .map((one) => clamp(one / unit, min, max))
  const any = fc.double({ min, max, noNaN: true, noDefaultInfinity: true })
  return fc.oneof({ weight: 9, arbitrary: plain }, { weight: 1, arbitrary: any })
}

function clamp(value: number, min: number, max: number): number {
  return Math.min(Math.max(value, min), max)
}

function texts(schema: Schema, rows: Rows): fc.Arbitrary<string> {
  const {
    format,
    pattern,
    contentEncoding,
    minLength = 0,
    maxLength = MOST_CHARACTERS,
    targets,
  } = schema
  const tables: readonly unknown[] = Array.isArray(targets) ? targets : []
  const known = tables.flatMap((table) => rows.get(String(table)) ?? [])
  if (contentEncoding === 'base64') return fc.base64String({ maxLength: 40 })
  if (format === 'uuid') return known.length > 0 ? fc.constantFrom(...known) : fc.uuid()
  if (format === 'email') return fc.emailAddress()
  if (format === 'date') return moments().map((one) => one.slice(0, 10))
  if (format === 'date-time')
    return fc.tuple(moments(), zones(pattern)).map((parts) => parts.join(''))
  if (pattern !== undefined)
    return fc.bigInt({ min: -(10n ** 19n) + 1n, max: 10n ** 19n - 1n }).map(String)
  const most = Math.min(Number(maxLength), MOST_CHARACTERS)
  return fc
    .string({ unit: 'grapheme', minLength: Number(minLength), maxLength: most })
    .map((text) => [...text].slice(0, most).join(''))
}

function moments(): fc.Arbitrary<string> {
  const years = { min: new Date('1900-01-01'), max: new Date('2100-01-01') }
  const early = { min: new Date('0001-01-01'), max: new Date('9999-12-31') }
  const date = fc.oneof(
    { weight: 9, arbitrary: fc.date({ ...years, noInvalidDate: true }) },
    { weight: 1, arbitrary: fc.date({ ...early, noInvalidDate: true }) },
  )
  const ends = fc.constantFrom(19, 21, 23)
  return fc.tuple(date, ends).map(([one, end]) => one.toISOString().slice(0, end))
}

function zones(pattern: unknown): fc.Arbitrary<string> {
  return pattern === undefined
    ? fc.constantFrom('Z', 'z', '+02:00', '-11:30')
    : fc.constantFrom('Z', 'z')
}

function objects(schema: Schema, rows: Rows): fc.Arbitrary<unknown> {
  const {
    properties = {},
    required = [],
    minProperties = 0,
    maxProperties = MOST_PROPERTIES,
  } = schema
  const known: Schema = isObject(properties) ? properties : {}
  const names = Object.keys(known)
  if (names.length === 0) {
    const name = fc.stringMatching(/^[a-z]{3,12}$/)
    return fc.dictionary(name, fc.string(), { minKeys: Number(minProperties), maxKeys: 2 })
  }
  const must = Array.isArray(required) ? required.map(String) : []
  const others = names.filter((name) => !must.includes(name))
  const most = Math.max(0, Math.min(others.length, Number(maxProperties) - must.length))
  const least = Math.min(most, Math.max(0, Number(minProperties) - must.length))
  return fc
    .subarray(others, { minLength: least, maxLength: most })
    .chain((chosen) => {
      const all = [...must, ...chosen]
      return fc.record(Object.fromEntries(all.map((name) => [name, valuesOf(known[name], rows)])))
    })
    .map((value) => leadSomewhere(value, rows))
}

// Table and id of a reference are chosen apart; together they have to name a row.
function leadSomewhere(value: Readonly<Record<string, unknown>>, rows: Rows): unknown {
  const { table, id } = value
  const known = typeof table === 'string' && typeof id === 'string' ? (rows.get(table) ?? []) : []
  return known.length > 0 ? { ...value, id: known[0] } : value
}
