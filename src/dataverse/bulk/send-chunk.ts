import { CodedError } from '../../kernel/index.ts'
import { DataverseError } from '../errors/dataverse-error.ts'
import type { BulkItem, Chunk, ChunkResult } from './chunk.ts'
import { type BulkTarget, dispatch, resultOf } from './dispatch.ts'
import { holdsValues, readKnownRows } from './known-rows.ts'
import { NOT_SENT, type RowFate, unknownFate, unresolvedFate } from './outcome.ts'
import type { Stopwatch, Watch } from './stopwatch.ts'

/** How chunks are sent. */
export interface ChunkSending {
  readonly target: BulkTarget
  readonly stopwatch: Stopwatch
  /** Tells created, updated and unchanged rows apart. */
  readonly distinguish: boolean
  readonly signal: AbortSignal
}

/** A chunk that was sent. */
export interface Sent {
  /** What was sent of it. */
  readonly chunk: Chunk
  /** Rows that hold the values already, and were left alone. */
  readonly unchanged: readonly BulkItem[]
  readonly result: ChunkResult
  /** How long the service took. */
  readonly tookMs?: number
}

/** Sends a chunk, and tells how it came out whatever happens; `onSent` hears when its turn has come. */
export async function sendChunk(
  sending: ChunkSending,
  chunk: Chunk,
  onSent: () => void,
): Promise<Sent> {
  // A signal of its own, by which its requests are known.
  const signal = AbortSignal.any([sending.signal])
  const watch = sending.stopwatch.watch(signal, onSent)
  const apart = await takeApart(sending, chunk, signal)
  if (apart.result !== undefined) return { ...apart, result: apart.result }
  const open = apart.chunk
  if (open.items.length === 0) return { ...apart, result: { kind: 'done', fates: [] } }
  try {
    const result = await dispatch(sending.target, open, signal)
    const { tookMs } = watch
    return { ...apart, result, ...(tookMs === undefined ? {} : { tookMs }) }
  } catch (error) {
    return { ...apart, result: { kind: 'ended', error, fate: lastFate(error, open, watch) } }
  }
}

/** Reads which rows exist, once for each, and takes out those that hold the values already. */
async function takeApart(
  { distinguish, target }: ChunkSending,
  chunk: Chunk,
  signal: AbortSignal,
): Promise<Omit<Sent, 'result'> & { readonly result?: ChunkResult }> {
  const isNew = chunk.items.every(({ exists }) => exists === undefined)
  if (!distinguish || !isNew || chunk.manner === 'check') return { chunk, unchanged: [] }
  try {
    const known = await readKnownRows(target, chunk.items, signal)
    const unchanged: BulkItem[] = []
    const items: BulkItem[] = []
    for (const item of chunk.items) {
      const found = known.get(item.identity)
      if (found !== undefined && holdsValues(found, item.row.body, target.table)) {
        unchanged.push(item)
      } else items.push({ ...item, exists: found !== undefined })
    }
    return { chunk: { ...chunk, items }, unchanged }
  } catch (error) {
    return { chunk, unchanged: [], result: ofReading(error) }
  }
}

// Nothing was written by reading, and what refuses the reading of one chunk refuses all.
function ofReading(error: unknown): ChunkResult {
  try {
    const result = resultOf(error)
    if (result.kind === 'passing') return result
    if (result.kind === 'lost') {
      return { kind: 'passing', error: result.error, smaller: result.smaller }
    }
  } catch {
    // It ends the work below.
  }
  const fate = error instanceof DataverseError ? unresolvedFate(error) : NOT_SENT
  return { kind: 'ended', error, fate }
}

function lastFate(error: unknown, { maybeWritten }: Chunk, { sent }: Watch): RowFate {
  if (maybeWritten) return unknownFate('the work ended before it could be read')
  if (error instanceof DataverseError) return unresolvedFate(error)
  if (sent) return unknownFate('the work ended while it was under way')
  return error instanceof CodedError && error.code !== 'aborted' ? unresolvedFate(error) : NOT_SENT
}
