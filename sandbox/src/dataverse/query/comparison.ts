import type { Column } from '../schema/model.ts'
import type { Database } from '../store/database.ts'
import type { CompareIds } from '../store/id-sorting.ts'
import type { Comparator } from './expression.ts'
import type { Scalar } from './operands.ts'

type Compare = (left: Scalar, right: Scalar) => boolean

/** What compares the values of a column, or of a literal, where they are ids. */
export function idsOf(database: Database, { edm }: Pick<Column, 'edm'>): CompareIds | undefined {
  return edm === 'Edm.Guid' ? database.sorting.compare : undefined
}

/**
 * Makes the comparison of two values of the same type; null is only equal to null. `compareIds` is what decides
 * which of two ids is greater.
 */
export function comparison(operator: Comparator, compareIds?: CompareIds): Compare {
  switch (operator) {
    case 'eq':
      return (left, right) => left === right
    case 'ne':
      return (left, right) => left !== right
    default:
      return compareIds ? comparingIds(compareIds, ordering(operator)) : ordering(operator)
  }
}

function comparingIds(compareIds: CompareIds, test: Compare): Compare {
  return (left, right) =>
    typeof left === 'string' && typeof right === 'string' && test(compareIds(left, right), 0)
}

function ordering(operator: Exclude<Comparator, 'eq' | 'ne'>): Compare {
  switch (operator) {
    case 'gt':
      return (left, right) => left !== null && right !== null && left > right
    case 'ge':
      return (left, right) => left !== null && right !== null && left >= right
    case 'lt':
      return (left, right) => left !== null && right !== null && left < right
    case 'le':
      return (left, right) => left !== null && right !== null && left <= right
  }
}
