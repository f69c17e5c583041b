import type { Column } from '../schema/model.ts'
import type { Rows } from '../store/rows.ts'
import type { Expression, Literal } from './expression.ts'
import { asGuid } from './operands.ts'

/** Finds the few rows that a filter can hold for at all, by an index; undefined when only reading all helps. */
export function indexedCandidates(rows: Rows, filter: Expression): readonly number[] | undefined {
  if (filter.kind === 'and') {
    return indexedCandidates(rows, filter.left) ?? indexedCandidates(rows, filter.right)
  }
  if (filter.kind !== 'compare' || filter.operator !== 'eq') return undefined
  const { left, right } = filter
  if (left.kind !== 'path' || left.segments.length !== 1 || right.kind === 'path') return undefined
  const column = rows.table.byProperty.get(left.segments[0] ?? '')
  if (!column || right.kind === 'alias') return undefined
  return byIndex(rows, column, right)
}

function byIndex(rows: Rows, column: Column, literal: Literal): readonly number[] | undefined {
  const text = literal.kind === 'guid' || literal.kind === 'string' ? literal.value : undefined
  if (text === undefined) return undefined
  const guid = asGuid(text)
  if (column === rows.table.id && guid) return present(rows.slotOf(guid))
  if (column.storage === 'reference' && guid) return rows.related(column, guid)
  const key = rows.table.keys.find(({ columns }) => columns.length === 1 && columns[0] === column)
  return key ? present(rows.slotOfKey(key, [text])) : undefined
}

function present(slot: number | undefined): number[] {
  return slot === undefined ? [] : [slot]
}
