import { z } from 'zod'
import {
  type Created,
  changeSet,
  type DataverseClient,
  type InputRow,
  InvalidRow,
  type Operation,
} from '../../dataverse/index.ts'
import { ConnectorError, sentence } from '../connector-error.ts'
import { defineAction } from '../define-entry.ts'
import { inputObjects, inputObjectsSchema, placeOf, rowsOf } from '../fields/input-objects.ts'
import { objectTypeField, objectTypes, readTable } from '../fields/object-type.ts'
import { writeSchema } from '../fields/write-schema.ts'
import { createOrUndo, type Refused } from './bulk/create-or-undo.ts'
import { changeSetFailure } from './change-set-failure.ts'

// As many as one change set takes.
// https://learn.microsoft.com/power-apps/developer/data-platform/webapi/execute-batch-operations-using-web-api
const MOST_AT_ONCE = 1_000

/** Creates many rows, all or none of them. */
export const bulkCreateObjects = defineAction({
  name: 'bulkCreateObjects',
  title: 'Bulk Create Objects',
  help:
    'Creates any number of rows, all or none: up to 1,000 in one transaction; of more, those that were created ' +
    'are deleted again when one is refused.',
  order: 50,
  config: z.object({ objectType: objectTypeField() }),
  input: inputObjects,
  output: z.object({ result: z.array(z.string()) }),
  options: { objectTypes },
  inputSchema: async ({ config, dataverse, signal }) =>
    inputObjectsSchema(
      writeSchema(await readTable(dataverse, config.objectType, signal), 'create'),
    ),
  run: async function* ({ config, input, dataverse, signal }) {
    const { logicalName } = await readTable(dataverse, config.objectType, signal)
    const rows = rowsOf(input.inputObjects)
    const operations = await prepare(dataverse, logicalName, rows, signal)
    const result =
      rows.length <= MOST_AT_ONCE
        ? await createTogether(dataverse, operations, signal)
        : await createOrUndo(dataverse, logicalName, rows, signal, refused)
    yield { kind: 'data', body: { result } }
  },
})

// Whatever the definitions can tell to be wrong is told before any row is sent.
async function prepare(
  dataverse: DataverseClient,
  table: string,
  rows: readonly InputRow[],
  signal: AbortSignal,
): Promise<readonly Operation<Created>[]> {
  const operations: Operation<Created>[] = []
  const together = rows.length <= MOST_AT_ONCE
  for (const [index, row] of rows.entries()) {
    try {
      const operation = await dataverse.prepare.create(table, row, { signal })
      if (together) operations.push(operation)
    } catch (error) {
      const [problem] = error instanceof InvalidRow ? error.problems : []
      if (problem === undefined) throw error
      const { column, problem: reason, remedy } = problem
      throw refused({ index, column, reason, remedy, code: 'invalid_row', left: [], cause: error })
    }
  }
  return operations
}

async function createTogether(
  dataverse: DataverseClient,
  operations: readonly Operation<Created>[],
  signal: AbortSignal,
): Promise<readonly string[]> {
  if (operations.length === 0) return []
  const [outcomes] = await dataverse.batch([changeSet(operations)], { signal })
  const failure = changeSetFailure(outcomes)
  if (failure !== undefined) {
    const { index, error: cause } = failure
    const { code, explanation } = cause
    const { what: reason, remedy } = explanation
    throw refused({ index, reason, remedy, code, left: [], cause })
  }
  return outcomes.map((outcome) => {
    if (outcome.ok) return outcome.value.id
    throw new TypeError('a change set half done')
  })
}

function refused({ index, column, reason, remedy, code, left, cause }: Refused): ConnectorError {
  const place = column === undefined ? placeOf(index) : `${placeOf(index)}.${column}`
  const undone = left.length === 0
  const rest = undone ? 'No row was created.' : `${left.length} rows were created and are left.`
  return new ConnectorError('objects_not_created', {
    what: `The rows were not created, because of ${place}: ${sentence(reason)} ${rest}`,
    why: undone
      ? sentence(reason)
      : `${sentence(reason)} The rows created before could not all be deleted again.`,
    remedy: undone ? remedy : `${remedy} Delete the rows that are left, or keep them.`,
    facts: { field: place, code, left: left.slice(0, 100), leftCount: left.length },
    ...(cause === undefined ? {} : { cause }),
  })
}
