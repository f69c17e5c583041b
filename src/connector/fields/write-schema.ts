import { type Column, isLookup, type TableDefinition, waysOf } from '../../dataverse/index.ts'
import type { JsonObject } from '../../kernel/index.ts'
import {
  boundsOf,
  described,
  jsonTypeOf,
  limitsOf,
  meaningOf,
  optionsOf,
  titleOf,
  titlesOf,
  typeNames,
} from './column-json.ts'
import { inReadingOrder } from './column-order.ts'
import { lookupInput, partiesInput } from './reference-input.ts'

/** What rows are written for. */
export type WriteKind = 'create' | 'update' | 'upsert'

/** How a row is named: the properties for it, and those of them that have to be there. */
export interface Naming {
  readonly properties: Readonly<Record<string, JsonObject>>
  readonly required: readonly string[]
}

/**
 * Describes a row of a table as it is given to be written: what can be written, under its own names. What a
 * new row must have is required of rows that are created. An upsert requires it of rows without a name only,
 * for one with a name may be there already: an update says no more than what changes.
 */
export function writeSchema(
  table: TableDefinition,
  kind: WriteKind,
  naming: Naming = { properties: {}, required: [] },
): JsonObject {
  const columns = inReadingOrder(
    table.columns.filter((column) => isWritable(column, table, kind)),
    table,
  )
  const titleIn = titlesOf(columns)
  const properties: Record<string, JsonObject> = { ...naming.properties }
  const needed: string[] = []
  for (const column of columns) {
    const { logicalName } = column
    const must = kind !== 'update' && isRequired(column)
    if (must) needed.push(logicalName)
    const notes = kind === 'upsert' ? [upsertNote(column, must)] : []
    const schema = logicalName in properties ? undefined : inputSchema(column, table, notes)
    if (schema !== undefined) properties[logicalName] = { ...schema, title: titleIn(column) }
  }
  const required = needed.filter((name) => name in properties)
  return {
    type: 'object',
    title: table.label ?? table.schemaName,
    properties,
    ...(kind === 'upsert'
      ? upsertRequires(naming, required)
      : { required: [...naming.required, ...required] }),
  }
}

function upsertNote({ creatable, updatable, type }: Column, must: boolean): string | undefined {
  if (must) return 'Required to create a row.'
  if (!creatable) return 'Only of a row that is there already.'
  return updatable || type === 'partylist' ? undefined : 'Only of a row that is created.'
}

function upsertRequires({ properties, required }: Naming, needed: readonly string[]): JsonObject {
  if (needed.length === 0) return { required }
  return { required, anyOf: [{ required: Object.keys(properties) }, { required: needed }] }
}

/**
 * Describes the value of one column as it is given to be written; nothing where none can be.
 *
 * @param notes what else is to be known of it
 */
export function inputSchema(
  column: Column,
  table: TableDefinition,
  notes: readonly (string | undefined)[] = [],
): JsonObject | undefined {
  const title = titleOf(column)
  if (isLookup(column.type)) return { title, ...lookupInput(column, notes) }
  if (column.type === 'partylist') {
    return table.isActivity ? { title, ...partiesInput(column, notes) } : undefined
  }
  if (column.type === 'choices') return { title, ...choicesInput(column, notes) }
  const json = jsonTypeOf(column)
  if (json === undefined) return undefined
  const nullable = column.required === 'none' || column.required === 'recommended'
  const options = column.type === 'boolean' ? {} : optionsOf(column, nullable)
  return {
    title,
    type: typeNames(json, nullable),
    ...json.more,
    ...limitsOf(column),
    ...(options['enum'] === undefined ? boundsOf(column) : options),
    ...(isFilled(column) ? { minLength: 1 } : {}),
    ...described([...notes, meaningOf(column), imageNote(column)]),
  }
}

// The service keeps no empty text.
function isFilled({ type, required }: Column): boolean {
  return required === 'system' && ['string', 'memo', 'entityname'].includes(type)
}

function isWritable(column: Column, table: TableDefinition, kind: WriteKind): boolean {
  const { creatable, updatable, type, logicalName } = column
  // Without a navigation property there is no way to set a lookup.
  if (isLookup(type) && waysOf(column).length === 0) return false
  if (type === 'file' || logicalName === table.primaryIdColumn) return false
  if (kind === 'create') return creatable && column.primaryImage !== false
  // The parties of an activity are replaced apart from its row.
  if (kind === 'update') return updatable && type !== 'partylist'
  return creatable || updatable
}

function isRequired({ required, creatable, hasDefault }: Column): boolean {
  return creatable && hasDefault !== true && (required === 'application' || required === 'system')
}

function imageNote({ type, primaryImage }: Column): string | undefined {
  if (type !== 'image') return undefined
  return primaryImage === false ? 'Base64; not with a row that is created.' : 'Base64.'
}

function choicesInput(column: Column, notes: readonly (string | undefined)[]): JsonObject {
  return {
    type: ['array', 'null'],
    ...described(notes),
    uniqueItems: true,
    items: { type: 'integer', ...optionsOf(column, false) },
  }
}
