import { type Column, isLookup, propertyOf, type TableDefinition } from '../../dataverse/index.ts'
import type { JsonObject } from '../../kernel/index.ts'
import {
  described,
  jsonTypeOf,
  limitsOf,
  meaningOf,
  optionsOf,
  targetNames,
  titleOf,
  titlesOf,
  typeNames,
} from './column-json.ts'
import { inReadingOrder } from './column-order.ts'

/**
 * Describes a row of a table as it comes out: lookups under the names that rows have for them.
 *
 * @param select the properties that are asked for; with none, all that rows have of themselves
 * @param along what is expanded with it, by its properties
 */
export function rowSchema(
  table: TableDefinition,
  select: readonly string[] = [],
  along: Readonly<Record<string, JsonObject>> = {},
): JsonObject {
  const columns = inReadingOrder(shownColumns(table, select), table)
  const titleIn = titlesOf(columns)
  const properties: Record<string, JsonObject> = {}
  for (const column of columns) {
    const schema = columnSchema(column, table)
    if (schema === undefined) continue
    properties[propertyOf(column)] = { ...schema, title: titleIn(column), ...marks(column) }
  }
  return {
    type: 'object',
    title: table.label ?? table.schemaName,
    properties: { ...properties, ...principal(table), ...along },
  }
}

function shownColumns(table: TableDefinition, select: readonly string[]): readonly Column[] {
  const readable = table.columns.filter((column) => column.readable)
  // All columns do not include images.
  // https://learn.microsoft.com/power-apps/developer/data-platform/image-column-data
  if (select.length === 0) return readable.filter(({ type }) => type !== 'image')
  const chosen = new Set(select)
  const wanted = readable.filter((column) => chosen.has(propertyOf(column)))
  const along = new Set(wanted.flatMap(comesAlong))
  return readable.filter(
    (column) =>
      wanted.includes(column) ||
      along.has(column.logicalName) ||
      column.logicalName === table.primaryIdColumn,
  )
}

// What the service adds to a selection: the currency of an amount, the whole of an address.
// https://learn.microsoft.com/power-apps/developer/data-platform/webapi/query/select-columns
function comesAlong({ type, logicalName }: Column): readonly string[] {
  if (type === 'money') return ['transactioncurrencyid']
  const address = /^(address\d)_/.exec(logicalName)?.[1]
  return address === undefined ? [] : [`${address}_composite`]
}

// Users and teams are principals, whose key their rows have beside their own.
function principal({ logicalName }: TableDefinition): Readonly<Record<string, JsonObject>> {
  if (logicalName !== 'systemuser' && logicalName !== 'team') return {}
  return { ownerid: { title: 'Owner Id', type: 'string', format: 'uuid', readOnly: true } }
}

function marks({ creatable, updatable }: Column): JsonObject {
  return creatable || updatable ? {} : { readOnly: true }
}

/** Describes a column's value as rows have it; nothing for a column that rows do not show. */
export function columnSchema(
  column: Column,
  table: TableDefinition,
  { nullable = column.logicalName !== table.primaryIdColumn }: { readonly nullable?: boolean } = {},
): JsonObject | undefined {
  const json = jsonTypeOf(column)
  if (json === undefined) return undefined
  return {
    title: titleOf(column),
    type: typeNames(json, nullable),
    ...json.more,
    ...limitsOf(column),
    ...described([meaningOf(column), noteOf(column)]),
    ...valuesOf(column, table, nullable),
  }
}

function noteOf(column: Column): string | undefined {
  if (isLookup(column.type)) return `The id of a row of ${targetNames(column)}.`
  if (column.type === 'choices') return 'The numbers of the options, separated by commas.'
  if (column.type === 'file') return 'The id of the file, which has actions of its own.'
  return undefined
}

function valuesOf(column: Column, table: TableDefinition, nullable: boolean): JsonObject {
  switch (column.type) {
    case 'choice':
    case 'state':
      return optionsOf(column, nullable)
    case 'status':
      // Rows of all activities have the reasons of their own kinds.
      return table.logicalName === 'activitypointer' ? {} : optionsOf(column, nullable)
    default:
      return isLookup(column.type) ? { targets: column.targets ?? [] } : {}
  }
}
