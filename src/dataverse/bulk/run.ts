import type { Clock, Random } from '../../kernel/index.ts'
import { TransportError } from '../../transport/index.ts'
import { DataverseError } from '../errors/dataverse-error.ts'
import type { Limits } from '../limits/limits.ts'
import { Assembly } from './assembly.ts'
import { Bell } from './bell.ts'
import type { BulkItem, Chunk, ChunkResult } from './chunk.ts'
import type { BulkTarget } from './dispatch.ts'
import type { BulkRow, Intake } from './intake.ts'
import { type BulkOutcome, NOT_SENT, type RowFate, unknownFate, unresolvedFate } from './outcome.ts'
import { Pauses } from './pauses.ts'
import { plan } from './plan.ts'
import { Progress } from './progress.ts'
import { type ChunkSending, sendChunk } from './send-chunk.ts'
import type { Sizer } from './sizer.ts'
import { SourceReader } from './source-reader.ts'
import type { Stopwatch } from './stopwatch.ts'
import { Verdict } from './verdict.ts'

/** What a bulk write runs on. */
export interface RunParts {
  readonly target: BulkTarget
  readonly intake: Intake
  readonly sizer: Sizer
  readonly limits: Limits
  readonly stopwatch: Stopwatch
  readonly clock: Clock
  readonly random: Random
  readonly distinguish: boolean
  readonly skip: number
  readonly mostBytes: number
  /** Chunks under way at once, whatever the limits allow. */
  readonly mostChunks: number
  readonly stop: AbortController
}

// How far the reading may be ahead of the outcomes.
const MOST_OUTCOMES = 5_000
const MOST_WAITING = 20_000
// Chunks that wait for their turn: enough to lose no time, few enough that searching does not queue.
const MOST_QUEUED = 2

/** One bulk write: reads rows, keeps chunks under way, hands out outcomes. */
export class Run {
  readonly #parts: RunParts
  readonly #sending: ChunkSending
  readonly #source: SourceReader
  readonly #assembly: Assembly
  readonly #progress: Progress
  readonly #verdict: Verdict
  readonly #pauses: Pauses
  readonly #bell = new Bell()
  readonly #again: Chunk[] = []
  readonly #outcomes: (readonly [index: number, key: string | undefined, fate: RowFate])[] = []
  /** Chunks under way, and those of them whose turn has not come. */
  #active = 0
  #queued = 0
  #ended = false
  /** Why nothing more is read and sent. */
  #failure: { readonly error: unknown } | undefined

  constructor(rows: AsyncIterable<BulkRow> | Iterable<BulkRow>, parts: RunParts) {
    const { clock, limits, random, stop, target } = parts
    const { signal } = stop
    this.#parts = parts
    this.#sending = { ...parts, signal }
    this.#source = new SourceReader(rows, signal)
    this.#assembly = new Assembly(parts.mostBytes)
    this.#progress = new Progress(parts.skip)
    this.#verdict = new Verdict(target.table.logicalName, 2 * limits.figures.windowMs)
    this.#pauses = new Pauses({ clock, random, signal }, (chunk) => {
      this.#again.push(chunk)
      this.#bell.ring()
    })
    signal.addEventListener('abort', () => this.#bell.ring(), { once: true })
  }

  /** The outcomes as they come; in the end the error that ended the work, if one did. */
  async *outcomes(): AsyncGenerator<BulkOutcome, void, undefined> {
    const driving = this.#drive()
    try {
      for (;;) {
        const next = this.#outcomes.shift()
        if (next === undefined) {
          if (this.#ended) break
          await this.#bell.rung
          continue
        }
        const [index, key, fate] = next
        if (this.#outcomes.length === 0) this.#bell.ring()
        const checkpoint = this.#progress.add(index)
        yield { ...fate, index, ...(key === undefined ? {} : { key }), checkpoint }
      }
    } finally {
      this.#parts.stop.abort()
      await driving
    }
    if (this.#failure !== undefined) throw this.#failure.error
  }

  /** Works until everything has its outcome; never rejects. */
  async #drive(): Promise<void> {
    await this.#work().catch((error) => this.#fail(error))
    while (this.#active > 0) await this.#bell.rung
    for (const { items, maybeWritten } of [...this.#again, ...this.#pauses.drain()]) {
      const fate = maybeWritten ? unknownFate('the work was called off') : this.#leftFate()
      for (const item of items) this.#finish(item, fate)
    }
    for (const item of this.#assembly.drain()) this.#finish(item, this.#leftFate())
    this.#ended = true
    this.#bell.ring()
    this.#source.close()
  }

  async #work(): Promise<void> {
    const { signal } = this.#parts.stop
    for (;;) {
      signal.throwIfAborted()
      if (this.#failure !== undefined) return
      const { rung } = this.#bell
      if (!this.#hasRoom()) {
        await rung
        continue
      }
      const chunk = this.#again.shift() ?? (await this.#nextChunk())
      if (chunk !== undefined) this.#launch(chunk)
      else if (this.#isDone()) return
      else await rung
    }
  }

  #hasRoom(): boolean {
    const few = this.#active < this.#parts.mostChunks && this.#queued < MOST_QUEUED
    return few && this.#outcomes.length < MOST_OUTCOMES
  }

  #isDone(): boolean {
    const open = this.#active + this.#again.length + this.#pauses.size + this.#assembly.size
    return this.#source.ended && open === 0
  }

  async #nextChunk(): Promise<Chunk | undefined> {
    const { sizer, intake, skip } = this.#parts
    while (!this.#source.ended && !this.#assembly.isFull(sizer.rows)) {
      if (this.#assembly.waiting >= MOST_WAITING || this.#outcomes.length >= MOST_OUTCOMES) break
      const pulled = await this.#source.next()
      if (pulled === undefined) break
      const [row, index] = pulled
      if (index < skip) continue
      const taken = await intake.take(row, index)
      if ('identity' in taken) this.#assembly.add(taken)
      else {
        this.#outcomes.push([index, undefined, taken])
        this.#bell.ring()
      }
    }
    return this.#assembly.take(sizer.rows, sizer.manner)
  }

  #launch(chunk: Chunk): void {
    this.#active += 1
    this.#queued += 1
    let waits = true
    const sent = () => {
      if (waits) this.#queued -= 1
      waits = false
      this.#bell.ring()
    }
    sendChunk(this.#sending, chunk, sent)
      .then(({ chunk: open, unchanged, result, tookMs }) => {
        for (const item of unchanged) this.#finish(item, { status: 'unchanged' })
        this.#learn(open, result, tookMs)
        this.#follow(open, result)
      })
      .catch((error) => this.#fail(error))
      .finally(() => {
        this.#active -= 1
        sent()
      })
  }

  #learn({ items, manner }: Chunk, result: ChunkResult, tookMs: number | undefined): void {
    const { sizer } = this.#parts
    const whole = result.kind === 'done' || (result.kind === 'each' && manner === 'together')
    if (whole && tookMs !== undefined) sizer.timed(items.length, tookMs)
    const passed = result.kind === 'passing' || result.kind === 'lost'
    if (passed && result.smaller) sizer.tooMuch(items.length)
  }

  #follow(chunk: Chunk, result: ChunkResult): void {
    const { target, sizer } = this.#parts
    const verdict = this.#verdict.hear(result, chunk)
    const { done, again, putOff, exhausted } = plan(target.kind, chunk, result, this.#verdict)
    for (const [item, fate] of done) {
      const rejected = fate.status === 'rejected'
      if (rejected) sizer.refused()
      // What holds for every row is no fault of this one.
      const blameless = verdict !== undefined && rejected && fate.code === verdict.code
      this.#finish(item, blameless ? unresolvedFate(verdict) : fate)
    }
    sizer.taken(done.length)
    if (putOff === 0) this.#again.push(...again)
    else for (const next of again) this.#pauses.add(next, putOff)
    const gaveUp = exhausted === undefined ? undefined : this.#verdict.gaveUp(exhausted)
    const end = result.kind === 'ended' ? result.error : (verdict ?? gaveUp)
    if (end !== undefined) this.#fail(end)
  }

  #finish(item: BulkItem, fate: RowFate): void {
    const { row, index } = item
    const key = row.key ?? (row.id === undefined ? undefined : `(${row.id})`)
    this.#outcomes.push([index, key, fate])
    this.#assembly.release(item)
    this.#bell.ring()
  }

  /** Reads and sends nothing more; what is under way may still come out. */
  #fail(error: unknown): void {
    this.#failure ??= { error: endOf(this.#parts.stop.signal, error) }
    this.#source.interrupt(error)
    this.#bell.ring()
  }

  /** What became of a row that was not sent again. */
  #leftFate(): RowFate {
    const error = this.#failure?.error
    return error instanceof DataverseError ? unresolvedFate(error) : NOT_SENT
  }
}

/** The error that work ends with: past its deadline or called off, that rather than what came of it. */
export function endOf({ aborted, reason }: AbortSignal, cause: unknown): unknown {
  if (!aborted) return cause
  if (reason instanceof TransportError) return reason
  if (cause instanceof DataverseError || cause instanceof TransportError) return cause
  return new TransportError('aborted', {
    what: 'The bulk write was called off.',
    why: 'Whoever asked for it stopped it.',
    remedy: 'Go on from the last checkpoint if it is still wanted.',
    retry: { when: 'later' },
    cause,
  })
}
