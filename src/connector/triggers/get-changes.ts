import { createHash } from 'node:crypto'
import { z } from 'zod'
import { type Change, type ChangePage, DataverseError } from '../../dataverse/index.ts'
import { isObject, type Json } from '../../kernel/index.ts'
import { definePollingTrigger } from '../define-entry.ts'
import { selectField } from '../field.ts'
import {
  objectTypeField,
  objectTypes,
  type ReadableTable,
  readTable,
} from '../fields/object-type.ts'
import { rowSchema } from '../fields/row-schema.ts'
import {
  emitBehaviorField,
  messageSchema,
  messagesOf,
  pageSizeField,
  SAMPLE_ROWS,
  singlePageField,
} from './page-fields.ts'

const config = z.object({
  objectType: objectTypeField(),
  emitBehavior: emitBehaviorField(20, { one: 'change', many: 'changes' }),
  firstRun: selectField({
    label: 'First execution',
    help: 'All rows that there are come first; or only what changes from then on.',
    order: 30,
    model: { everything: 'All rows', fromNow: 'Only from now on' },
    default: 'everything',
  }),
  expired: selectField({
    label: 'When the environment has forgotten the changes',
    help: 'It keeps them for some days; after that all rows have to be read again.',
    order: 40,
    model: { readAgain: 'Read all rows again', fail: 'Fail' },
    default: 'readAgain',
  }),
  pageSize: pageSizeField(50, { label: 'Size of Page', many: 'Changes' }),
  singlePagePerInterval: singlePageField(60),
})

/** Reads what was created, updated or deleted since the last execution. */
export const getChanges = definePollingTrigger({
  name: 'getChanges',
  title: 'Get Changes with Deletions',
  help: 'Reads what was created, updated or deleted by the change tracking of the environment.',
  order: 20,
  config,
  options: { objectTypes },
  outputSchema: async ({ config, dataverse, signal }) => {
    const row = rowSchema(await readTable(dataverse, config.objectType, signal))
    const change = {
      type: 'object',
      required: ['kind', 'id'],
      properties: {
        kind: { title: 'Kind', type: 'string', enum: ['upserted', 'deleted'] },
        id: { title: 'Id', type: 'string', format: 'uuid' },
        row,
      },
    }
    return messageSchema(change, config.emitBehavior)
  },
  run: async function* (context) {
    const { config, dataverse, logger, signal, sample } = context
    const table = await readTable(dataverse, config.objectType, signal)
    const kept = readCursor(context.cursor, table)
    if (kept === undefined && context.cursor !== null && context.cursor !== undefined) {
      logger.warn('snapshot of something else left aside', { table: table.logicalName })
    }
    const read = (since: string | undefined) => {
      const pageSize = sample ? SAMPLE_ROWS : config.pageSize
      const from = since === undefined ? {} : { since }
      return dataverse.changes(table.entitySetName, { ...from, pageSize, signal })
    }
    const again = (error: DataverseError) => {
      if (config.expired === 'fail') return false
      const { code } = error
      logger.warn('changes forgotten, all rows read again', { table: table.logicalName, code })
      return true
    }
    const quiet = !sample && (kept === undefined ? config.firstRun === 'fromNow' : kept.quiet)
    let place = kept?.since
    for await (const page of orAgain(read, place, again)) {
      const { changes } = page
      const told = changes.map((change) => changeJson(change, table))
      const names = namesAt(place)
      if (!quiet) yield* messagesOf(told, config.emitBehavior, names)
      if (sample) return
      place = page.cursor
      yield { kind: 'checkpoint', cursor: cursorOf(table, page, quiet) }
      if (config.singlePagePerInterval && changes.length > 0 && !quiet) return
    }
  },
})

interface Kept {
  readonly since: string
  /** Whether the rows of a first reading, which is not finished, are not wanted. */
  readonly quiet: boolean
}

// What has expired is told instead of the first page.
async function* orAgain(
  read: (since: string | undefined) => AsyncIterable<ChangePage>,
  since: string | undefined,
  again: (error: DataverseError) => boolean,
): AsyncGenerator<ChangePage, void, undefined> {
  try {
    yield* read(since)
    return
  } catch (error) {
    const lost = error instanceof DataverseError && LOST.has(error.code)
    if (!lost || since === undefined || !again(error)) throw error
  }
  yield* read(undefined)
}

const LOST: ReadonlySet<string> = new Set(['tracking_expired', 'tracking_lost'])

function changeJson(change: Change, { primaryIdColumn = '' }: ReadableTable) {
  const { kind } = change
  if (kind === 'deleted') return { kind, id: change.id }
  const { row } = change
  return { kind, id: String(row[primaryIdColumn]), row }
}

// A deletion has no version, and a row that was made again with its id may be deleted again: the two are
// told apart by where they were read.
function namesAt(place = '') {
  const digest = createHash('sha256').update(place).digest('base64url').slice(0, 16)
  return ({ id, row }: ReturnType<typeof changeJson>): string =>
    `${id} ${row === undefined ? `deleted ${digest}` : String(row['@odata.etag'] ?? 'upserted')}`
}

function cursorOf(table: ReadableTable, page: ChangePage, quiet: boolean): Json {
  const still = quiet && !page.last
  return { v: 1, of: table.logicalName, since: page.cursor, ...(still ? { quiet: true } : {}) }
}

function readCursor(cursor: unknown, table: ReadableTable): Kept | undefined {
  if (!isObject(cursor) || cursor['v'] !== 1 || cursor['of'] !== table.logicalName) return undefined
  const { since, quiet } = cursor
  return typeof since === 'string' ? { since, quiet: quiet === true } : undefined
}
