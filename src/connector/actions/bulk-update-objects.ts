import { z } from 'zod'
import type { InputRow } from '../../dataverse/index.ts'
import type { JsonObject } from '../../kernel/index.ts'
import { missingField } from '../connector-error.ts'
import { defineAction } from '../define-entry.ts'
import {
  inputObjects,
  inputObjectsSchema,
  outcomeJson,
  placeOf,
  rowsOf,
} from '../fields/input-objects.ts'
import { objectTypeField, objectTypes, readTable } from '../fields/object-type.ts'
import { type SearchKey, searchKey } from '../fields/search-key.ts'
import { writeSchema } from '../fields/write-schema.ts'

const MOST_ERRORS = 1_000

/** Updates many rows that exist, each on its own. */
export const bulkUpdateObjects = defineAction({
  name: 'bulkUpdateObjects',
  title: 'Bulk Update Objects',
  help: 'Updates any number of rows by their ids, and tells of each whether it was updated.',
  order: 60,
  config: z.object({ objectType: objectTypeField() }),
  input: inputObjects,
  output: z.object({
    result: z.array(z.boolean()),
    errors: z.array(z.record(z.string(), z.json())).optional(),
  }),
  options: { objectTypes },
  inputSchema: async ({ config, dataverse, signal }) => {
    const table = await readTable(dataverse, config.objectType, signal)
    const { properties } = searchKey(table, 'id').naming
    return inputObjectsSchema(writeSchema(table, 'update', { properties, required: ['id'] }))
  },
  run: async function* ({ config, input, dataverse, signal }) {
    const table = await readTable(dataverse, config.objectType, signal)
    const search = searchKey(table, 'id')
    const { primaryIdColumn = 'id' } = table
    const rows = rowsOf(input.inputObjects).map((row, index) =>
      named(row, primaryIdColumn, search, index),
    )
    const result = rows.map(() => false)
    const errors: JsonObject[] = []
    for await (const outcome of dataverse.bulk.update(table.logicalName, rows, { signal })) {
      if (outcome.status === 'updated') result[outcome.index] = true
      else if (errors.length < MOST_ERRORS) errors.push(outcomeJson(outcome))
    }
    errors.sort((a, b) => Number(a['index']) - Number(b['index']))
    yield { kind: 'data', body: { result, ...(errors.length > 0 ? { errors } : {}) } }
  },
})

function named(row: InputRow, column: string, search: SearchKey, index: number): InputRow {
  const key = search.keyOf(row, `${placeOf(index)}.`)
  if (key !== undefined) return { ...search.rest(row), [column]: key }
  throw missingField({ key: `${placeOf(index)}.id` }, 'Give the id of the row to update.')
}
