import { z } from 'zod'
import type { Row } from '../../dataverse/index.ts'
import { invalidField } from '../connector-error.ts'
import type { Context, Output } from '../context.ts'
import { definePollingTrigger } from '../define-entry.ts'
import {
  checkboxField,
  integerField,
  momentField,
  requiredSelectField,
  selectField,
} from '../field.ts'
import { objectTypeField, objectTypes, readTable } from '../fields/object-type.ts'
import { rowSchema } from '../fields/row-schema.ts'
import { execute } from './polling/execution.ts'
import { LateRows } from './polling/late-rows.ts'
import { lateRowsField, seeksLateRows } from './polling/late-rows-field.ts'
import { openPoll, type PollRange, requireColumn, sampleRows, versionOf } from './polling/poll.ts'
import { placeIn } from './polling/snapshot.ts'

const SAMPLE_ROWS = 10

const config = z.object({
  objectType: objectTypeField(),
  emitBehavior: requiredSelectField({
    label: 'Emit behavior',
    help: 'One message for every page of rows, or one for every row.',
    order: 20,
    model: { emitPage: 'Emit page', emitIndividually: 'Emit individually' },
  }),
  pollConfig: selectField({
    label: 'Timestamp field to poll on',
    help: 'Rows that were created or updated, or only those that were created.',
    order: 30,
    model: { lastModified: 'Last modified', created: 'Created' },
    default: 'lastModified',
  }),
  startTime: momentField({
    label: 'Start Time',
    help: 'The first moment of interest, in ISO 8601; left empty, 1970-01-01T00:00:00.000Z.',
    placeholder: '2026-01-31T13:45:00Z',
    order: 40,
  }),
  endTime: momentField({
    label: 'End Time',
    help: 'The last moment of interest, in ISO 8601; left empty, never.',
    placeholder: '2026-12-31T23:59:59Z',
    order: 50,
  }),
  pageSize: integerField({
    label: 'Size of Polling Page',
    help: 'Rows per request, from 1 to 5000.',
    order: 60,
    min: 1,
    max: 5000,
    default: 5000,
  }),
  singlePagePerInterval: checkboxField({
    label: 'Process Single Page Per Execution',
    help: 'Ends after one page; the next execution goes on from there.',
    order: 70,
  }),
  lateRows: lateRowsField(80),
})

type Config = z.infer<typeof config>

/** Reads rows that were created or updated since the last execution, page by page. */
export const getNewAndUpdatedObjectsPolling = definePollingTrigger({
  name: 'getNewAndUpdatedObjectsPolling',
  title: 'Get New and Updated Objects Polling',
  help: 'Reads what was created or updated in a range of time; every execution goes on from the last.',
  order: 10,
  config,
  options: { objectTypes },
  outputSchema: async ({ config, dataverse, signal }) => {
    const row = rowSchema(await readTable(dataverse, config.objectType, signal))
    if (config.emitBehavior === 'emitIndividually') return row
    return { type: 'object', properties: { results: { type: 'array', items: row } } }
  },
  run: async function* (context) {
    const { config, cursor, dataverse, logger, signal } = context
    checkTimes(config)
    const table = await readTable(dataverse, config.objectType, signal)
    const range = rangeOf(config, table)
    requireColumn(table, range.column)
    const seeks = seeksLateRows(config.lateRows, range, logger)
    if (context.sample) {
      yield* messages(await sampleRows(range, context, SAMPLE_ROWS), range, config)
      return
    }
    const from = openPoll(range, cursor, logger)
    const place = placeIn(cursor, from.of)
    const late = seeks ? new LateRows(range, config.lateRows, place, context) : undefined
    for await (const { rows, cursor } of execute(range, from, late, config, context)) {
      yield* messages(rows, range, config)
      yield { kind: 'checkpoint', cursor }
    }
  },
})

function* messages(
  rows: readonly Row[],
  range: PollRange,
  { emitBehavior }: Config,
): Generator<Output> {
  if (rows.length === 0) return
  if (emitBehavior === 'emitPage') yield { kind: 'data', body: { results: rows } }
  else for (const row of rows) yield { kind: 'data', body: row, id: versionOf(row, range) }
}

function rangeOf(config: Config, table: PollRange['table']): PollRange {
  const { pollConfig, startTime = 0, endTime, pageSize } = config
  return {
    table,
    column: pollConfig === 'created' ? 'createdon' : 'modifiedon',
    start: startTime,
    ...(endTime === undefined ? {} : { end: endTime }),
    pageSize,
  }
}

function checkTimes({
  startTime = 0,
  endTime,
}: Pick<Context<Config, unknown>['config'], 'startTime' | 'endTime'>) {
  if (endTime === undefined || startTime <= endTime) return
  throw invalidField(
    { key: 'endTime', label: 'End Time' },
    'it is before the Start Time',
    'Give an End Time that is not before the Start Time, or none.',
  )
}
