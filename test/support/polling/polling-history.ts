import fc from 'fast-check'
import { type Change, MOST_ROWS } from './polled-table.ts'
import type { Execution, Poll } from './polling-host.ts'

/** A poll from its beginning, with all that happens to its table and its host. */
export interface History {
  readonly poll: Poll
  readonly steps: readonly Step[]
}

type Step = Change | ({ readonly do: 'execute' } & Execution)

/** What histories are to be like. */
export interface HistoryOptions {
  readonly poll: PollOptions
  /** How late a row may become visible, in seconds; within an execution never later than a walk meets. */
  readonly latest: number
  /** Whether the service may refuse a link. */
  readonly refusals: boolean
  /** Whether what came out without a checkpoint after it may stay, and so come out again. */
  readonly outputOutlivesCheckpoint: boolean
}

type PollOptions = {
  readonly [Field in 'maxCursorBytes' | 'objectType' | 'pollConfig']: readonly Poll[Field][]
}

const SKEW_S = 60
const WINDOW_S = 300

/** How late a row may be and is still met by a walk, in seconds: 5 minutes, by clocks that differ by one. */
export const LATEST_S = WINDOW_S + SKEW_S

const seldom = <Value>(arbitrary: fc.Arbitrary<Value>) =>
  fc.oneof({ weight: 3, arbitrary: fc.constant(undefined) }, { weight: 1, arbitrary })

const wait: fc.Arbitrary<Change> = fc.record({
  do: fc.constant('wait' as const),
  seconds: fc.oneof(fc.nat(2), fc.nat(LATEST_S), fc.constantFrom(LATEST_S + 1, 1_000)),
})

function writes(latest: number): fc.Arbitrary<Change> {
  return fc.record({
    do: fc.constant('write' as const),
    first: fc.nat(MOST_ROWS - 1),
    count: fc.oneof(fc.constant(1), fc.integer({ min: 2, max: MOST_ROWS })),
    late: fc.oneof(
      { weight: 2, arbitrary: fc.constant(0) },
      fc.integer({ min: -SKEW_S, max: latest }),
      fc.constantFrom(-SKEW_S, 1, WINDOW_S, latest),
    ),
  })
}

function changes(latest: number): fc.Arbitrary<Change> {
  return fc.oneof(
    { weight: 2, arbitrary: wait },
    { weight: 4, arbitrary: writes(latest) },
    fc.record({ do: fc.constant('delete' as const), row: fc.nat(MOST_ROWS - 1) }),
  )
}

function executions(options: HistoryOptions): fc.Arbitrary<Step> {
  const { latest, refusals, outputOutlivesCheckpoint } = options
  const after = fc.nat(8)
  const keepsOutput = outputOutlivesCheckpoint ? fc.boolean() : fc.constant(false)
  const forgets = fc.oneof(fc.constant(0), fc.nat(3))
  // A later one can be put out by the walk as well as for its lateness after it.
  const some = fc.array(changes(Math.min(latest, LATEST_S)), { minLength: 1, maxLength: 3 })
  return fc.record({
    do: fc.constant('execute' as const),
    emitBehavior: fc.constantFrom('emitIndividually' as const, 'emitPage' as const),
    pageSize: fc.constantFrom(1, 2, 3, 5, 50),
    singlePagePerInterval: fc.oneof(fc.constant(true), fc.boolean()),
    meanwhile: seldom(fc.record({ after, changes: some })),
    refusesLink: refusals ? seldom(fc.constant(true)) : fc.constant(false),
    dies: seldom(fc.record({ after, keepsOutput, forgets })),
  })
}

function polls({ objectType, pollConfig, maxCursorBytes }: PollOptions): fc.Arbitrary<Poll> {
  const poll = fc.record({
    objectType: fc.constantFrom(...objectType),
    pollConfig: fc.constantFrom(...pollConfig),
    maxCursorBytes: fc.constantFrom(...maxCursorBytes),
    start: seldom(fc.integer({ min: -LATEST_S, max: LATEST_S })),
  })
  return fc.tuple(poll, seldom(fc.nat(2_000))).map(([from, length]) => ({
    ...from,
    end: length === undefined ? undefined : (from.start ?? 0) + length,
  }))
}

/** Makes histories. Much of what goes wrong, goes wrong among rows that are older than the window. */
export function histories(options: HistoryOptions): fc.Arbitrary<History> {
  const { latest } = options
  const step = fc.oneof(changes(latest), executions(options))
  const steps = fc.tuple(
    fc.array(writes(latest), { maxLength: 3 }),
    wait,
    fc.array(step, { maxLength: 24 }),
  )
  return fc.record({
    poll: polls(options.poll),
    steps: steps.map(([backlog, pause, rest]) => [...backlog, pause, ...rest]),
  })
}
