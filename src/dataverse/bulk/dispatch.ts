import { isObject, type JsonObject } from '../../kernel/index.ts'
import { InvalidJson, TransportError } from '../../transport/index.ts'
import { sendBatch } from '../batch/send-batch.ts'
import { DataverseError } from '../errors/dataverse-error.ts'
import type { TableDefinition } from '../metadata/table.ts'
import type { Operation } from '../operation.ts'
import type { Session } from '../session.ts'
import type { BulkItem, BulkKind, Chunk, ChunkResult, RowResult } from './chunk.ts'
import { holdsValues, type KnownRow, readKnownRows } from './known-rows.ts'
import type { RowFate } from './outcome.ts'

/** What all chunks of a bulk write share. */
export interface BulkTarget {
  readonly session: Session
  readonly table: TableDefinition
  readonly entitySetName: string
  readonly kind: BulkKind
  /** Whether the table takes the message for many rows. */
  readonly multiple: boolean
}

const MESSAGES = {
  create: 'CreateMultiple',
  update: 'UpdateMultiple',
  upsert: 'UpsertMultiple',
} as const

const JSON_CONTENT = { 'content-type': 'application/json; charset=utf-8' }
// SQL deadlocks and timeouts, and locks: the transaction was rolled back.
const CONTENTION = new Set(['0x80044150', '0x80044151', '0x80044339', '0x80072324'])
const THROTTLED = 'throttled'

/** Sends one chunk and tells how it came out; throws only where going on makes no sense. */
export async function dispatch(
  target: BulkTarget,
  chunk: Chunk,
  signal: AbortSignal,
): Promise<ChunkResult> {
  try {
    if (chunk.manner === 'check') return await check(target, chunk, signal)
    const asOne = target.kind !== 'delete' && target.multiple && chunk.manner === 'together'
    return asOne ? await sendMultiple(target, chunk, signal) : await sendEach(target, chunk, signal)
  } catch (error) {
    return resultOf(error)
  }
}

/** How a chunk came out by the error of its request; rethrows what makes going on pointless. */
export function resultOf(error: unknown): ChunkResult {
  if (error instanceof InvalidJson) return { kind: 'lost', why: error.message, smaller: false }
  if (error instanceof TransportError) {
    if (error.code === 'aborted' || isLocal(error)) throw error
    return { kind: 'lost', why: error.message, smaller: error.code === 'timeout' }
  }
  if (!(error instanceof DataverseError) || error.code === 'unauthorized') throw error
  if (error.code === THROTTLED) return { kind: 'passing', error, smaller: false }
  if (isContention(error)) return { kind: 'passing', error, smaller: true }
  if (error.code === 'unavailable' || error.code === 'unexpected_answer') {
    return { kind: 'lost', why: error.message, smaller: true }
  }
  return { kind: 'refused', error }
}

// Such a request never leaves, however often it is tried.
function isLocal({ code }: TransportError): boolean {
  return ['egress_configuration', 'egress_refused', 'redirect_refused', 'tls_failed'].includes(code)
}

function isContention({ dataverseCode }: DataverseError): boolean {
  return dataverseCode !== undefined && CONTENTION.has(dataverseCode)
}

async function sendMultiple(
  { session, entitySetName, kind }: BulkTarget,
  { items }: Chunk,
  signal: AbortSignal,
): Promise<ChunkResult> {
  if (kind === 'delete') throw new Error('Standard tables have no DeleteMultiple')
  const response = await session.request({
    method: 'POST',
    url: new URL(`${entitySetName}/Microsoft.Dynamics.CRM.${MESSAGES[kind]}`, session.api.root),
    headers: JSON_CONTENT,
    body: `{"Targets":[${items.map(({ text }) => text).join(',')}]}`,
    idempotent: false,
    signal,
  })
  // The rows are written when the head says so; what the body adds is known here already.
  await response.discard()
  return { kind: 'done', fates: items.map((item) => fateOf(kind, item)) }
}

async function sendEach(
  { session, table, entitySetName, kind }: BulkTarget,
  { items, maybeWritten }: Chunk,
  signal: AbortSignal,
): Promise<ChunkResult> {
  const operations = items.map((item) => operationOf(kind, entitySetName, table, item))
  const outcomes = await sendBatch(session, operations, { signal, continueOnError: true })
  const rows = items.map((item, place): RowResult => {
    const outcome = outcomes[place]
    if (outcome === undefined || Array.isArray(outcome) || !('ok' in outcome)) return NO_ANSWER
    if (outcome.ok) return { kind: 'done', fate: fateOf(kind, item) }
    if (outcome.skipped) return NO_ANSWER
    const { error } = outcome
    if (kind === 'delete' && maybeWritten && error.code === 'not_found') {
      return { kind: 'done', fate: fateOf(kind, item) }
    }
    return isPassing(error) ? { kind: 'lost', why: error.message } : { kind: 'refused', error }
  })
  return { kind: 'each', rows }
}

const NO_ANSWER: RowResult = { kind: 'lost', why: 'The answer does not tell of the row.' }

function isPassing(error: DataverseError): boolean {
  const codes = [THROTTLED, 'unavailable', 'outcome_unknown', 'unexpected_answer']
  return codes.includes(error.code) || isContention(error)
}

function operationOf(
  kind: BulkKind,
  entitySetName: string,
  { primaryIdColumn }: TableDefinition,
  { row }: BulkItem,
): Operation<unknown> {
  const path = `${entitySetName}${row.key ?? ''}`
  const read = () => undefined
  if (kind === 'delete') return { method: 'DELETE', path, idempotent: false, read }
  if (kind === 'create') {
    const id =
      row.id === undefined || primaryIdColumn === undefined ? {} : { [primaryIdColumn]: row.id }
    return {
      method: 'POST',
      path: entitySetName,
      body: { ...id, ...row.body },
      idempotent: false,
      read,
    }
  }
  const headers = kind === 'update' ? { headers: { 'if-match': '*' } } : {}
  return { method: 'PATCH', path, body: row.body, idempotent: false, read, ...headers }
}

function fateOf(kind: BulkKind, { row, exists }: BulkItem): RowFate {
  const id = row.id === undefined ? {} : { id: row.id }
  if (kind === 'create') return { status: 'created', ...id }
  if (kind === 'update') return { status: 'updated', ...id }
  if (kind === 'delete') return { status: 'deleted', ...id }
  if (exists === undefined) return { status: 'written', ...id }
  return { status: exists ? 'updated' : 'created', ...id }
}

/** Reads rows again whose answer was lost. */
async function check(
  target: BulkTarget,
  { items }: Chunk,
  signal: AbortSignal,
): Promise<ChunkResult> {
  const { kind, table } = target
  const known = await readKnownRows(target, items, signal)
  const rows = items.map((item): RowResult => {
    const found = known.get(item.identity)
    return isAsMeant(kind, item, found, table)
      ? { kind: 'done', fate: fateOf(kind, item) }
      : { kind: 'missing' }
  })
  return { kind: 'each', rows }
}

function isAsMeant(
  kind: BulkKind,
  { row }: BulkItem,
  found: KnownRow | undefined,
  table: TableDefinition,
): boolean {
  if (kind === 'delete') return found === undefined
  if (found === undefined) return false
  return kind === 'create' || holdsValues(found, row.body, table)
}

/** Tells whether a table takes the message for many rows; where nobody can tell, it does not. */
export async function takesMultiple(
  session: Session,
  table: string,
  kind: BulkKind,
  signal: AbortSignal,
): Promise<boolean> {
  if (kind === 'delete') return false
  // UpsertMultiple is announced nowhere: a table has it that has the other two.
  const messages = kind === 'upsert' ? [MESSAGES.create, MESSAGES.update] : [MESSAGES[kind]]
  const found = await Promise.all(messages.map((one) => hasMessage(session, table, one, signal)))
  return !found.includes(false)
}

// https://learn.microsoft.com/power-apps/developer/data-platform/bulk-operations
async function hasMessage(session: Session, table: string, message: string, signal: AbortSignal) {
  const filter = 'sdkmessageid/name eq @message and primaryobjecttypecode eq @table'
  const url = new URL('sdkmessagefilters', session.api.root)
  url.search = `?$select=sdkmessagefilterid&$filter=${encodeURIComponent(filter)}&@message='${message}'&@table='${table}'`
  try {
    const answer: JsonObject = await session.json({ url, signal })
    return Array.isArray(answer['value']) && answer['value'].some(isObject)
  } catch (error) {
    if (error instanceof DataverseError && error.code !== 'unauthorized') return false
    throw error
  }
}
