import type { DataverseError } from '../errors/dataverse-error.ts'
import { blame } from './blame.ts'
import type { BulkItem, BulkKind, Chunk, ChunkResult, RowResult } from './chunk.ts'
import { type RowFate, rejectionOf, unknownFate } from './outcome.ts'

/** What follows from the result of a chunk: every row of it is in `done` or in one chunk of `again`. */
export interface Plan {
  readonly done: readonly (readonly [BulkItem, RowFate])[]
  readonly again: readonly Chunk[]
  /** How often the chunk has been put off: how long to wait before the next try grows with it. */
  readonly putOff: number
}

const MOST_TRIES = 6
// The limit controller waits as long as the service asks before each of these.
const MOST_THROTTLED = 50
const SETTLED_AFTER = 3
const MOST_EACH = 8
const PARTS = 4
// What the service says of a row that is there already.
const DUPLICATE = new Set(['0x80040237', '0x80060892'])

/** Decides what follows from the result of a chunk. Pure, so that it can be tried with every failure. */
export function plan(kind: BulkKind, chunk: Chunk, result: ChunkResult): Plan {
  const { items } = chunk
  if (result.kind === 'done') {
    return {
      done: pair(items, (_, place) => result.fates[place] ?? { status: 'written' }),
      again: [],
      putOff: 0,
    }
  }
  if (result.kind === 'each') return planEach(kind, chunk, result.rows)
  if (result.kind === 'refused') return planRefused(chunk, result.error)
  if (result.kind === 'passing') return planPassing(chunk, result)
  return planLost(kind, chunk, result)
}

function planRefused(chunk: Chunk, error: DataverseError): Plan {
  const { items, maybeWritten } = chunk
  // A row that is there already may be there from before the answer was lost.
  if (maybeWritten && isDuplicate(error))
    return again([{ ...chunk, manner: 'check', tries: chunk.tries + 1 }])
  const { suspects, column } = blame(error, items)
  if (items.length === 1) {
    return { done: pair(items, () => rejectionOf(error, column)), again: [], putOff: 0 }
  }
  const next = (part: readonly BulkItem[], manner: Chunk['manner'] = 'together'): Chunk => ({
    ...chunk,
    items: part,
    manner,
  })
  if (suspects.length > 0) {
    const rest = items.filter((item) => !suspects.includes(item))
    return again([next(rest), next(suspects, suspects.length === 1 ? 'together' : 'each')])
  }
  if (items.length <= MOST_EACH) return again([next(items, 'each')])
  return again(split(items, PARTS).map((part) => next(part)))
}

function planPassing(
  chunk: Chunk,
  { error, smaller }: { readonly error: DataverseError; readonly smaller: boolean },
): Plan {
  const tries = chunk.tries + 1
  if (tries > (error.code === 'throttled' ? MOST_THROTTLED : MOST_TRIES)) {
    return { done: pair(chunk.items, () => rejectionOf(error, undefined)), again: [], putOff: 0 }
  }
  const parts = smaller ? split(chunk.items, 2) : [chunk.items]
  return { ...again(parts.map((items) => ({ ...chunk, items, tries }))), putOff: tries }
}

// A write by key may be sent again; a new row is looked for by the id it was given.
function planLost(
  kind: BulkKind,
  chunk: Chunk,
  { why, smaller }: { readonly why: string; readonly smaller: boolean },
): Plan {
  const tries = chunk.tries + 1
  const next: Chunk = { ...chunk, tries, maybeWritten: true }
  if (chunk.manner === 'check' || tries > MOST_TRIES + 1) {
    if (tries > MOST_TRIES + 1) {
      return { done: pair(chunk.items, () => unknownFate(why)), again: [], putOff: 0 }
    }
    return { ...again([next]), putOff: tries }
  }
  if (kind === 'create' || tries > MOST_TRIES) {
    return { ...again([{ ...next, manner: 'check' }]), putOff: tries }
  }
  const parts = smaller ? split(chunk.items, 2) : [chunk.items]
  return { ...again(parts.map((items) => ({ ...next, items }))), putOff: tries }
}

function planEach(kind: BulkKind, chunk: Chunk, rows: readonly RowResult[]): Plan {
  const done: (readonly [BulkItem, RowFate])[] = []
  const lost: BulkItem[] = []
  const missing: BulkItem[] = []
  const refused: BulkItem[] = []
  chunk.items.forEach((item, place) => {
    const result = rows[place] ?? { kind: 'lost', why: 'the answer does not tell of the row' }
    if (result.kind === 'done') done.push([item, result.fate])
    else if (result.kind === 'missing') missing.push(item)
    else if (result.kind === 'lost') lost.push(item)
    else if (chunk.maybeWritten && isDuplicate(result.error)) refused.push(item)
    else done.push([item, rejectionOf(result.error, blame(result.error, [item]).column)])
  })
  const of = (items: readonly BulkItem[], change: Partial<Chunk>): readonly Chunk[] =>
    items.length === 0 ? [] : [{ ...chunk, ...change, items }]
  const after = lost.length === 0 ? undefined : planLost(kind, { ...chunk, items: lost }, LOST)
  // A write whose answer was lost may still be under way; after a few looks it is not.
  const maybeWritten = chunk.tries < SETTLED_AFTER
  return {
    done: [...done, ...(after?.done ?? [])],
    again: [
      ...(after?.again ?? []),
      ...of(missing, { manner: 'together', maybeWritten }),
      ...of(refused, { manner: 'check', tries: chunk.tries + 1 }),
    ],
    putOff: after?.putOff ?? 0,
  }
}

const LOST = { why: 'the answer broke off', smaller: false }

function isDuplicate({ dataverseCode }: DataverseError): boolean {
  return dataverseCode !== undefined && DUPLICATE.has(dataverseCode)
}

function again(chunks: readonly Chunk[]): Plan {
  return { done: [], again: chunks.filter(({ items }) => items.length > 0), putOff: 0 }
}

function pair(items: readonly BulkItem[], fate: (item: BulkItem, place: number) => RowFate) {
  return items.map((item, place) => [item, fate(item, place)] as const)
}

/** Cuts a list into parts of nearly the same length. */
function split<Item>(items: readonly Item[], parts: number): readonly (readonly Item[])[] {
  const size = Math.ceil(items.length / Math.min(parts, items.length))
  return Array.from({ length: Math.ceil(items.length / size) }, (_, part) =>
    items.slice(part * size, (part + 1) * size),
  )
}
