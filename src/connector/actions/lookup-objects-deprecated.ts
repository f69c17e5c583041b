import { z } from 'zod'
import {
  type DataverseClient,
  type Filter,
  type Query,
  type Row,
  where,
} from '../../dataverse/index.ts'
import { isObject, type JsonObject } from '../../kernel/index.ts'
import { ConnectorError, invalidField } from '../connector-error.ts'
import type { Output } from '../context.ts'
import { defineAction } from '../define-entry.ts'
import { blankToNothing, integerField, isBlank, selectField } from '../field.ts'
import { columnFilter } from '../fields/column-filter.ts'
import { columnName } from '../fields/columns.ts'
import {
  objectTypeField,
  objectTypes,
  type ReadableTable,
  readTable,
} from '../fields/object-type.ts'
import { rowSchema } from '../fields/row-schema.ts'
import { conditionOf } from '../fields/search-condition.ts'
import { termProperties } from '../fields/term-schema.ts'
import { pageSchema, rowMessages } from '../row-messages.ts'

const CRITERIA = { key: 'searchCriteria', label: 'Search Criteria' }
const PAGE_NUMBER = 'Page Number'
const PAGE_SIZE = 'Page Size'
const MOST_CRITERIA = 99
// All of them are one message, which has to fit into memory.
const MOST_ROWS = 50_000

const config = z.object({
  objectType: objectTypeField(),
  emitBehavior: selectField({
    label: 'Emit Behavior',
    help: 'One message with all rows, with one page of them, or for every row.',
    order: 20,
    model: { emitAll: 'Emit all', emitPage: 'Emit page', emitIndividually: 'Emit individually' },
    default: 'emitAll',
  }),
})

const input = z.looseObject({
  searchCriteria: z.unknown().optional(),
  pageNumber: integerField({
    label: PAGE_NUMBER,
    order: 1,
    min: 0,
    max: 1_000_000,
    default: 0,
  }).meta({ title: PAGE_NUMBER }),
  pageSize: integerField({ label: PAGE_SIZE, order: 2, min: 0, max: 5000, default: 5000 }).meta({
    title: PAGE_SIZE,
  }),
})

/** The look-up of older flows: it goes on working, and new flows have a better one. */
export const lookupObjectsDeprecated = defineAction({
  name: 'lookupObjectsDeprecated',
  title: 'Lookup Objects (plural), deprecated',
  help: 'Finds rows by criteria that all have to hold. Use Lookup Objects (plural) instead.',
  order: 110,
  deprecated: true,
  config,
  input,
  options: { objectTypes },
  inputSchema: async ({ config, dataverse, signal }) => {
    const table = await readTable(dataverse, config.objectType, signal)
    return inputSchemaOf(table, config.emitBehavior === 'emitPage')
  },
  outputSchema: async ({ config, dataverse, signal }) => {
    const row = rowSchema(await readTable(dataverse, config.objectType, signal))
    return config.emitBehavior === 'emitIndividually' ? row : pageSchema(row)
  },
  run: async function* ({ config, input, dataverse, signal }) {
    const table = await readTable(dataverse, config.objectType, signal)
    const filter = criteriaFilter(table, input.searchCriteria)
    const query = filter === undefined ? {} : { filter }
    const look = { dataverse, table, query, signal }
    if (config.emitBehavior === 'emitPage') yield onePage(look, input)
    else if (config.emitBehavior === 'emitAll') yield allRows(look)
    else yield* everyRow(look)
  },
})

interface LookUp {
  readonly dataverse: DataverseClient
  readonly table: ReadableTable
  readonly query: Query
  readonly signal: AbortSignal
}

function everyRow({ dataverse, table, query, signal }: LookUp): AsyncGenerator<Output> {
  const { entitySetName, primaryIdColumn: idColumn } = table
  const pages = dataverse.pages(entitySetName, query, { signal })
  return rowMessages(pages, { byPage: false, idColumn })
}

async function allRows({ dataverse, table, query, signal }: LookUp): Promise<Output> {
  const results: Row[] = []
  for await (const { rows } of dataverse.pages(table.entitySetName, query, { signal })) {
    results.push(...rows)
    if (results.length > MOST_ROWS) throw tooManyRows(table)
  }
  return { kind: 'data', body: { results } }
}

// The service cannot skip rows: the pages before the wanted one are passed over.
async function onePage(
  { dataverse, table, query, signal }: LookUp,
  { pageNumber, pageSize }: { readonly pageNumber: number; readonly pageSize: number },
): Promise<Output> {
  const set = table.entitySetName
  if (pageSize === 0) {
    const { value } = await dataverse.count(set, query.filter, { signal })
    return { kind: 'data', body: { totalCountOfMatchingResults: value } }
  }
  let number = 0
  for await (const { rows } of dataverse.pages(set, query, { pageSize, signal })) {
    if (number === pageNumber) return { kind: 'data', body: { results: rows } }
    number += 1
  }
  return { kind: 'data', body: { results: [] } }
}

function criteriaFilter(table: ReadableTable, criteria: unknown): Filter | undefined {
  if (isBlank(criteria)) return undefined
  if (!Array.isArray(criteria) || criteria.length > MOST_CRITERIA) {
    throw invalidField(
      CRITERIA,
      `it is not a list of at most ${MOST_CRITERIA} criteria`,
      'Give a list of objects with fieldName, operator and fieldValue.',
    )
  }
  if (criteria.length === 0) return undefined
  return where.and(...criteria.map((one, index) => criterionFilter(table, one, index)))
}

function criterionFilter(table: ReadableTable, criterion: unknown, index: number): Filter {
  const key = `${CRITERIA.key}.${index}`
  if (!isObject(criterion)) {
    throw invalidField({ key }, 'it is not an object', 'Give fieldName, operator and fieldValue.')
  }
  const { fieldName, operator, fieldValue } = criterion
  const columnField = { key: `${key}.fieldName`, label: 'Field Name' }
  return columnFilter(table, {
    column: columnName(fieldName, columnField),
    condition: conditionOf(blankToNothing(operator) ?? 'eq', {
      key: `${key}.operator`,
      label: 'Operator',
    }),
    ...{ value: fieldValue, columnField },
    valueField: { key: `${key}.fieldValue`, label: 'Field Value' },
  })
}

function inputSchemaOf(table: ReadableTable, byPage: boolean): JsonObject {
  const criterion = {
    type: 'object',
    required: ['fieldName', 'operator', 'fieldValue'],
    properties: termProperties(
      table,
      { key: 'operator', title: 'Operator' },
      ({ logicalName }) => logicalName,
    ),
  }
  const paging = {
    pageNumber: { title: PAGE_NUMBER, type: 'integer', minimum: 0, default: 0 },
    pageSize: { title: PAGE_SIZE, type: 'integer', minimum: 0, maximum: 5000, default: 5000 },
  }
  return {
    type: 'object',
    properties: {
      [CRITERIA.key]: { title: CRITERIA.label, type: 'array', items: criterion },
      ...(byPage ? paging : {}),
    },
  }
}

function tooManyRows({ logicalName }: ReadableTable): ConnectorError {
  return new ConnectorError('too_many_objects', {
    what: `More than ${MOST_ROWS} rows of ${logicalName} match.`,
    why: 'All of them were to be one message.',
    remedy: 'Emit them individually or by page, or narrow the criteria.',
    facts: { field: CRITERIA.key, table: logicalName, limit: MOST_ROWS },
  })
}
