import { unknownTable } from '../errors/unknown-table.ts'
import type { TableDefinition, TableSummary } from '../metadata/table.ts'

/** The tables of an environment by their names, and the definitions of some of them. */
export interface KnownTables {
  readonly all: readonly TableSummary[]
  /** Finds a table by its logical name or its entity set name. */
  find(name: string): TableSummary | undefined
  /** A table's definition, where it is at hand. */
  definition(logicalName: string): TableDefinition | undefined
  /** Finds a table. @throws DataverseError `unknown_table`, with the names that are near */
  require(name: string): TableSummary
}

/** Indexes the tables of an environment; the definitions count as tables too. */
export function knownTables(
  tables: readonly TableSummary[],
  definitions: readonly TableDefinition[] = [],
): KnownTables {
  const byName = new Map<string, TableSummary>()
  const bySet = new Map<string, TableSummary>()
  for (const table of [...tables, ...definitions]) {
    byName.set(table.logicalName, table)
    if (table.entitySetName !== undefined) bySet.set(table.entitySetName, table)
  }
  const defined = new Map(definitions.map((one) => [one.logicalName, one]))
  const find = (name: string) => byName.get(name) ?? bySet.get(name)
  return {
    all: [...byName.values()],
    find,
    definition: (logicalName) => defined.get(logicalName),
    require: (name) => {
      const found = find(name)
      if (found !== undefined) return found
      throw unknownTable(name, new Set([...byName.keys(), ...bySet.keys()]))
    },
  }
}
