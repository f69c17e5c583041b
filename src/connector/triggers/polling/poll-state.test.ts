import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { advance, beginPoll, type PollState, within } from './poll-state.ts'
import { stamped } from './seen-rows.ts'
import { readSnapshot, writeSnapshot } from './snapshot.ts'

const WINDOW = 300_000
const SECOND = 1_000

/** A row of a simulated table: stamped when it is written, visible when its transaction ends. */
interface SimulatedRow {
  readonly id: number
  readonly version: number
  readonly at: number
  readonly visibleAt: number
}

type Step =
  | { readonly do: 'wait'; readonly ms: number }
  | { readonly do: 'write'; readonly id: number; readonly lateMs: number }
  | { readonly do: 'page' }
  | { readonly do: 'crash'; readonly keepOutput: boolean }
  /** Moves the end of the poll to so much after now, or takes it away. */
  | { readonly do: 'end'; readonly afterMs: number | undefined }

const step: fc.Arbitrary<Step> = fc.oneof(
  fc.record({ do: fc.constant('wait' as const), ms: fc.nat(400).map((n) => n * 1_000) }),
  {
    weight: 4,
    arbitrary: fc.record({
      do: fc.constant('write' as const),
      id: fc.nat(12),
      lateMs: fc.oneof(fc.constant(0), fc.nat(WINDOW)),
    }),
  },
  { weight: 4, arbitrary: fc.record({ do: fc.constant('page' as const) }) },
  fc.record({ do: fc.constant('crash' as const), keepOutput: fc.boolean() }),
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant('end' as const),
      afterMs: fc.option(fc.integer({ min: -2 * WINDOW, max: WINDOW }), { nil: undefined }),
    }),
  },
)

/** A table over time and a poll that reads it page by page, as the service would serve it. */
class Simulation {
  now = Date.UTC(2026, 0, 1)
  readonly rows: SimulatedRow[] = []
  readonly emitted: string[] = []
  end: number | undefined
  #kept: unknown
  #versions = 0
  readonly #pageSize: number
  readonly #cursorBytes: number

  constructor(pageSize: number, cursorBytes: number) {
    this.#pageSize = pageSize
    this.#cursorBytes = cursorBytes
  }

  write(id: number, lateMs: number) {
    const version = ++this.#versions
    this.rows.push({ id, version, at: this.#second(), visibleAt: this.now + lateMs })
  }

  /** What a query sees now: of each row the newest version that is visible. */
  #visible(): readonly SimulatedRow[] {
    const newest = new Map<number, SimulatedRow>()
    for (const row of this.rows) {
      const known = newest.get(row.id)
      const newer = known === undefined || row.version > known.version
      if (row.visibleAt <= this.now && newer) newest.set(row.id, row)
    }
    return [...newest.values()].sort((a, b) => a.at - b.at || a.id - b.id)
  }

  /** Reads one page and keeps the checkpoint, or dies before it is kept. */
  page(dies?: 'with output' | 'without output'): boolean {
    const read = readSnapshot(this.#kept, 'account/modifiedon', WINDOW)
    const end = this.end === undefined ? {} : { end: this.end }
    const begun = read.kind === 'ours' ? read.state : beginPoll('account/modifiedon', 0)
    const state: PollState = within(begun, { start: 0, ...end })
    const last = this.end ?? Number.POSITIVE_INFINITY
    if (state.low > last) return true
    const [at = state.low, after = -1, until = last] = (state.link ?? '')
      .split('/')
      .filter(Boolean)
      .map(Number)
    const rest = this.#visible().filter(
      (row) => row.at <= until && (row.at > at || (row.at === at && row.id > after)),
    )
    const rows = rest.slice(0, this.#pageSize)
    const lastRow = rows.at(-1)
    const more = rest.length > rows.length && lastRow !== undefined
    const page = {
      rows: rows.map((row) => stamped(row.at, `${row.id} ${row.version}`)),
      servedAt: this.#second(),
      ...end,
      ...(more ? { link: `${lastRow.at}/${lastRow.id}/${until}` } : {}),
    }
    const { fresh, state: next } = advance(state, page, WINDOW)
    if (dies !== 'without output') {
      for (const index of fresh) {
        const row = rows[index]
        if (row !== undefined) this.emitted.push(`${row.id} ${row.version}`)
      }
    }
    if (dies === undefined) {
      const { cursor: snapshot } = writeSnapshot(next, this.#cursorBytes)
      assert.ok(JSON.stringify(snapshot).length <= Math.max(this.#cursorBytes, 400))
      this.#kept = JSON.parse(JSON.stringify(snapshot))
    }
    return !more
  }

  /** Everything that a reader could ever have seen of the newest versions, once all is visible. */
  finish() {
    this.end = undefined
    this.now += 2 * WINDOW
    for (let walks = 0, pages = 0; walks < 2; pages += 1) {
      if (this.page()) walks += 1
      assert.ok(pages < 1_000, 'the walk does not end')
    }
  }

  run(one: Step) {
    if (one.do === 'wait') this.now += one.ms
    if (one.do === 'write') this.write(one.id, one.lateMs)
    if (one.do === 'page') this.page()
    if (one.do === 'end') this.end = one.afterMs && this.now + one.afterMs
    if (one.do === 'crash') this.page(one.keepOutput ? 'with output' : 'without output')
  }

  // The service stamps whole seconds.
  #second(): number {
    return Math.floor(this.now / SECOND) * SECOND
  }
}

test('the last state of every row comes out, whatever is late, tied or cut off', () => {
  fc.assert(
    fc.property(
      fc.array(step, { maxLength: 80 }),
      fc.constantFrom(1, 2, 5),
      fc.constantFrom(0, 100, 120, 150, 5_000),
      (steps, pageSize, cursorBytes) => {
        const simulation = new Simulation(pageSize, cursorBytes)
        for (const one of steps) simulation.run(one)
        simulation.finish()
        const newest = new Map(simulation.rows.map(({ id, version }) => [id, version]))
        const emitted = new Set(simulation.emitted)
        for (const [id, version] of newest) assert.ok(emitted.has(`${id} ${version}`))
      },
    ),
    { numRuns: 1_000 },
  )
})

test('nothing comes out twice as long as the snapshot holds the window and no output outlives its checkpoint', () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 80 }), fc.constantFrom(1, 2, 5), (steps, pageSize) => {
      const simulation = new Simulation(pageSize, 5_000)
      for (const one of steps) {
        simulation.run(one.do === 'crash' ? { do: 'crash', keepOutput: false } : one)
      }
      simulation.finish()
      assert.equal(new Set(simulation.emitted).size, simulation.emitted.length)
    }),
    { numRuns: 1_000 },
  )
})

test('a table at rest is not read again', () => {
  const at = Date.UTC(2026, 0, 1)
  const page = { rows: [stamped(at, 'a')], servedAt: at + 2 * WINDOW }
  const { state } = advance(beginPoll('account/modifiedon', 0), page, WINDOW)
  assert.equal(state.low, at + WINDOW)
  assert.equal(state.seen.stamps, 0)
})

test('what lies beyond the end of a walk is not taken for read', () => {
  const at = Date.UTC(2026, 0, 1)
  const page = { rows: [stamped(at, 'a')], servedAt: at + 10 * WINDOW, end: at + WINDOW }
  const { state } = advance(beginPoll('account/modifiedon', 0), page, WINDOW)
  assert.deepEqual([state.low, state.end], [at + WINDOW + 1, undefined])
  const first = advance(beginPoll('account/modifiedon', 0), { ...page, link: 'on' }, WINDOW)
  assert.deepEqual([first.state.link, first.state.end], ['on', page.end])
})
