import { type Column, propertyOf, type TableDefinition } from '../../dataverse/index.ts'
import type { JsonObject } from '../../kernel/index.ts'
import { searchableColumns } from './column-filter.ts'
import { titlesOf } from './column-json.ts'
import { inReadingOrder } from './column-order.ts'
import { CONDITIONS } from './search-condition.ts'

/** The form of a search term: the property that names the condition is the caller's. */
export function termProperties(
  table: TableDefinition,
  condition: { readonly key: string; readonly title: string },
  nameOf: (column: Column) => string = propertyOf,
): JsonObject {
  const columns = inReadingOrder(searchableColumns(table), table)
  return {
    fieldName: {
      title: 'Field Name',
      type: 'string',
      enum: columns.map(nameOf),
      enumNames: columns.map(titlesOf(columns)),
    },
    [condition.key]: {
      title: condition.title,
      type: 'string',
      enum: Object.keys(CONDITIONS),
      enumNames: Object.values(CONDITIONS),
    },
    fieldValue: {
      title: 'Field Value',
      type: ['string', 'number', 'boolean', 'array', 'null'],
      description:
        'Of the type of the column; for “is one of” a list, or texts with commas between.',
      items: { type: ['string', 'number'] },
    },
  }
}
