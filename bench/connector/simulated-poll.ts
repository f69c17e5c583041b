import { advance, beginPoll } from '../../src/connector/triggers/polling/poll-state.ts'
import { type Stamped, stamped } from '../../src/connector/triggers/polling/seen-rows.ts'
import { writeSnapshot } from '../../src/connector/triggers/polling/snapshot.ts'

const MINUTE = 60_000
const OVERLAP = 6 * MINUTE
const PAGE = 5_000
const MINUTES = 60

/** How a table is written to, and how it is polled. */
export interface Load {
  readonly rowsPerMinute: number
  /** What share of the writes update a row that was written in the last six minutes. */
  readonly updates: number
  /** What share of the rows becomes visible later than it is stamped, by up to five minutes. */
  readonly late: number
  readonly minutesBetween: number
  readonly snapshotBytes: number
}

interface Written extends Stamped {
  readonly visibleAt: number
  /** When the row’s next version became visible, in whose place this one is then. */
  replacedAt: number
}

/** What an hour of polling put out: all rows, and those that had been put out before. */
export interface PutOut {
  readonly rows: number
  readonly repeated: number
}

/** Polls a simulated table for an hour, by the state and snapshots of the polling trigger. */
export function pollForAnHour(load: Load): PutOut {
  const table = writeForAnHour(load)
  const putOut = new Set<Written>()
  let [rows, repeated] = [0, 0]
  let state = beginPoll('account/modifiedon', 0)
  for (let now = load.minutesBetween * MINUTE; now <= MINUTES * MINUTE; ) {
    const visible = table.filter(
      ({ at, visibleAt, replacedAt }) => at >= state.low && visibleAt <= now && replacedAt > now,
    )
    for (let first = 0; first === 0 || first < visible.length; first += PAGE) {
      const page = visible.slice(first, first + PAGE)
      const link = first + PAGE < visible.length ? { link: 'accounts?$skiptoken=' } : {}
      const { fresh, state: next } = advance(state, { rows: page, servedAt: now, ...link }, OVERLAP)
      for (const index of fresh) {
        const row = page[index]
        if (row === undefined) continue
        rows += 1
        if (putOut.has(row)) repeated += 1
        putOut.add(row)
      }
      state = writeSnapshot(next, load.snapshotBytes).state
    }
    now += load.minutesBetween * MINUTE
  }
  return { rows, repeated }
}

function writeForAnHour({ rowsPerMinute, updates, late }: Load): readonly Written[] {
  const random = seeded(1)
  const table: Written[] = []
  const recent = rowsPerMinute * 6
  let now = 0
  while (now < MINUTES * MINUTE) {
    // As calls come that know nothing of each other.
    now += (-Math.log(1 - random()) * MINUTE) / rowsPerMinute
    // Stamped in whole seconds, as the service does it.
    const at = now - (now % 1_000)
    const visibleAt = random() < late ? now + random() * 5 * MINUTE : now
    const some = table.length - 1 - Math.floor(random() * recent)
    const older = random() < updates ? table[Math.max(0, some)] : undefined
    if (older !== undefined) older.replacedAt = Math.min(older.replacedAt, visibleAt)
    const hash = stamped(at, `${table.length}`)
    table.push({ ...hash, visibleAt, replacedAt: Number.POSITIVE_INFINITY })
  }
  return table
}

// The same numbers in every run.
function seeded(seed: number): () => number {
  let state = seed
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return state / 2 ** 32
  }
}
