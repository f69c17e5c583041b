import { z } from 'zod'
import type { Row } from '../../dataverse/index.ts'
import { invalidField } from '../connector-error.ts'
import type { Context } from '../context.ts'
import { definePollingTrigger } from '../define-entry.ts'
import { momentField, selectField } from '../field.ts'
import { objectTypeField, objectTypes, readTable } from '../fields/object-type.ts'
import { rowSchema } from '../fields/row-schema.ts'
import {
  emitBehaviorField,
  messageSchema,
  messagesOf,
  pageSizeField,
  SAMPLE_ROWS,
  singlePageField,
} from './page-fields.ts'
import { execute } from './polling/execution.ts'
import { LateRows } from './polling/late-rows.ts'
import { lateRowsField, seeksLateRows } from './polling/late-rows-field.ts'
import { openPoll, type PollRange, requireColumn, sampleRows, versionOf } from './polling/poll.ts'
import { placeIn } from './polling/snapshot.ts'

const config = z.object({
  objectType: objectTypeField(),
  emitBehavior: emitBehaviorField(20, { one: 'row', many: 'rows' }),
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
  pageSize: pageSizeField(60, { label: 'Size of Polling Page', many: 'Rows' }),
  singlePagePerInterval: singlePageField(70),
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
    return messageSchema(row, config.emitBehavior)
  },
  run: async function* (context) {
    const { config, cursor, dataverse, logger, signal } = context
    checkTimes(config)
    const table = await readTable(dataverse, config.objectType, signal)
    const range = rangeOf(config, table)
    requireColumn(table, range.column)
    const seeks = seeksLateRows(config.lateRows, range, logger)
    const messages = (rows: readonly Row[]) =>
      messagesOf(rows, config.emitBehavior, (row) => versionOf(row, range))
    if (context.sample) {
      yield* messages(await sampleRows(range, context, SAMPLE_ROWS))
      return
    }
    const from = openPoll(range, cursor, logger)
    const place = placeIn(cursor, from.of)
    const late = seeks ? new LateRows(range, config.lateRows, place, context) : undefined
    for await (const { rows, cursor } of execute(range, from, late, config, context)) {
      yield* messages(rows)
      yield { kind: 'checkpoint', cursor }
    }
  },
})

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
