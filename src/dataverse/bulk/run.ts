import type { Clock, Random } from '../../kernel/index.ts'
import { TransportError } from '../../transport/index.ts'
import { DataverseError } from '../errors/dataverse-error.ts'
import type { Limits } from '../limits/limits.ts'
import { Assembly } from './assembly.ts'
import type { BulkItem, Chunk, ChunkResult } from './chunk.ts'
import { type BulkTarget, dispatch, resultOf } from './dispatch.ts'
import type { BulkRow, Intake } from './intake.ts'
import { holdsValues, readKnownRows } from './known-rows.ts'
import { type BulkOutcome, type RowFate, unknownFate } from './outcome.ts'
import { plan } from './plan.ts'
import { Progress } from './progress.ts'
import type { Sizer } from './sizer.ts'
import type { Stopwatch } from './stopwatch.ts'

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
const FIRST_PAUSE_MS = 250
const LONGEST_PAUSE_MS = 15_000

/** One bulk write: reads rows, keeps chunks under way, hands out outcomes. */
export class Run {
  readonly #parts: RunParts
  readonly #source: AsyncIterator<BulkRow> | Iterator<BulkRow>
  readonly #assembly: Assembly
  readonly #progress: Progress
  readonly #again: Chunk[] = []
  readonly #paused = new Set<Chunk>()
  readonly #outcomes: (readonly [index: number, key: string | undefined, fate: RowFate])[] = []
  #index = 0
  #sourceEnded = false
  /** Chunks under way, and those of them whose turn has not come. */
  #active = 0
  #queued = 0
  #ended = false
  #failure: { readonly error: unknown } | undefined
  #change = Promise.withResolvers<void>()
  #interrupt: ((reason: unknown) => void) | undefined

  constructor(rows: AsyncIterable<BulkRow> | Iterable<BulkRow>, parts: RunParts) {
    this.#parts = parts
    this.#source =
      Symbol.asyncIterator in rows ? rows[Symbol.asyncIterator]() : rows[Symbol.iterator]()
    this.#assembly = new Assembly(parts.mostBytes)
    this.#progress = new Progress(parts.skip)
    const { signal } = parts.stop
    signal.addEventListener('abort', () => {
      this.#interrupt?.(signal.reason)
      this.#changed()
    })
  }

  /** The outcomes as they come; in the end the error that ended the work, if one did. */
  async *outcomes(): AsyncGenerator<BulkOutcome, void, undefined> {
    const driving = this.#drive()
    try {
      for (;;) {
        const next = this.#outcomes.shift()
        if (next === undefined) {
          if (this.#ended) break
          await this.#change.promise
          continue
        }
        const [index, key, fate] = next
        if (this.#outcomes.length === 0) this.#changed()
        const checkpoint = this.#progress.add(index)
        yield { ...fate, index, ...(key === undefined ? {} : { key }), checkpoint }
      }
    } finally {
      this.#parts.stop.abort()
      await driving
    }
    if (this.#failure !== undefined) throw this.#failure.error
  }

  #changed(): void {
    this.#change.resolve()
    this.#change = Promise.withResolvers()
  }

  /** Works until everything has its outcome; never rejects. */
  async #drive(): Promise<void> {
    try {
      await this.#work()
    } catch (error) {
      this.#fail(error)
    }
    while (this.#active > 0) await this.#change.promise
    for (const { items, maybeWritten } of [...this.#again, ...this.#paused]) {
      const fate = maybeWritten ? unknownFate('the work was called off') : NOT_SENT
      for (const item of items) this.#finish(item, fate)
    }
    for (const item of this.#assembly.drain()) this.#finish(item, NOT_SENT)
    this.#ended = true
    this.#changed()
    // A source that is still asked for its next row may never answer: it is told, not waited for.
    if (!this.#sourceEnded) Promise.resolve(this.#source.return?.()).catch(() => undefined)
  }

  async #work(): Promise<void> {
    const { signal } = this.#parts.stop
    for (;;) {
      signal.throwIfAborted()
      const change = this.#change.promise
      if (!this.#hasRoom()) {
        await change
        continue
      }
      const chunk = this.#again.shift() ?? (await this.#nextChunk())
      if (chunk !== undefined) this.#launch(chunk)
      else if (this.#isDone()) return
      else await change
    }
  }

  #hasRoom(): boolean {
    const few = this.#active < this.#parts.mostChunks && this.#queued < MOST_QUEUED
    return few && this.#outcomes.length < MOST_OUTCOMES
  }

  #isDone(): boolean {
    const open = this.#active + this.#again.length + this.#paused.size + this.#assembly.size
    return this.#sourceEnded && open === 0
  }

  async #nextChunk(): Promise<Chunk | undefined> {
    const { sizer, intake, skip } = this.#parts
    while (!this.#sourceEnded && !this.#assembly.isFull(sizer.rows)) {
      if (this.#assembly.waiting >= MOST_WAITING || this.#outcomes.length >= MOST_OUTCOMES) break
      const pulled = this.#source.next()
      const { done, value } = 'then' in pulled ? await this.#orInterrupted(pulled) : pulled
      if (done === true) {
        this.#sourceEnded = true
        break
      }
      const index = this.#index
      this.#index += 1
      if (index < skip) continue
      const taken = await intake.take(value, index)
      if ('identity' in taken) this.#assembly.add(taken)
      else {
        this.#outcomes.push([index, undefined, taken])
        this.#changed()
      }
    }
    return this.#assembly.take(sizer.rows)
  }

  #orInterrupted<Value>(pulled: Promise<Value>): Promise<Value> {
    return new Promise((resolve, reject) => {
      this.#interrupt = reject
      pulled.then(resolve, reject)
    })
  }

  #launch(chunk: Chunk): void {
    this.#active += 1
    this.#queued += 1
    this.#send(chunk)
      .catch((error) => this.#fail(error))
      .finally(() => {
        this.#active -= 1
        this.#changed()
      })
  }

  async #send(chunk: Chunk): Promise<void> {
    const { stop, stopwatch, target } = this.#parts
    // A signal of its own, by which its requests are known.
    const signal = AbortSignal.any([stop.signal])
    const watch = stopwatch.watch(signal, () => {
      this.#queued -= 1
      this.#changed()
    })
    let open = chunk
    try {
      open = await this.#distinguished(chunk, signal)
      if (open.items.length === 0) return
      const result = await dispatch(target, open, signal)
      this.#learn(open, result, watch.tookMs)
      this.#follow(open, result)
    } catch (error) {
      const refused = error instanceof DataverseError && error.code === 'unauthorized'
      const gone = (watch.sent && !refused) || open.maybeWritten
      const fate = gone ? unknownFate('the work ended while it was under way') : NOT_SENT
      for (const item of open.items) this.#finish(item, fate)
      throw error
    } finally {
      if (!watch.sent) this.#queued -= 1
    }
  }

  /** Reads which rows exist, once for each, and takes out those that hold the values already. */
  async #distinguished(chunk: Chunk, signal: AbortSignal): Promise<Chunk> {
    const { distinguish, target } = this.#parts
    const isNew = chunk.items.every(({ exists }) => exists === undefined)
    if (!distinguish || !isNew || chunk.manner === 'check') return chunk
    const known = await readKnownRows(target, chunk.items, signal).catch((error) => {
      const result = resultOf(error)
      if (result.kind === 'refused') throw error
      this.#follow(chunk, result)
      return undefined
    })
    if (known === undefined) return { ...chunk, items: [] }
    const items: BulkItem[] = []
    for (const item of chunk.items) {
      const found = known.get(item.identity)
      if (found !== undefined && holdsValues(found, item.row.body, target.table)) {
        this.#finish(item, { status: 'unchanged' })
      } else items.push({ ...item, exists: found !== undefined })
    }
    return { ...chunk, items }
  }

  #learn({ items, manner }: Chunk, result: ChunkResult, tookMs: number | undefined): void {
    const { sizer } = this.#parts
    const whole = result.kind === 'done' || (result.kind === 'each' && manner === 'together')
    if (whole && tookMs !== undefined) sizer.written(items.length, tookMs)
    const passed = result.kind === 'passing' || result.kind === 'lost'
    if (passed && result.smaller) sizer.tooMuch(items.length)
  }

  #follow(chunk: Chunk, result: ChunkResult): void {
    const { target, sizer } = this.#parts
    const { done, again, putOff } = plan(target.kind, chunk, result)
    for (const [item, fate] of done) {
      if (fate.status === 'rejected') sizer.refused()
      this.#finish(item, fate)
    }
    if (putOff === 0) this.#again.push(...again)
    else for (const next of again) this.#pause(next, putOff)
  }

  #pause(chunk: Chunk, putOff: number): void {
    const { clock, random, stop } = this.#parts
    const most = Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** (putOff - 1))
    this.#paused.add(chunk)
    clock.sleep(Math.round(most * (0.5 + random.next() / 2)), stop.signal).then(
      () => {
        if (this.#paused.delete(chunk)) this.#again.push(chunk)
        this.#changed()
      },
      () => undefined,
    )
  }

  #finish(item: BulkItem, fate: RowFate): void {
    const { row, index } = item
    const key = row.key ?? (row.id === undefined ? undefined : `(${row.id})`)
    this.#outcomes.push([index, key, fate])
    this.#assembly.release(item)
    this.#changed()
  }

  #fail(error: unknown): void {
    this.#failure ??= { error: this.#parts.stop.signal.aborted ? calledOff(error) : error }
    this.#parts.stop.abort()
    this.#changed()
  }
}

const NOT_SENT: RowFate = { status: 'not-sent' }

function calledOff(cause: unknown): unknown {
  if (cause instanceof DataverseError || cause instanceof TransportError) return cause
  return new TransportError('aborted', {
    what: 'The bulk write was called off.',
    why: 'Whoever asked for it stopped it, or its deadline passed.',
    remedy: 'Go on from the last checkpoint if it is still wanted.',
    who: 'you',
    retry: { when: 'later' },
    cause,
  })
}
