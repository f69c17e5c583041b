import { z } from 'zod'
import type { BulkOutcome, DataverseClient, InputRow } from '../../dataverse/index.ts'
import type { JsonObject } from '../../kernel/index.ts'
import { defineAction } from '../define-entry.ts'
import { checkboxField, selectField } from '../field.ts'
import {
  inputObjects,
  inputObjectsSchema,
  outcomeJson,
  placeOf,
  rowsOf,
} from '../fields/input-objects.ts'
import {
  objectTypeField,
  objectTypes,
  type ReadableTable,
  readTable,
} from '../fields/object-type.ts'
import {
  idsToSearchOn,
  idToSearchOnField,
  type SearchKey,
  searchKey,
} from '../fields/search-key.ts'
import { writeSchema } from '../fields/write-schema.ts'
import { pageSchema } from '../row-messages.ts'

const config = z.object({
  objectType: objectTypeField(),
  idToSearchOn: idToSearchOnField(),
  emitBehavior: selectField({
    label: 'Emit Behavior',
    help: 'One message with the outcomes of all rows, or one for every row as soon as it is known.',
    order: 30,
    model: { emitAll: 'Emit all', emitIndividually: 'Emit individually' },
    default: 'emitAll',
  }),
  distinguish: checkboxField({
    label: 'Tell created, updated and unchanged apart',
    help: 'Reads the rows first, and leaves alone those that hold the values already.',
    order: 40,
  }),
})

/** Creates or updates many rows, with an outcome for every one. */
export const bulkUpsertObjects = defineAction({
  name: 'bulkUpsertObjects',
  title: 'Bulk Upsert Objects',
  help: 'Updates or creates any number of rows, and tells what became of each.',
  order: 80,
  config,
  input: inputObjects,
  options: { objectTypes, idsToSearchOn },
  inputSchema: async ({ config, dataverse, signal }) => {
    const table = await readTable(dataverse, config.objectType, signal)
    const { naming } = searchKey(table, config.idToSearchOn)
    return inputObjectsSchema(writeSchema(table, 'upsert', naming))
  },
  outputSchema: async ({ config: { emitBehavior } }) =>
    emitBehavior === 'emitIndividually' ? OUTCOME : pageSchema(OUTCOME),
  run: async function* ({ config, input, dataverse, signal }) {
    const table = await readTable(dataverse, config.objectType, signal)
    const search = searchKey(table, config.idToSearchOn)
    const rows = rowsOf(input.inputObjects)
    const outcomes = write(dataverse, table, search, rows, config.distinguish, signal)
    const results: JsonObject[] = []
    for await (const outcome of outcomes) {
      if (config.emitBehavior === 'emitAll') results[outcome.index] = outcomeJson(outcome)
      else yield { kind: 'data', body: outcomeJson(outcome) }
    }
    if (config.emitBehavior === 'emitAll') yield { kind: 'data', body: { results } }
  },
})

const OUTCOME: JsonObject = {
  type: 'object',
  required: ['index', 'status'],
  properties: {
    index: { title: 'Place in the input, from 0', type: 'integer' },
    status: {
      title: 'Status',
      type: 'string',
      enum: [
        'written',
        'created',
        'updated',
        'unchanged',
        'rejected',
        'unresolved',
        'unknown',
        'not-sent',
      ],
    },
    id: { title: 'Id', type: 'string', format: 'uuid' },
    code: { title: 'Error code', type: 'string' },
    dataverseCode: { title: 'Code of Dataverse', type: 'string' },
    column: { title: 'Column', type: 'string' },
    reason: { title: 'Reason', type: 'string' },
    remedy: { title: 'Remedy', type: 'string' },
  },
}

// Rows that have no value for the key are new, and created after the others.
async function* write(
  dataverse: DataverseClient,
  { logicalName, primaryIdColumn = 'id' }: ReadableTable,
  search: SearchKey,
  rows: readonly InputRow[],
  distinguish: boolean,
  signal: AbortSignal,
): AsyncGenerator<BulkOutcome, void, undefined> {
  const keyed = new Map<number, InputRow>()
  const fresh = new Map<number, InputRow>()
  for (const [index, row] of rows.entries()) {
    const key = search.keyOf(row, `${placeOf(index)}.`)
    const rest = search.rest(row)
    if (key === undefined) fresh.set(index, rest)
    else
      keyed.set(index, { ...rest, ...(typeof key === 'string' ? { [primaryIdColumn]: key } : key) })
  }
  const { columns } = search
  const key = columns.length === 0 ? {} : { key: columns }
  const upsert = { ...key, distinguish, signal }
  yield* placed(dataverse.bulk.upsert(logicalName, keyed.values(), upsert), keyed)
  yield* placed(dataverse.bulk.create(logicalName, fresh.values(), { signal }), fresh)
}

async function* placed(
  outcomes: AsyncIterable<BulkOutcome>,
  rows: ReadonlyMap<number, InputRow>,
): AsyncGenerator<BulkOutcome, void, undefined> {
  const places = [...rows.keys()]
  if (places.length === 0) return
  for await (const outcome of outcomes) {
    yield { ...outcome, index: places[outcome.index] ?? outcome.index }
  }
}
