import { type Filter, propertyOf, type TableDefinition, where } from '../../dataverse/index.ts'
import { isObject, type JsonObject } from '../../kernel/index.ts'
import { invalidField, missingField } from '../connector-error.ts'
import type { Option, OptionsContext } from '../entry.ts'
import { columnFilter, searchableColumns } from './column-filter.ts'
import { titleOf, titlesOf } from './column-json.ts'
import { compareLabels } from './column-order.ts'
import { findColumn, splitNames } from './columns.ts'
import { readChosenTable } from './object-type.ts'
import { columnSchema } from './row-schema.ts'
import { searchOptions } from './search-options.ts'

const CRITERIA = { key: 'lookupCriteria', label: 'Lookup Criteria' }

/** The input field that holds what to look for. */
export const CRITERIA_VALUE = { key: 'lookupCriteriaValue', label: 'Lookup Criteria Value' }

/**
 * Lists what rows of the chosen table can be looked up by: the id, the alternate keys, and then every
 * other column that can be searched. A key of several columns stands as `columnA,columnB`.
 */
export async function lookupCriteria(context: OptionsContext): Promise<readonly Option[]> {
  return searchOptions(criteriaOf(await readChosenTable(context)), context)
}

function criteriaOf(table: TableDefinition): readonly Option[] {
  const byName = new Map(table.columns.map((column) => [column.logicalName, column]))
  const labelOf = (name: string) => byName.get(name)?.label ?? name
  const id = table.primaryIdColumn
  const unique = [
    ...(id === undefined ? [] : [{ value: id, label: `${labelOf(id)} (${id})` }]),
    ...table.keys.map(({ columns }) => ({
      value: columns.join(','),
      label: `${columns.map(labelOf).join(' + ')} (${columns.join(', ')}, alternate key)`,
    })),
  ]
  const taken = new Set(unique.map(({ value }) => value))
  const others = searchableColumns(table)
    .filter(({ logicalName }) => !taken.has(logicalName))
    .map((column) => ({
      value: column.logicalName,
      label: `${titleOf(column)} (${column.logicalName})`,
    }))
    .sort((a, b) => compareLabels(a.label, b.label))
  return [...unique, ...others]
}

/** Makes the condition of one criterion and its value. @throws ConnectorError naming the field */
export function criteriaFilter(table: TableDefinition, criteria: string, value: unknown): Filter {
  const columns = columnsOf(criteria)
  const single = columns.length === 1
  return where.and(
    ...columns.map((column) => {
      const key = single ? CRITERIA_VALUE.key : `${CRITERIA_VALUE.key}.${column}`
      return columnFilter(table, {
        column,
        condition: 'eq',
        value: single ? value : partOf(value, column),
        columnField: CRITERIA,
        valueField: { key, label: CRITERIA_VALUE.label },
      })
    }),
  )
}

/**
 * Describes the value of one criterion, for forms: no null, which stands for no value at all, unless the
 * criterion may be left out.
 */
export function criteriaSchema(
  table: TableDefinition,
  criteria: string,
  { optional }: { readonly optional: boolean },
): JsonObject {
  const columns = columnsOf(criteria).map((name) => findColumn(table, name, CRITERIA))
  const [first] = columns
  if (first !== undefined && columns.length === 1) {
    const value = columnSchema(first, table, { nullable: optional })
    return { ...value, title: CRITERIA_VALUE.label }
  }
  const titleIn = titlesOf(columns)
  const parts = columns.map((column) => {
    const title = titleIn(column)
    return [
      propertyOf(column),
      { ...columnSchema(column, table, { nullable: false }), title },
    ] as const
  })
  return {
    title: CRITERIA_VALUE.label,
    type: optional ? ['object', 'null'] : 'object',
    required: columns.map(propertyOf),
    properties: Object.fromEntries(parts),
  }
}

function columnsOf(criteria: string): readonly string[] {
  const names = splitNames(criteria)
  if (names.length > 0) return names
  throw missingField(CRITERIA, 'Name a column, or those of an alternate key.')
}

function partOf(value: unknown, column: string): unknown {
  if (!isObject(value)) {
    throw invalidField(
      CRITERIA_VALUE,
      'a key of several columns needs an object with a value for each',
      'Give one value for every column of the key.',
    )
  }
  return value[column] ?? value[`_${column}_value`]
}
