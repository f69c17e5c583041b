import { type Column, isLookup, propertyOf, type TableDefinition } from '../../dataverse/index.ts'
import type { JsonObject } from '../../kernel/index.ts'
import { jsonTypeOf, limitsOf, optionsOf, titleOf } from './column-json.ts'

/** Describes a row of a table as it comes out: lookups under the names that rows have for them. */
export function rowSchema(table: TableDefinition, select: readonly string[] = []): JsonObject {
  const chosen = new Set(select)
  const properties: Record<string, JsonObject> = {}
  for (const column of table.columns) {
    const name = propertyOf(column)
    const wanted =
      chosen.size === 0 || chosen.has(name) || column.logicalName === table.primaryIdColumn
    const schema = wanted && isVisible(column) ? columnSchema(column, table) : undefined
    if (schema !== undefined) properties[name] = { ...schema, ...marks(column) }
  }
  return { type: 'object', title: table.label ?? table.schemaName, properties }
}

function isVisible(column: Column): boolean {
  return column.readable && column.attributeOf === undefined
}

function marks({ creatable, updatable }: Column): JsonObject {
  return creatable || updatable ? {} : { readOnly: true }
}

/** Describes a column's value as rows have it; nothing for a column that rows do not show. */
export function columnSchema(column: Column, table: TableDefinition): JsonObject | undefined {
  const json = jsonTypeOf(column)
  if (json === undefined) return undefined
  const { type, ...rest } = json
  const always = column.logicalName === table.primaryIdColumn
  return {
    title: titleOf(column),
    type: always ? type : [type, 'null'],
    ...rest,
    ...limitsOf(column),
    ...valuesOf(column, !always),
  }
}

function valuesOf(column: Column, nullable: boolean): JsonObject {
  switch (column.type) {
    case 'choice':
    case 'state':
    case 'status':
      return optionsOf(column, nullable)
    case 'choices':
      return { description: 'The numbers of the options, separated by commas.' }
    case 'file':
      return { description: 'The id of the file, which has actions of its own.' }
    default:
      return isLookup(column.type) ? { targets: column.targets ?? [] } : {}
  }
}
