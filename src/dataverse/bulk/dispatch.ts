import { InvalidJson, passingFault, TransportError } from '../../transport/index.ts'
import { sendBatch } from '../batch/send-batch.ts'
import { DataverseError } from '../errors/dataverse-error.ts'
import type { TableDefinition } from '../metadata/table.ts'
import type { Operation } from '../operation.ts'
import type { Session } from '../session.ts'
import { bulkTarget } from '../write/row-encoder.ts'
import type { BulkItem, BulkKind, Chunk, ChunkResult, PartResult, RowResult } from './chunk.ts'
import { holdsValues, type KnownRow, readKnownRows } from './known-rows.ts'
import { MESSAGES } from './multiple-messages.ts'
import type { RowFate } from './outcome.ts'
import { partsOf } from './split.ts'

/** What all chunks of a bulk write share. */
export interface BulkTarget {
  readonly session: Session
  readonly table: TableDefinition
  readonly entitySetName: string
  readonly kind: BulkKind
  /** Whether the table takes the message for many rows. */
  readonly multiple: boolean
}

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
    const { kind, multiple } = target
    if (kind === 'delete' || !multiple || chunk.manner === 'each') {
      return await sendEach(target, chunk, signal)
    }
    return chunk.manner === 'parts'
      ? await sendParts(target, kind, chunk, signal)
      : await sendMultiple(target, kind, chunk, signal)
  } catch (error) {
    return resultOf(error)
  }
}

/** How a chunk came out by the error of its request; rethrows what makes going on pointless. */
export function resultOf(error: unknown): ChunkResult {
  if (error instanceof InvalidJson) return { kind: 'lost', error, smaller: false }
  if (error instanceof TransportError) {
    if (error.code === 'aborted' || isLocal(error)) throw error
    if (passingFault(error)?.notDone === true) return { kind: 'passing', error, smaller: false }
    return { kind: 'lost', error, smaller: error.code === 'timeout' }
  }
  if (!(error instanceof DataverseError) || error.code === 'unauthorized') throw error
  if (error.code === THROTTLED) return { kind: 'passing', error, smaller: false }
  if (isContention(error)) return { kind: 'passing', error, smaller: true }
  if (error.code === 'unavailable' || error.code === 'unexpected_answer') {
    return { kind: 'lost', error, smaller: true }
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
  { session, entitySetName }: BulkTarget,
  kind: keyof typeof MESSAGES,
  { items }: Chunk,
  signal: AbortSignal,
): Promise<ChunkResult> {
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

/** Sends a chunk as several messages, each of which is done whole or not at all. */
async function sendParts(
  { session, table, entitySetName, kind }: BulkTarget,
  message: keyof typeof MESSAGES,
  { items }: Chunk,
  signal: AbortSignal,
): Promise<ChunkResult> {
  const parts = partsOf(items)
  const operations = parts.map((part) => ({
    method: 'POST' as const,
    path: `${entitySetName}/Microsoft.Dynamics.CRM.${MESSAGES[message]}`,
    body: { Targets: part.map(({ row }) => bulkTarget(table, row)) },
    idempotent: false,
    read: () => undefined,
  }))
  const outcomes = await sendBatch(session, operations, { signal, continueOnError: true })
  const results = parts.map((part, place): PartResult => {
    const outcome = outcomes[place]
    if (outcome?.ok) {
      return { items: part, result: { kind: 'done', fates: part.map((one) => fateOf(kind, one)) } }
    }
    const error = outcome === undefined || outcome.skipped ? NO_WORD : outcome.error
    return { items: part, result: { ...failureOf(error), smaller: false } }
  })
  return { kind: 'parts', parts: results }
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
    return failureOf(error)
  })
  return { kind: 'each', rows }
}

const NO_WORD = new DataverseError('outcome_unknown', {
  what: 'The answer does not tell of the row.',
  why: 'The answer of a batch broke off, or has fewer parts than the batch had operations.',
  remedy: 'Read the row, or write it again.',
  retry: { when: 'later' },
})
const NO_ANSWER: RowResult = { kind: 'lost', error: NO_WORD }

const LOST = ['unavailable', 'outcome_unknown', 'unexpected_answer']

function failureOf(error: DataverseError): {
  readonly kind: 'passing' | 'lost' | 'refused'
  readonly error: DataverseError
} {
  // Both are refused before or rolled back after the work, so that nothing was written.
  if (error.code === THROTTLED || isContention(error)) return { kind: 'passing', error }
  return { kind: LOST.includes(error.code) ? 'lost' : 'refused', error }
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
