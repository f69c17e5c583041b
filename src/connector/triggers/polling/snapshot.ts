import { isObject, type JsonObject } from '../../../kernel/index.ts'
import { beginPoll, type PollState } from './poll-state.ts'
import { SeenRows } from './seen-rows.ts'

const VERSION = 1
// Beside the remembered rows: names, times and punctuation.
const FRAME_BYTES = 300

/** What a kept snapshot turned out to be. */
export type ReadSnapshot =
  | { readonly kind: 'none' }
  /** Of another table or column, or of no known shape. */
  | { readonly kind: 'foreign' }
  | { readonly kind: 'ours'; readonly state: PollState }

/**
 * Writes a state in at most so many bytes of JSON. The rows that do not fit are forgotten, in the state
 * that comes back too, so that memory stays as small as the snapshot.
 *
 * @param since where the changes go on in which late rows are looked for
 */
export function writeSnapshot(
  state: PollState,
  mostBytes: number,
  since?: string,
): { readonly cursor: JsonObject; readonly state: PollState } {
  const { of, low, link, held } = state
  const links = (link?.length ?? 0) + (since?.length ?? 0)
  const room = Math.max(0, mostBytes - FRAME_BYTES - links)
  const seen = state.seen.write(room)
  const cursor = {
    v: VERSION,
    of,
    low: new Date(low).toISOString(),
    ...(link === undefined ? {} : { link }),
    ...(held ? { held } : {}),
    ...(since === undefined ? {} : { since }),
    seen,
  }
  return { cursor, state: { ...state, seen: SeenRows.read(seen) ?? SeenRows.none } }
}

/** Where the changes go on in which late rows are looked for, in a snapshot of the same poll. */
export function sinceIn(snapshot: unknown, of: string): string | undefined {
  if (!isObject(snapshot) || snapshot['v'] !== VERSION || snapshot['of'] !== of) return undefined
  const { since } = snapshot
  return typeof since === 'string' ? since : undefined
}

/**
 * Reads a snapshot of ours, or one of the five shapes that the components before this one kept: those
 * begin a window early, since their rows are not remembered.
 */
export function readSnapshot(snapshot: unknown, of: string, windowMs: number): ReadSnapshot {
  if (snapshot === undefined || snapshot === null) return { kind: 'none' }
  if (isObject(snapshot) && snapshot['v'] === VERSION) return readOurs(snapshot, of)
  if (isObject(snapshot) && Object.keys(snapshot).length === 0) return { kind: 'none' }
  const time = timeOf(olderTime(snapshot))
  if (time === undefined) return { kind: 'foreign' }
  return { kind: 'ours', state: beginPoll(of, Math.max(0, time - windowMs)) }
}

function readOurs(snapshot: { readonly [key: string]: unknown }, of: string): ReadSnapshot {
  const low = timeOf(snapshot['low'])
  const seen = typeof snapshot['seen'] === 'string' ? SeenRows.read(snapshot['seen']) : undefined
  if (snapshot['of'] !== of || low === undefined || seen === undefined) return { kind: 'foreign' }
  const link = snapshot['link']
  return {
    kind: 'ours',
    state: {
      of,
      low,
      ...(typeof link === 'string' ? { link } : {}),
      held: snapshot['held'] === true,
      seen,
    },
  }
}

const OLDER_NAMES = ['startTime', 'nextStartTime', 'previousLastModified', 'lastModificationTime']

function olderTime(snapshot: unknown): unknown {
  if (!isObject(snapshot)) return snapshot
  return OLDER_NAMES.map((name) => snapshot[name]).find((value) => value !== undefined)
}

function timeOf(value: unknown): number | undefined {
  const text = value instanceof Date ? value.toISOString() : value
  if (typeof text !== 'string' || !/^\d{4}-\d{2}-\d{2}T/.test(text)) return undefined
  const ms = Date.parse(text)
  return Number.isNaN(ms) ? undefined : ms
}
