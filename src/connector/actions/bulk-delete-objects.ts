import { z } from 'zod'
import type { BulkOutcome } from '../../dataverse/index.ts'
import { isObject, type JsonObject } from '../../kernel/index.ts'
import { ConnectorError, missingField, sentence } from '../connector-error.ts'
import { defineAction } from '../define-entry.ts'
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
import { searchKey } from '../fields/search-key.ts'

const MOST_TOLD = 100

/** Deletes many rows by their ids. */
export const bulkDeleteObjects = defineAction({
  name: 'bulkDeleteObjects',
  title: 'Bulk Delete Objects',
  help: 'Deletes any number of rows by their ids; what could not be deleted is an error that names it.',
  order: 70,
  config: z.object({ objectType: objectTypeField() }),
  input: inputObjects,
  output: z.object({ result: z.literal(true) }),
  options: { objectTypes },
  inputSchema: async () => inputObjectsSchema(ROW),
  run: async function* ({ config, input, dataverse, signal }) {
    const table = await readTable(dataverse, config.objectType, signal)
    const ids = idsOf(input.inputObjects, table)
    // A row that is named twice is deleted once: the second time it would not be there.
    const unique = [...new Set(ids)]
    const failed: BulkOutcome[] = []
    let failures = 0
    for await (const outcome of dataverse.bulk.delete(table.logicalName, unique, { signal })) {
      if (outcome.status === 'deleted') continue
      failures += 1
      if (failed.length < MOST_TOLD) {
        failed.push({ ...outcome, index: ids.indexOf(unique[outcome.index] ?? '') })
      }
    }
    if (failures > 0) throw notDeleted(failed, failures, unique.length)
    yield { kind: 'data', body: { result: true } }
  },
})

const ROW: JsonObject = {
  type: 'object',
  required: ['id'],
  properties: { id: { title: 'Entity ID', type: 'string', format: 'uuid' } },
}

// A list of bare ids is what a person would try first.
function idsOf(objects: readonly unknown[], table: ReadableTable): readonly string[] {
  const { keyOf } = searchKey(table, 'id')
  const rows = rowsOf(objects.map((one) => (isObject(one) ? one : { id: one })))
  return rows.map((row, index) => {
    const id = keyOf(row, `${placeOf(index)}.`)
    if (typeof id === 'string') return id
    throw missingField({ key: `${placeOf(index)}.id` }, 'Give the id of the row to delete.')
  })
}

function notDeleted(
  failed: readonly BulkOutcome[],
  failures: number,
  count: number,
): ConnectorError {
  const [first] = failed.toSorted((a, b) => a.index - b.index)
  const reason = first !== undefined && 'reason' in first ? first.reason : 'It was not sent.'
  const remedy = first !== undefined && 'remedy' in first ? first.remedy : 'Run it again.'
  const place = `${placeOf(first?.index ?? 0)}.id`
  return new ConnectorError('objects_not_deleted', {
    what: `${failures} of ${count} rows were not deleted; the first is ${place}: ${sentence(reason)}`,
    why: sentence(reason),
    remedy,
    facts: { field: place, failures, count, errors: failed.map(outcomeJson) },
  })
}
