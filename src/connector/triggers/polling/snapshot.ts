import { isObject, type JsonObject } from '../../../kernel/index.ts'
import { type ChangePlace, placeJson, readPlace } from './change-place.ts'
import { beginPoll, type PollState } from './poll-state.ts'
import { SeenRows } from './seen-rows.ts'

const VERSION = 1

/** What a kept snapshot turned out to be. */
export type ReadSnapshot =
  | { readonly kind: 'none' }
  /** Of another table or column, or of no known shape. */
  | { readonly kind: 'foreign' }
  | { readonly kind: 'ours'; readonly state: PollState }

/** A state as it is kept, and what of it is. */
export interface WrittenSnapshot {
  readonly cursor: JsonObject
  /** The state without the rows that were forgotten, so that memory stays as small as the snapshot. */
  readonly state: PollState
  /** How many rows were forgotten for want of room: where they are read again they come again. */
  readonly forgotten: number
}

/**
 * Writes a state in at most so many bytes of JSON. What does not fit is forgotten: first the oldest of the
 * remembered rows, then the place in the changes.
 */
export function writeSnapshot(
  state: PollState,
  mostBytes: number,
  place?: ChangePlace,
): WrittenSnapshot {
  const { of, low, link, end, held } = state
  const walk = {
    v: VERSION,
    of,
    low: new Date(low).toISOString(),
    ...(link === undefined ? {} : { link }),
    ...(end === undefined ? {} : { end: new Date(end).toISOString() }),
    ...(held ? { held } : {}),
    seen: '',
  }
  const both = place === undefined ? walk : { ...walk, changes: placeJson(place) }
  const frame = sizeOf(both) <= mostBytes ? both : walk
  const { text, forgotten } = state.seen.write(Math.max(0, mostBytes - sizeOf(frame)))
  const seen = SeenRows.read(text) ?? SeenRows.none
  return { cursor: { ...frame, seen: text }, state: { ...state, seen }, forgotten }
}

/** Reads how far the changes were read, from a snapshot of the same poll. */
export function placeIn(snapshot: unknown, of: string): ChangePlace | undefined {
  if (!isObject(snapshot) || snapshot['v'] !== VERSION || snapshot['of'] !== of) return undefined
  return readPlace(snapshot['changes'])
}

function sizeOf(frame: JsonObject): number {
  return Buffer.byteLength(JSON.stringify(frame))
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
  const end = timeOf(snapshot['end'])
  return {
    kind: 'ours',
    state: {
      of,
      low,
      ...(typeof link === 'string' ? { link } : {}),
      ...(end === undefined ? {} : { end }),
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
