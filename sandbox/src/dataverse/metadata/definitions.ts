import type { Answer } from '../../exchange.ts'
import { badQuery, notSupported, unknownProperty, unknownSegment, wrongMethod } from '../fault.ts'
import type { Segment } from '../http/address.ts'
import { permitOptions } from '../http/permitted-options.ts'
import { NAMESPACE } from '../query/expression.ts'
import { splitNames } from '../query/options.ts'
import { type ExpandItem, parseExpand } from '../query/parse-expand.ts'
import { parseFilter } from '../query/parse-filter.ts'
import { jsonAnswer, type Request } from '../request.ts'
import { definitionTest } from './definition-filter.ts'
import type { Plain } from './labels.ts'
import {
  castItem,
  castListing,
  entities,
  globalOptionSets,
  isListing,
  type Listing,
  leaf,
  pick,
  relationships,
  single,
} from './listing.ts'

interface Wish {
  readonly select: string | undefined
  readonly filter: string | undefined
  readonly expand: string | undefined
}

/** Answers questions about tables, columns, keys and relationships. */
export function answerDefinitions(
  request: Request,
  first: Segment,
  rest: readonly Segment[],
): Answer {
  checkMethod(request)
  permitOptions(request, ['$select', '$filter', '$expand'])
  const tables = listingOf(request, first.name)
  if (first.key === undefined) {
    const [next, last] = rest
    if (!next) return writeListing(request, tables, first.name)
    if (next.name === '$count') throw notSupported('/$count of definitions')
    if (!next.name.startsWith(NAMESPACE) || !tables.cast || last) throw unknownSegment(next.name)
    const cast = castListing(tables, next.name)
    const place = `${first.name}/${next.name}`
    if (next.key === undefined) return writeListing(request, cast, place)
    return writeItem(request, cast, pick(cast, next.key), place)
  }
  refuseUnservedTable(request, first.key)
  const item = pick(tables, first.key)
  return descend(request, { listing: tables, item, place: first.name }, rest)
}

/** Where an address has come to: one definition, and how it was reached. */
interface Step {
  readonly listing: Listing
  readonly item: Plain
  /** The address without the last key, as the context of an answer names it. */
  readonly place: string
}

function descend(request: Request, step: Step, rest: readonly Segment[]): Answer {
  const { listing, item, place } = step
  const [segment, next, ...more] = rest
  if (!segment) return writeItem(request, listing, item, place)
  const after = next ? [next, ...more] : []
  if (segment.name.startsWith(NAMESPACE)) {
    const cast = castItem(listing, item, segment.name)
    return descend(request, { listing, item: cast, place: `${place}/${segment.name}` }, after)
  }
  const found = listing.expand(item, segment.name)
  if (found === undefined) throw unknownSegment(segment.name)
  const here = `${withKey(step)}/${segment.name}`
  if (!isListing(found)) {
    if (next) throw unknownSegment(next.name)
    return writeItem(request, single(found), found, here)
  }
  if (segment.key !== undefined) {
    const inner = { listing: found, item: pick(found, segment.key), place: here }
    return descend(request, inner, after)
  }
  if (!next) return writeListing(request, found, here)
  if (!next.name.startsWith(NAMESPACE)) throw unknownSegment(next.name)
  const cast = castListing(found, next.name)
  const there = `${here}/${next.name}`
  if (next.key !== undefined) {
    return descend(request, { listing: cast, item: pick(cast, next.key), place: there }, more)
  }
  if (more[0]) throw unknownSegment(more[0].name)
  return writeListing(request, cast, there)
}

/** The key comes after the set or collection, before a cast. */
function withKey({ item, place }: Step): string {
  const key = `(${String(item['MetadataId'])})`
  const at = place.lastIndexOf(`/${NAMESPACE}`)
  return at < 0 || place.indexOf('/', at + 1) >= 0
    ? place + key
    : place.slice(0, at) + key + place.slice(at)
}

function listingOf(request: Request, set: string): Listing {
  const { schema } = request.database
  if (set === 'RelationshipDefinitions') return relationships(schema)
  if (set !== 'GlobalOptionSetDefinitions') return entities(schema)
  // The documents say so: one is found by its id or name only.
  if (request.options.filter !== undefined)
    throw badQuery('The query parameter $filter is not supported for GlobalOptionSetDefinitions.')
  return globalOptionSets(schema)
}

function checkMethod({ method }: Request): void {
  if (method === 'POST' || method === 'PUT') throw notSupported('changing definitions')
  if (method !== 'GET' && method !== 'HEAD') throw wrongMethod(method)
}

/** A table that exists elsewhere and not here is not called unknown. */
function refuseUnservedTable(request: Request, key: string): void {
  const name = /^LogicalName='([^']*)'$/.exec(key)?.[1] ?? ''
  if (request.database.schema.unserved.has(name)) throw notSupported(`the table ${name}`)
}

function writeListing(request: Request, listing: Listing, place: string): Answer {
  const value = apply(listing, request.options)
  const context = `${request.base}/$metadata#${place}${contextColumns(request.options)}`
  return jsonAnswer(request, JSON.stringify({ '@odata.context': context, value }))
}

function writeItem(request: Request, listing: Listing, item: Plain | null, place: string): Answer {
  if (!item) return { status: 204 }
  if (request.options.filter !== undefined)
    throw badQuery('$filter can be applied only on collections.')
  const shown = withContexts(
    request,
    { listing, item, place },
    show(listing, item, request.options),
  )
  const context = `${request.base}/$metadata#${place}${contextColumns(request.options)}/$entity`
  return jsonAnswer(request, JSON.stringify({ '@odata.context': context, ...shown }))
}

/** The choices that are expanded carry a context of their own. */
function withContexts(request: Request, step: Step, shown: Plain): Plain {
  const names = ['OptionSet', 'GlobalOptionSet']
  return Object.fromEntries(
    Object.entries(shown).flatMap(([name, value]) =>
      names.includes(name) && value !== null
        ? [
            [`${name}@odata.context`, `${request.base}/$metadata#${withKey(step)}/${name}/$entity`],
            [name, value],
          ]
        : [[name, value]],
    ),
  )
}

function apply(listing: Listing, wish: Wish): Plain[] {
  const [sample] = listing.items
  if (!sample) return []
  const test =
    wish.filter === undefined
      ? undefined
      : definitionTest(parseFilter(wish.filter), listing.type, sample)
  return listing.items
    .filter((item) => test?.(item) ?? true)
    .map((item) => show(listing, item, wish))
}

/** A definition with the chosen properties; its id is always there. */
function show(listing: Listing, item: Plain, wish: Wish): Plain {
  const names = wish.select === undefined ? undefined : splitNames(wish.select)
  for (const name of names ?? [])
    if (!Object.hasOwn(item, name) || listing.ofCast?.has(name))
      throw unknownProperty(name, listing.type)
  const shown: Record<string, unknown> = {}
  for (const [name, value] of Object.entries(item)) {
    if (!names || names.includes(name) || name === 'MetadataId' || name === '@odata.type')
      shown[name] = value
  }
  for (const expansion of parseExpand(wish.expand)) {
    if (expansion.top !== undefined || expansion.orderby !== undefined || expansion.reference) {
      throw notSupported('$top, $orderby and $ref in an $expand of definitions')
    }
    shown[expansion.name] = expanded(listing, item, expansion)
  }
  return shown
}

function expanded(listing: Listing, item: Plain, expansion: ExpandItem): unknown {
  const found = listing.expand(item, expansion.name)
  if (found === undefined) throw unknownProperty(expansion.name, listing.type)
  if (!isListing(found)) return found && show(leaf('OptionSetMetadata', [found]), found, expansion)
  return apply(found, expansion)
}

function contextColumns({ select, expand }: Wish): string {
  const names = [
    ...(select === undefined ? [] : splitNames(select)),
    ...parseExpand(expand).map(contextItem),
  ]
  return names.length === 0 ? '' : `(${names.join(',')})`
}

function contextItem({ name, select, expand }: ExpandItem): string {
  return `${name}${contextColumns({ select, filter: undefined, expand })}`
}
