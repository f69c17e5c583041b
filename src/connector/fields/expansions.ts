import {
  type DataverseClient,
  DataverseError,
  isLookup,
  nearNames,
  partiesRelation,
  propertyOf,
  type TableDefinition,
} from '../../dataverse/index.ts'
import type { JsonObject } from '../../kernel/index.ts'
import { quoted, unknownName } from '../connector-error.ts'
import { titleOf } from './column-json.ts'
import { splitNames } from './columns.ts'
import { rowSchema } from './row-schema.ts'

const FIELD = { key: 'expandFields', label: 'Expand fields' }

/** A way from a row to the rows that come along with it. */
export interface Expansion {
  /** The navigation property, in the service's own case, under which they come. */
  readonly property: string
  readonly target: string
  /** Whether there can be many of them. */
  readonly many: boolean
  readonly title: string
}

/**
 * Finds what a list of names expands. A lookup is named by its column, which stands for all its targets, or
 * by one of its navigation properties; the parties of an activity by a role such as `to`; what else a row has
 * many of, by the navigation property.
 *
 * @throws ConnectorError `unknown_column`, with the names that are near
 */
export function expansionsOf(
  table: TableDefinition,
  list: string | undefined,
): readonly Expansion[] {
  const found = splitNames(list).flatMap((name) => expansionsNamed(table, name))
  return [...new Map(found.map((one) => [one.property, one])).values()]
}

function expansionsNamed(table: TableDefinition, name: string): readonly Expansion[] {
  const wanted = name.toLowerCase()
  const single = lookupExpansions(table, wanted)
  if (single.length > 0) return single
  const isRole = table.columns.some(
    ({ type, logicalName }) => type === 'partylist' && logicalName === wanted,
  )
  const many = isRole
    ? partiesRelation(table)
    : table.oneToMany.find(({ property }) => property.toLowerCase() === wanted)
  if (many === undefined) throw unknownExpansion(table, name)
  const { property, target } = many
  return [{ property, target, many: true, title: isRole ? 'Activity parties' : property }]
}

function lookupExpansions({ columns }: TableDefinition, wanted: string): readonly Expansion[] {
  return columns.flatMap((column) => {
    if (!isLookup(column.type)) return []
    const whole = column.logicalName === wanted || propertyOf(column) === wanted
    const ways = column.navigation ?? []
    const chosen = whole ? ways : ways.filter((way) => way.property.toLowerCase() === wanted)
    return chosen.map(({ property, target }) => ({
      property,
      target,
      many: false,
      title: ways.length === 1 ? titleOf(column) : `${titleOf(column)} (${target})`,
    }))
  })
}

/** Describes what comes along, read from the definitions of the tables that it is of. */
export async function expandedProperties(
  expansions: readonly Expansion[],
  dataverse: DataverseClient,
  signal?: AbortSignal,
): Promise<Readonly<Record<string, JsonObject>>> {
  const described = await Promise.all(
    expansions.map(async (one) => [one.property, await expandedSchema(one, dataverse, signal)]),
  )
  return Object.fromEntries(described)
}

async function expandedSchema(
  { target, many, title }: Expansion,
  dataverse: DataverseClient,
  signal: AbortSignal | undefined,
): Promise<JsonObject> {
  const row = await targetSchema(target, dataverse, signal)
  if (many) return { title, type: 'array', readOnly: true, items: row }
  return { ...row, title, type: ['object', 'null'], readOnly: true }
}

// An owner is a user or a team; what the two have in common has no table that could be read.
async function targetSchema(
  target: string,
  dataverse: DataverseClient,
  signal: AbortSignal | undefined,
): Promise<JsonObject> {
  try {
    return rowSchema(await dataverse.metadata.table(target, signal === undefined ? {} : { signal }))
  } catch (error) {
    if (error instanceof DataverseError && error.code === 'unknown_table') return { type: 'object' }
    throw error
  }
}

function unknownExpansion(table: TableDefinition, name: string) {
  const lookups = table.columns.filter(({ type }) => isLookup(type))
  const near = nearNames(name, [
    ...lookups.map((column) => column.logicalName),
    ...table.oneToMany.map(({ property }) => property),
  ])
  const problem = `the table ${table.logicalName} has no lookup ${quoted(name)}`
  return unknownName('unknown_column', FIELD, problem, near, 'lookup')
}
