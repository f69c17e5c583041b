import type { Clock } from '../../kernel/index.ts'
import { beginCall, type CallOptions } from '../call-options.ts'
import { DataverseError } from '../errors/dataverse-error.ts'
import { nearNames } from '../near-names.ts'
import { propertyOf } from './column.ts'
import type { TableDefinition, TableSummary } from './table.ts'

/** Where the names of an environment come from. */
export interface KnownNames {
  tables(call: CallOptions): Promise<readonly TableSummary[]>
  definition(table: string, call: CallOptions): Promise<TableDefinition>
}

const LONGEST_LOOK_MS = 5_000

/**
 * Adds the names that are near to an error about a table or column that the service does not know. The
 * definitions are looked at only then; where they cannot be read, the error stays as it is.
 */
export async function suggestNames(
  error: unknown,
  names: KnownNames,
  call: CallOptions,
  clock: Clock,
): Promise<unknown> {
  if (!(error instanceof DataverseError) || error.status === undefined) return error
  const { segment, table, column } = error.facts
  const look = beginCall({ ...call, deadlineMs: LONGEST_LOOK_MS }, clock)
  try {
    if (typeof segment === 'string') return withTables(error, segment, await names.tables(look))
    if (typeof table !== 'string' || typeof column !== 'string') return error
    return withColumns(error, column, await names.definition(table, look))
  } catch {
    return error
  }
}

function withTables(
  error: DataverseError,
  segment: string,
  tables: readonly TableSummary[],
): DataverseError {
  const meant = tables.find(({ logicalName }) => logicalName === segment)?.entitySetName
  if (meant !== undefined) {
    return withRemedy(error, [meant], `The entity set of ${segment} is ${meant}: use that.`)
  }
  const near = nearNames(segment, new Set(tables.flatMap((one) => one.entitySetName ?? [])))
  return withRemedy(error, near, `Did you mean ${near.join(' or ')}?`)
}

function withColumns(
  error: DataverseError,
  column: string,
  { columns, oneToMany, manyToMany }: TableDefinition,
): DataverseError {
  const meant = columns.find(({ logicalName }) => logicalName === column)
  if (meant !== undefined && propertyOf(meant) !== column) {
    const property = propertyOf(meant)
    return withRemedy(error, [property], `In queries the lookup ${column} is called ${property}.`)
  }
  const ways = columns.flatMap(({ navigation = [] }) => navigation)
  const properties = [...ways, ...oneToMany, ...manyToMany].map(({ property }) => property)
  const near = nearNames(column, new Set([...columns.map(propertyOf), ...properties]))
  return withRemedy(error, near, `Did you mean ${near.join(' or ')}?`)
}

function withRemedy(error: DataverseError, near: readonly string[], remedy: string) {
  if (near.length === 0) return error
  const { code, explanation, facts, status, dataverseCode, requestId } = error
  return new DataverseError(code, {
    ...explanation,
    remedy,
    ...(status === undefined ? {} : { status }),
    ...(dataverseCode === undefined ? {} : { dataverseCode }),
    ...(requestId === undefined ? {} : { requestId }),
    facts: { ...facts, near },
    cause: error.cause,
  })
}
