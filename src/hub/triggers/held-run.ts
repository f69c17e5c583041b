import type { Json } from '../../kernel/index.ts'
import {
  endRun,
  insertOutputs,
  keepRun,
  lockRun,
  type NewOutputRow,
  type Queryable,
  readTrigger,
  type StoredRun,
  savePlace,
  startRun,
  type TriggerKey,
  type TriggerRun,
} from '../store/index.ts'
import {
  runSuperseded,
  type TriggerError,
  triggerNotFound,
  triggerPaused,
  triggerRunning,
} from './trigger-error.ts'
import type { TriggerParts } from './trigger-parts.ts'

/** How far a run has come with one page. */
export interface StoredPage {
  readonly stored: number
  /** Outputs that were stored before. */
  readonly repeated: number
  /** The sequence of the trigger's last output. */
  readonly sequence: number
}

/** What goes with the outputs of a page, in the same transaction. */
export interface PageEnd {
  readonly cursor?: Json
  readonly also?: (db: Queryable) => Promise<void>
}

/** The one run of a trigger that may write. */
export interface HeldRun extends TriggerRun {
  readonly credentialId: string
  readonly entry: string
  readonly config: Json
  /** The last checkpoint. */
  readonly cursor: Json
  readonly signal: AbortSignal
  /** Stores a page and the place after it. @throws TriggerError `run_superseded` */
  store(outputs: readonly NewOutputRow[], end: PageEnd): Promise<StoredPage>
  /** Lets go of the trigger. */
  end(ended: StoredRun): Promise<void>
}

// So large is one statement at most, or little more.
const SLICE_ROWS = 1000
const SLICE_BYTES = 2 * 1024 * 1024

/**
 * Begins a run of a trigger and keeps it alive until it ends.
 *
 * @throws TriggerError `trigger_not_found`, `trigger_paused`, `trigger_running`
 */
export async function holdRun(
  parts: TriggerParts,
  key: TriggerKey,
  outer: AbortSignal,
): Promise<HeldRun> {
  const row = await startRun(parts.store.db, key, parts.leaseMs)
  if (row === undefined) throw await whyNot(parts, key)
  const run: TriggerRun = { ...key, epoch: row.epoch }
  const ended = new AbortController()
  const overtaken = new AbortController()
  void keepAlive(parts, run, ended.signal, () => overtaken.abort(runSuperseded(key.id)))
  return {
    ...run,
    credentialId: row.credential_id,
    entry: row.entry,
    config: row.config,
    cursor: row.cursor,
    signal: AbortSignal.any([outer, overtaken.signal]),
    store: (outputs, end) => storePage(parts, run, outputs, end),
    end: async (told) => {
      ended.abort()
      await endRun(parts.store.db, run, told)
    },
  }
}

async function whyNot(parts: TriggerParts, key: TriggerKey): Promise<TriggerError> {
  const row = await readTrigger(parts.store.db, key)
  if (row === undefined) return triggerNotFound(key.id)
  return row.state === 'paused' ? triggerPaused(key.id) : triggerRunning(key.id, parts.leaseMs)
}

// A database that does not answer for a while ends no run: the next page tells whether it may be stored.
async function keepAlive(
  { store, clock, leaseMs, logger }: TriggerParts,
  run: TriggerRun,
  ended: AbortSignal,
  overtake: () => void,
): Promise<void> {
  while (!ended.aborted) {
    try {
      await clock.sleep(leaseMs / 3, ended)
    } catch {
      return
    }
    try {
      if (!(await keepRun(store.db, run, leaseMs))) return overtake()
    } catch (error) {
      logger.warn('run of a trigger could not be kept alive', { triggerId: run.id, error })
    }
  }
}

async function storePage(
  { store, clock, leaseMs }: TriggerParts,
  run: TriggerRun,
  outputs: readonly NewOutputRow[],
  { cursor, also }: PageEnd,
): Promise<StoredPage> {
  return await store.transaction(async (db) => {
    const place = await lockRun(db, run, leaseMs)
    if (place === undefined) throw runSuperseded(run.id)
    let [stored, sequence] = [0, place.lastSequence]
    for (const slice of slices(outputs)) {
      stored += await insertOutputs(db, run, slice, { after: sequence, at: clock.now() })
      sequence += slice.length
    }
    await savePlace(db, run, { lastSequence: sequence, cursor, leaseMs })
    await also?.(db)
    return { stored, repeated: outputs.length - stored, sequence }
  })
}

function* slices(outputs: readonly NewOutputRow[]): Generator<readonly NewOutputRow[]> {
  let slice: NewOutputRow[] = []
  let size = 0
  for (const output of outputs) {
    slice.push(output)
    size += output.body.length
    if (slice.length < SLICE_ROWS && size < SLICE_BYTES) continue
    yield slice
    slice = []
    size = 0
  }
  if (slice.length > 0) yield slice
}
