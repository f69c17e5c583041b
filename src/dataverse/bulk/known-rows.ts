import { isObject, type Json, type JsonObject } from '../../kernel/index.ts'
import { parseGuid } from '../address/guid.ts'
import { isLookup } from '../metadata/column-type.ts'
import type { TableDefinition } from '../metadata/table.ts'
import type { Session } from '../session.ts'
import type { BulkItem } from './chunk.ts'

/** A row as it was found by its key. */
export type KnownRow = { readonly [column: string]: unknown }

// Keeps the address below the 32,768 characters that the service reads.
const MOST_BYTES = 12_000
const MOST_IN_ONE = 100

/** Reads the rows that items name, by their identities; the ones that are not there are left out. */
export async function readKnownRows(
  {
    session,
    table,
    entitySetName,
  }: {
    readonly session: Session
    readonly table: TableDefinition
    readonly entitySetName: string
  },
  items: readonly BulkItem[],
  signal: AbortSignal,
): Promise<ReadonlyMap<string, KnownRow>> {
  const found = new Map<string, KnownRow>()
  const select = columnsOf(table, items)
  for (const group of groupsOf(items, table)) {
    const url = new URL(entitySetName, session.api.root)
    const filter = group.map(({ condition }) => condition).join(' or ')
    url.search = `?$select=${select.join(',')}&$filter=${encodeURIComponent(filter)}`
    const answer = await session.json({ url, signal })
    const rows = Array.isArray(answer['value']) ? answer['value'].filter(isObject) : []
    const [first] = group
    if (first === undefined) continue
    for (const row of rows) {
      const identity = identityOfParts(
        first.parts.map(([name]) => [name, literalOf(row[name])] as const),
      )
      found.set(identity, row)
    }
  }
  return found
}

/** What names a row, in one form: capitals and the order of a key's columns make no difference. */
export function identityOf(key: string, primaryIdColumn: string | undefined): string {
  return identityOfParts(partsOf(key, primaryIdColumn))
}

/** Whether a row holds all values of a body; what cannot be compared counts as different. */
export function holdsValues(row: KnownRow, body: JsonObject, table: TableDefinition): boolean {
  return Object.entries(body).every(([name, value]) => {
    if (name.endsWith('@odata.bind')) {
      const column = lookupColumn(table, name.slice(0, -'@odata.bind'.length))
      return column !== undefined && sameReference(row[`_${column}_value`], value)
    }
    return name in row && sameValue(row[name], value)
  })
}

type Part = readonly [name: string, literal: string]

function partsOf(key: string, primaryIdColumn: string | undefined): readonly Part[] {
  const inner = decodeURIComponent(key.slice(1, -1))
  const id = parseGuid(inner)
  if (id !== undefined) return [[primaryIdColumn ?? 'id', id]]
  return [...inner.matchAll(/([^=,]+)=('(?:[^']|'')*'|[^,]*)(?:,|$)/g)].map(
    ([, name = '', literal = '']) => [name, literal],
  )
}

function identityOfParts(parts: readonly Part[]): string {
  return parts
    .map(([name, literal]) => `${name}=${literal.replace(/^'|'$/g, '').toLowerCase()}`)
    .sort()
    .join(',')
}

function literalOf(value: unknown): string {
  if (typeof value !== 'string') return String(value)
  return parseGuid(value) ?? `'${value.replaceAll("'", "''")}'`
}

function* groupsOf(items: readonly BulkItem[], { primaryIdColumn }: TableDefinition) {
  let group: { readonly condition: string; readonly parts: readonly Part[] }[] = []
  let bytes = 0
  for (const { row } of items) {
    const key = row.key ?? (row.id === undefined ? undefined : `(${row.id})`)
    if (key === undefined) continue
    const parts = partsOf(key, primaryIdColumn)
    const written = parts.map(([name, literal]) => `${name} eq ${literal}`).join(' and ')
    const condition = parts.length > 1 ? `(${written})` : written
    const size = encodeURIComponent(condition).length + 8
    if (group.length >= MOST_IN_ONE || (group.length > 0 && bytes + size > MOST_BYTES)) {
      yield group
      group = []
      bytes = 0
    }
    group.push({ condition, parts })
    bytes += size
  }
  if (group.length > 0) yield group
}

/** The columns to read: the keys, and what the rows write, as far as it can be compared. */
function columnsOf(table: TableDefinition, items: readonly BulkItem[]): readonly string[] {
  const known = new Set(
    table.columns.filter(({ readable }) => readable).map((one) => one.logicalName),
  )
  const columns = new Set<string>(
    table.primaryIdColumn === undefined ? [] : [table.primaryIdColumn],
  )
  for (const { row } of items) {
    for (const [name] of partsOf(row.key ?? `(${row.id})`, table.primaryIdColumn)) columns.add(name)
    for (const name of Object.keys(row.body)) {
      if (known.has(name)) columns.add(name)
      const lookup = lookupColumn(table, name.replace(/@odata\.bind$/, ''))
      if (name.endsWith('@odata.bind') && lookup !== undefined) columns.add(`_${lookup}_value`)
    }
  }
  return [...columns]
}

function lookupColumn(table: TableDefinition, property: string): string | undefined {
  return table.columns.find(
    ({ type, navigation }) =>
      isLookup(type) && navigation?.some((one) => one.property === property) === true,
  )?.logicalName
}

function sameReference(found: unknown, bound: Json): boolean {
  if (bound === null) return found === null || found === undefined
  const id = typeof bound === 'string' ? /\(([^()]*)\)$/.exec(bound)?.[1] : undefined
  const guid = id === undefined ? undefined : parseGuid(id)
  return guid !== undefined && typeof found === 'string' && parseGuid(found) === guid
}

function sameValue(found: unknown, sent: Json): boolean {
  if (found === sent) return true
  if (sent === null || sent === '') return found === null || found === undefined
  // Digits that no JavaScript number holds: sent as they are, read as a text.
  if (typeof sent === 'object') return found === JSON.stringify(sent)
  if (typeof found !== 'string' || typeof sent !== 'string') return false
  const [ours, theirs] = [parseGuid(sent), parseGuid(found)]
  if (ours !== undefined) return ours === theirs
  return isTime(sent) && isTime(found) && Math.abs(Date.parse(sent) - Date.parse(found)) < 1000
}

function isTime(text: string): boolean {
  return /^\d{4}-\d\d-\d\dT/.test(text)
}
