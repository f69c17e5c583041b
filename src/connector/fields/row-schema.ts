import {
  type Column,
  type ColumnType,
  isLookup,
  propertyOf,
  type TableDefinition,
} from '../../dataverse/index.ts'
import type { JsonObject } from '../../kernel/index.ts'

type JsonType = Readonly<{ type: string; format?: string }>

const TEXT: JsonType = { type: 'string' }
const UUID: JsonType = { type: 'string', format: 'uuid' }
const WHOLE: JsonType = { type: 'integer' }
const NUMBER: JsonType = { type: 'number' }

const TYPES: Readonly<Partial<Record<ColumnType, JsonType>>> = {
  bigint: WHOLE,
  boolean: { type: 'boolean' },
  choice: WHOLE,
  choices: TEXT,
  customer: UUID,
  datetime: { type: 'string', format: 'date-time' },
  decimal: NUMBER,
  double: NUMBER,
  entityname: TEXT,
  file: UUID,
  image: TEXT,
  integer: WHOLE,
  lookup: UUID,
  memo: TEXT,
  money: NUMBER,
  owner: UUID,
  state: WHOLE,
  status: WHOLE,
  string: TEXT,
  uniqueidentifier: UUID,
}

/** Describes a row of a table as it comes out: lookups under the names that rows have for them. */
export function rowSchema(table: TableDefinition, select: readonly string[] = []): JsonObject {
  const chosen = new Set(select)
  const properties: Record<string, JsonObject> = {}
  for (const column of table.columns) {
    const name = propertyOf(column)
    const wanted =
      chosen.size === 0 || chosen.has(name) || column.logicalName === table.primaryIdColumn
    const schema = wanted && isVisible(column) ? columnSchema(column, table) : undefined
    if (schema !== undefined) properties[name] = schema
  }
  return { type: 'object', title: table.label ?? table.schemaName, properties }
}

function isVisible(column: Column): boolean {
  return column.readable && column.attributeOf === undefined
}

/** Describes a column's value as rows have it; nothing for a column that rows do not show. */
export function columnSchema(column: Column, table: TableDefinition): JsonObject | undefined {
  const json = TYPES[column.type]
  if (json === undefined) return undefined
  const { type, ...rest } =
    column.dateBehavior === 'dateOnly' ? { type: 'string', format: 'date' } : json
  const always = column.logicalName === table.primaryIdColumn
  return {
    title: titleOf(column),
    type: always ? type : [type, 'null'],
    ...rest,
    ...(column.maxLength === undefined ? {} : { maxLength: column.maxLength }),
  }
}

function titleOf(column: Column): string {
  const label = column.label ?? column.schemaName
  const targets = isLookup(column.type) ? (column.targets ?? []).join(', ') : ''
  return targets === '' ? label : `${label} (id of ${targets})`
}
