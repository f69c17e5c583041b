import type { Json } from '../../kernel/index.ts'
import { isLookup } from '../metadata/column-type.ts'
import { nearNames } from '../near-names.ts'
import { type Encoding, type EncodingContext, put, report } from './encoding.ts'
import { waysOf } from './lookup-field.ts'
import { readReference, type Way } from './reference.ts'
import { columnOfProperty } from './row-address.ts'
import { Refusal } from './values/refusal.ts'

/** Writes a binding that the caller spelled out, once its property is put right. */
export type EncodeBinding = (value: unknown, encoding: Encoding, property: string) => void

const BIND = '@odata.bind'

/**
 * Prepares the check of `x@odata.bind`: the service knows the navigation property in one case only, and
 * takes another for an unknown column. What can only mean one property becomes that one.
 *
 * @see https://learn.microsoft.com/power-apps/developer/data-platform/webapi/associate-disassociate-entities-using-web-api
 */
export function bindingEncoder(context: EncodingContext): EncodeBinding {
  const { table } = context
  const single = new Map<string, Way[]>()
  const add = (name: string, way: Way) => {
    const key = name.toLowerCase()
    const known = single.get(key) ?? []
    if (!known.some((one) => one.target === way.target)) single.set(key, [...known, way])
  }
  for (const column of table.columns) {
    if (!isLookup(column.type)) continue
    for (const way of waysOf(column)) {
      add(way.property, way)
      add(column.logicalName, way)
    }
  }
  const many = new Map(
    [...table.oneToMany, ...table.manyToMany].map((one) => [one.property.toLowerCase(), one]),
  )
  return (value, encoding, given) => {
    const property = columnOfProperty(given).toLowerCase()
    const ways = single.get(property)
    const collection = many.get(property)
    if (ways !== undefined) bindOne(value, ways, context, encoding, given)
    else if (collection !== undefined) bindMany(value, collection, context, encoding, given)
    else if (context.unknownColumns === 'pass') put(encoding, `${given}${BIND}`, asJson(value))
    else {
      const names = new Set([...single.values()].flat().map((way) => way.property))
      report(encoding, `${given}${BIND}`, unknownProperty(table.logicalName, given, names))
    }
  }
}

function bindOne(
  value: unknown,
  ways: readonly Way[],
  context: EncodingContext,
  encoding: Encoding,
  given: string,
): void {
  const exact = ways.filter((way) => way.property === given)
  const [clearing] = exact.length > 0 ? exact : ways
  if (value === null && clearing !== undefined) {
    put(encoding, `${clearing.property}${BIND}`, null)
    return
  }
  const reference =
    typeof value === 'string'
      ? readReference(value, ways, context)
      : new Refusal('it is not an address', 'Bind an address such as /contacts(01234567-…).')
  if (reference instanceof Refusal) report(encoding, `${given}${BIND}`, reference)
  else if ('address' in reference) {
    put(encoding, `${reference.way.property}${BIND}`, reference.address)
  }
}

function bindMany(
  value: unknown,
  way: Way,
  context: EncodingContext,
  encoding: Encoding,
  given: string,
): void {
  const addresses: string[] = []
  for (const one of Array.isArray(value) ? value : [value]) {
    const reference = readReference(one, [way], context)
    if (reference instanceof Refusal) report(encoding, `${given}${BIND}`, reference)
    else if ('address' in reference) addresses.push(reference.address)
  }
  put(encoding, `${way.property}${BIND}`, addresses)
}

function unknownProperty(table: string, given: string, names: Iterable<string>): Refusal {
  const near = nearNames(given, names)
  return new Refusal(
    `${table} has no navigation property “${given.slice(0, 100)}”`,
    near.length === 0
      ? 'Name the lookup by its column; the right property is found by the definition.'
      : `Did you mean ${near.map((name) => `${name}${BIND}`).join(' or ')}?`,
  )
}

/** Takes what the caller wants passed on as JSON. */
export function asJson(value: unknown): Json | Refusal {
  try {
    const text = JSON.stringify(value)
    return text === undefined ? new Refusal('it is no JSON', 'Give JSON.') : JSON.parse(text)
  } catch {
    return new Refusal('it is no JSON', 'Give JSON.')
  }
}
