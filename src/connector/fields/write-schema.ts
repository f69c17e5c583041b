import { type Column, isLookup, type TableDefinition } from '../../dataverse/index.ts'
import type { JsonObject } from '../../kernel/index.ts'
import { jsonTypeOf, limitsOf, optionsOf, titleOf } from './column-json.ts'

/** What rows are written for. */
export type WriteKind = 'create' | 'update' | 'upsert'

/** How a row is named: the properties for it, and those of them that have to be there. */
export interface Naming {
  readonly properties: Readonly<Record<string, JsonObject>>
  readonly required: readonly string[]
}

/** Describes a row of a table as it is given to be written: what can be written, under its own names. */
export function writeSchema(
  table: TableDefinition,
  kind: WriteKind,
  naming: Naming = { properties: {}, required: [] },
): JsonObject {
  const properties: Record<string, JsonObject> = { ...naming.properties }
  const required = new Set(naming.required)
  for (const column of table.columns) {
    const { logicalName } = column
    const schema = isWritable(column, table, kind) ? inputSchema(column, table) : undefined
    if (schema === undefined || logicalName in properties) continue
    properties[logicalName] = schema
    if (kind !== 'update' && isRequired(column)) required.add(logicalName)
  }
  return {
    type: 'object',
    title: table.label ?? table.schemaName,
    properties,
    required: [...required],
  }
}

/** Describes the value of one column as it is given to be written; nothing where none can be. */
export function inputSchema(column: Column, table: TableDefinition): JsonObject | undefined {
  const title = titleOf(column)
  if (isLookup(column.type)) return { title, ...lookupInput(column) }
  if (column.type === 'partylist') return table.isActivity ? { title, ...PARTIES } : undefined
  const json = jsonTypeOf(column)
  if (json === undefined) return undefined
  const { type, ...rest } = json
  const nullable = column.required === 'none' || column.required === 'recommended'
  if (column.type === 'choices') return { title, ...choicesInput(column) }
  return {
    title,
    type: nullable ? [type, 'null'] : type,
    ...rest,
    ...limitsOf(column),
    ...(column.type === 'boolean' ? {} : optionsOf(column, nullable)),
  }
}

function isWritable(column: Column, table: TableDefinition, kind: WriteKind): boolean {
  const { creatable, updatable, attributeOf, type, logicalName } = column
  if (attributeOf !== undefined || type === 'file' || logicalName === table.primaryIdColumn) {
    return false
  }
  if (kind === 'create') return creatable
  // The parties of an activity are replaced apart from its row.
  if (kind === 'update') return updatable && type !== 'partylist'
  return creatable || updatable
}

// The system gives these a value by itself.
const FILLED = new Set<Column['type']>(['boolean', 'choice', 'owner', 'state', 'status'])

function isRequired({ required, creatable, type }: Column): boolean {
  if (!creatable) return false
  return required === 'application' || (required === 'system' && !FILLED.has(type))
}

// One target is told by its id alone; among several the table has to be named.
function lookupInput({ targets = [] }: Column): JsonObject {
  const [only] = targets
  if (only !== undefined && targets.length === 1) {
    return {
      type: ['string', 'object', 'null'],
      description: `An id, or the values of an alternate key of ${only} as an object.`,
      targets,
    }
  }
  return {
    type: ['object', 'null'],
    description: 'The table and the id of a row, or its alternate key as key.',
    required: ['table'],
    properties: {
      table: { title: 'Table', type: 'string', ...(targets.length > 0 ? { enum: targets } : {}) },
      id: { title: 'Id', type: 'string', format: 'uuid' },
      key: { title: 'Alternate key', type: 'object' },
    },
    targets,
  }
}

const PARTIES: JsonObject = {
  type: ['array', 'null'],
  description: 'E-mail addresses, or rows as objects with table and id.',
  items: { type: ['string', 'object'] },
}

function choicesInput(column: Column): JsonObject {
  return {
    type: ['array', 'null'],
    uniqueItems: true,
    items: { type: 'integer', ...optionsOf(column, false) },
  }
}
