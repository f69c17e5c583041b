import { SeenRows, type Stamped, type ToldRows } from './seen-rows.ts'

/**
 * How far a poll has come. It walks a table in the order of a timestamp; walk after walk begins a window
 * before the time of the last one, since a row may become visible later than it is stamped.
 */
export interface PollState {
  /** The table and column it is a poll of. */
  readonly of: string
  /** In ms: every row stamped before has been put out, unless it came later than the window allows. */
  readonly low: number
  /** Where an unfinished walk goes on, in the service's own words. */
  readonly link?: string
  /** Where the unfinished walk ends, in ms, inclusive. */
  readonly end?: number
  /** Whether the rest of this walk says nothing of older rows, so that `low` stays until the next. */
  readonly held: boolean
  /** What was put out of the rows stamped at `low` or later. */
  readonly seen: SeenRows
}

/** One page of a walk. */
export interface WalkedPage {
  /** In the order of their stamps. */
  readonly rows: readonly Stamped[]
  /** When the service answered, by its own clock, in ms. */
  readonly servedAt: number
  /** Where the next page is; none on the last. */
  readonly link?: string
  /** What the walk is not to go beyond, in ms, inclusive; it says nothing of later rows. */
  readonly end?: number
}

/** Begins a poll at a time, inclusive. */
export function beginPoll(of: string, low: number): PollState {
  return { of, low, held: false, seen: SeenRows.none }
}

/** Goes on within a start and an end, both in ms and inclusive, that may have been moved since. */
export function within(
  state: PollState,
  { start, end }: { readonly start: number; readonly end?: number },
): PollState {
  const { of, low, seen } = state
  if (low >= start && state.end === end) return state
  // The link leads on in another range.
  return { of, low: Math.max(low, start), held: false, seen }
}

/**
 * Tells before when, in ms, rows that turn up now are met by no walk any more. A walk amid rows of one and
 * the same time may have passed the place among them.
 */
export function passedBefore({ low, link, held }: PollState): number {
  return link === undefined || held ? low : low + 1
}

/** Takes one page: tells which of its rows are new, and how far the poll is then. */
export function advance(
  state: PollState,
  page: WalkedPage,
  windowMs: number,
): ToldRows & { readonly state: PollState } {
  const { rows, servedAt, link, end } = page
  // Rows stamped before this may no longer turn up; the page tells of those up to where it reaches.
  const settled = servedAt - windowMs
  const reached = link === undefined ? (end ?? Number.POSITIVE_INFINITY) + 1 : rows.at(-1)?.at
  const low = state.held ? state.low : Math.max(state.low, Math.min(reached ?? 0, settled))
  const ended = link === undefined
  return {
    ...state.seen.tell(rows),
    state: {
      of: state.of,
      low,
      ...(ended ? {} : { link, ...(end === undefined ? {} : { end }) }),
      held: !ended && (state.held || (reached ?? 0) > settled),
      seen: state.seen.with(rows, low),
    },
  }
}
