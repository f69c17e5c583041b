import type { Column, TableDefinition } from '../../dataverse/index.ts'
import { titleOf } from './column-json.ts'

/**
 * Puts columns in the order in which people look for them: the id and the name of the row, what it must
 * have, what it should have, all others by their label, and last what no form of Dynamics' own apps shows.
 */
export function inReadingOrder(
  columns: readonly Column[],
  table: TableDefinition,
): readonly Column[] {
  const places = columns.map((column) => ({
    column,
    rank: rankOf(column, table),
    title: titleOf(column),
  }))
  places.sort((a, b) => a.rank - b.rank || compareLabels(a.title, b.title))
  return places.map(({ column }) => column)
}

// One collator for all comparisons: making one costs more than a thousand of them.
const COLLATOR = new Intl.Collator('en', { numeric: true })

/** Compares labels as a dictionary does: without regard to case, numbers by their size. */
export function compareLabels(a: string, b: string): number {
  return COLLATOR.compare(a, b)
}

function rankOf(column: Column, { primaryIdColumn, primaryNameColumn }: TableDefinition): number {
  const { logicalName, required, hidden, hasDefault } = column
  if (logicalName === primaryIdColumn) return 0
  if (logicalName === primaryNameColumn) return 1
  if (hidden === true) return 5
  if (hasDefault === true) return 4
  if (required === 'application' || required === 'system') return 2
  return required === 'recommended' ? 3 : 4
}
