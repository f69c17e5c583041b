import type { DataverseError } from '../errors/dataverse-error.ts'
import type { BulkItem, Chunk } from './chunk.ts'

/** How the whole work has gone so far. */
export interface Situation {
  /** Rows that were written. */
  readonly written: number
  /** Rows that were refused in the same words, each by itself, and none written between. */
  readonly alike: number
}

/** What a message costs the service beside its rows, measured in rows. */
export const MESSAGE_IN_ROWS = 5
const MOST_EACH = 4
const MOST_PARTS = 8
const LEAST_SAMPLE = 8
const LARGEST_SAMPLE = 100

/**
 * Divides a chunk that was refused as a whole, so that the rows at fault are found and the others written.
 *
 * A part that still holds such a row is work in vain: the smaller the parts, the less; but each costs a
 * message. The best number grows with the square root of the rows, counted in what a message costs; the
 * factor before it is what simulations found. All parts go in one batch, which is
 * taken for one request: no document says how the service counts it.
 */
export function splitRefused(
  chunk: Chunk,
  error: DataverseError,
  suspects: readonly BulkItem[],
  { written, alike }: Situation,
): readonly Chunk[] {
  const { items } = chunk
  const part = (some: readonly BulkItem[], manner: Chunk['manner'] = 'together'): Chunk => {
    const { refused: _, ...rest } = chunk
    return { ...rest, items: some, manner }
  }
  if (suspects.length > 0) {
    const rest = items.filter((item) => !suspects.includes(item))
    return [part(rest), part(suspects, suspects.length === 1 ? 'together' : 'each')]
  }
  if (items.length <= MOST_EACH) return [part(items, 'each')]
  const wording = wordingOf(error)
  const refused = { wording, written }
  // In the same words as the whole before it, and nothing was written since: it may not be the rows.
  if (chunk.refused?.wording === wording && chunk.refused.written === written) {
    const sample = Math.min(LARGEST_SAMPLE, Math.max(LEAST_SAMPLE, 2 * alike))
    return [part(items.slice(0, sample), 'each'), { ...part(items.slice(sample)), refused }]
  }
  return [{ ...part(items, 'parts'), refused }]
}

/** The parts of a chunk that are sent as several messages in one batch. */
export function partsOf(items: readonly BulkItem[]): readonly (readonly BulkItem[])[] {
  const parts = Math.round(2 * Math.sqrt(items.length / MESSAGE_IN_ROWS))
  return split(items, Math.min(MOST_PARTS, Math.max(2, parts)))
}

/**
 * What a refusal says, to be compared with others, whatever request it answers: one that names an id or
 * a value is like no other.
 */
export function wordingOf({ code, dataverseCode, message }: DataverseError): string {
  return `${code} ${dataverseCode ?? ''} ${message.slice(message.indexOf('“') + 1)}`
}

/** Cuts a list into parts of nearly the same length. */
function split<Item>(items: readonly Item[], parts: number): readonly (readonly Item[])[] {
  const size = Math.ceil(items.length / Math.min(parts, items.length))
  return Array.from({ length: Math.ceil(items.length / size) }, (_, part) =>
    items.slice(part * size, (part + 1) * size),
  )
}
