import type { CodedError } from '../../kernel/index.ts'
import type { DataverseError } from '../errors/dataverse-error.ts'
import { blame } from './blame.ts'
import type { BulkItem, BulkKind, Chunk, ChunkResult, RowResult } from './chunk.ts'
import { type RowFate, rejectionOf, unknownFate, unresolvedFate } from './outcome.ts'
import { type Situation, splitRefused } from './split.ts'

/** What follows from the result of a chunk: every row of it is in `done` or in one chunk of `again`. */
export interface Plan {
  readonly done: readonly (readonly [BulkItem, RowFate])[]
  readonly again: readonly Chunk[]
  /** How often the chunk has been put off: how long to wait before the next try grows with it. */
  readonly putOff: number
  /** The failure that was waited for to pass, and did not. */
  readonly exhausted?: CodedError
}

const MOST_TRIES = 6
// The limit controller waits as long as the service asks before each of these.
const MOST_THROTTLED = 50
const SETTLED_AFTER = 3
// What the service says of a row that is there already.
const DUPLICATE = new Set(['0x80040237', '0x80060892'])

/** Decides what follows from the result of a chunk. Pure, so that it can be tried with every failure. */
export function plan(
  kind: BulkKind,
  chunk: Chunk,
  result: ChunkResult,
  situation: Situation,
): Plan {
  const { items } = chunk
  switch (result.kind) {
    case 'done':
      return ended(items, (_, place) => result.fates[place] ?? { status: 'written' })
    case 'ended':
      return ended(items, () => result.fate)
    case 'each':
      return planEach(kind, chunk, result.rows)
    case 'parts':
      return merge(
        result.parts.map((part) =>
          plan(kind, { ...chunk, items: part.items, manner: 'together' }, part.result, situation),
        ),
      )
    case 'refused':
      return planRefused(kind, chunk, result.error, situation)
    case 'passing':
      return planPassing(chunk, result)
    case 'lost':
      return planLost(kind, chunk, result)
  }
}

function planRefused(
  kind: BulkKind,
  chunk: Chunk,
  error: DataverseError,
  situation: Situation,
): Plan {
  const { items, maybeWritten } = chunk
  // What was refused is the reading of the rows, which says nothing of their writing.
  if (chunk.manner === 'check') return planLost(kind, chunk, { error, smaller: false })
  // A row that is there already may be there from before the answer was lost.
  if (maybeWritten && isDuplicate(error)) {
    return again([{ ...chunk, manner: 'check', tries: chunk.tries + 1 }])
  }
  const { suspects, column } = blame(error, items)
  if (items.length === 1) return ended(items, () => rejectionOf(error, column))
  return again(splitRefused(chunk, error, suspects, situation))
}

function planPassing(
  chunk: Chunk,
  { error, smaller }: { readonly error: CodedError; readonly smaller: boolean },
): Plan {
  const tries = chunk.tries + 1
  const isThrottled = error.code === 'throttled'
  if (tries > (isThrottled ? MOST_THROTTLED : MOST_TRIES)) {
    const fate = chunk.maybeWritten ? unknownFate(error.message) : unresolvedFate(error)
    return { ...ended(chunk.items, () => fate), exhausted: error }
  }
  const parts = smaller ? halves(chunk.items) : [chunk.items]
  const next = again(parts.map((items) => ({ ...chunk, items, tries })))
  return { ...next, putOff: isThrottled ? 0 : tries }
}

// A write by key may be sent again; a new row is looked for by the id it was given.
function planLost(
  kind: BulkKind,
  chunk: Chunk,
  { error, smaller }: { readonly error: CodedError; readonly smaller: boolean },
): Plan {
  const tries = chunk.tries + 1
  const next: Chunk = { ...chunk, tries, maybeWritten: true }
  if (tries > MOST_TRIES + 1) {
    return { ...ended(chunk.items, () => unknownFate(error.message)), exhausted: error }
  }
  if (chunk.manner === 'check') return { ...again([next]), putOff: tries }
  if (kind === 'create' || tries > MOST_TRIES) {
    return { ...again([{ ...next, manner: 'check' }]), putOff: tries }
  }
  const parts = smaller ? halves(chunk.items) : [chunk.items]
  return { ...again(parts.map((items) => ({ ...next, items }))), putOff: tries }
}

function planEach(kind: BulkKind, chunk: Chunk, rows: readonly RowResult[]): Plan {
  const { done, missing, check, passing, lost } = sortedOut(chunk, rows)
  const of = (items: readonly BulkItem[], change: Partial<Chunk>): readonly Chunk[] =>
    items.length === 0 ? [] : [{ ...chunk, ...change, items }]
  const plans = [
    ...passing.map(([items, error]) => planPassing({ ...chunk, items }, { error, smaller: false })),
    ...lost.map(([items, error]) => planLost(kind, { ...chunk, items }, { error, smaller: false })),
  ]
  // A write whose answer was lost may still be under way; after a few looks it is not.
  const maybeWritten = chunk.tries < SETTLED_AFTER
  const others = [
    ...of(missing, { manner: 'together', maybeWritten }),
    ...of(check, { manner: 'check', tries: chunk.tries + 1 }),
  ]
  return merge([{ done, again: others, putOff: 0 }, ...plans])
}

function merge(plans: readonly Plan[]): Plan {
  const exhausted = plans.find((one) => one.exhausted !== undefined)?.exhausted
  return {
    done: plans.flatMap((one) => one.done),
    again: plans.flatMap((one) => one.again),
    putOff: Math.max(0, ...plans.map((one) => one.putOff)),
    ...(exhausted === undefined ? {} : { exhausted }),
  }
}

/** Puts the rows of one request together that go on in the same way. */
function sortedOut(chunk: Chunk, rows: readonly RowResult[]) {
  const done: (readonly [BulkItem, RowFate])[] = []
  const missing: BulkItem[] = []
  const check: BulkItem[] = []
  const passing = new Map<string, readonly [BulkItem[], CodedError]>()
  const lost = new Map<string, readonly [BulkItem[], CodedError]>()
  chunk.items.forEach((item, place) => {
    const result = rows[place]
    if (result === undefined) throw new Error('A row is without a result')
    if (result.kind === 'done') done.push([item, result.fate])
    else if (result.kind === 'missing') missing.push(item)
    else if (result.kind === 'passing') gather(passing, item, result.error)
    else if (result.kind === 'lost') gather(lost, item, result.error)
    else if (chunk.maybeWritten && isDuplicate(result.error)) check.push(item)
    else done.push([item, rejectionOf(result.error, blame(result.error, [item]).column)])
  })
  return { done, missing, check, passing: [...passing.values()], lost: [...lost.values()] }
}

function gather(
  groups: Map<string, readonly [BulkItem[], CodedError]>,
  item: BulkItem,
  error: CodedError,
): void {
  const group = groups.get(error.code)
  if (group === undefined) groups.set(error.code, [[item], error])
  else group[0].push(item)
}

function isDuplicate({ dataverseCode }: DataverseError): boolean {
  return dataverseCode !== undefined && DUPLICATE.has(dataverseCode)
}

function again(chunks: readonly Chunk[]): Plan {
  return { done: [], again: chunks.filter(({ items }) => items.length > 0), putOff: 0 }
}

function ended(items: readonly BulkItem[], fate: (item: BulkItem, place: number) => RowFate): Plan {
  return {
    done: items.map((item, place) => [item, fate(item, place)] as const),
    again: [],
    putOff: 0,
  }
}

function halves(items: readonly BulkItem[]): readonly (readonly BulkItem[])[] {
  const middle = Math.ceil(items.length / 2)
  return [items.slice(0, middle), items.slice(middle)]
}
