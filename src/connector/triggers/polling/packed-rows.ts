import { createHash } from 'node:crypto'

/**
 * What is remembered of the rows of one stamp: the hash of each, or where there is no room for that a
 * digest of all of them.
 */
export type Remembered = ReadonlySet<string> | string

// A row that is taken for one that was put out is lost, so that this must not happen once in 10^12 rows.
// A row of n hashes of b bits of the same stamp is hit with a probability of n / 2^b: with 6 bytes up to
// 256 rows, 7 up to 65,536 and 8 beyond that is 2^-40 or less, 9 * 10^-13. A digest of 5 bytes is hit by
// rows that are not the same with 2^-40 too. No coding is much shorter: to tell rows of a set from others
// with that certainty takes 40 bits each (sorted hashes, written as differences, would take 41.5).
const DIGEST_BYTES = 5
const LEAST_WIDTH = 6

/** How many bytes of each hash tell so many rows of one stamp apart. */
export function widthFor(rows: number): number {
  if (rows <= 256) return LEAST_WIDTH
  return rows <= 65_536 ? 7 : 8
}

/** Makes the digest of the rows of one stamp, in whatever order. */
export function digestOf(hashes: Iterable<string>): string {
  const sorted = [...new Set([...hashes].map((hash) => hash.slice(0, LEAST_WIDTH)))].toSorted()
  const digest = createHash('sha256').update(sorted.join(''), 'latin1').digest()
  return digest.toString('latin1', 0, DIGEST_BYTES)
}

/** Writes what is remembered in at most so many bytes, and tells how many rows did not fit. */
export function pack(
  byStamp: ReadonlyMap<number, Remembered>,
  mostBytes: number,
): { readonly bytes: Buffer; readonly forgotten: number } {
  const stamps = [...byStamp].sort(([a], [b]) => b - a)
  const groups = stamps.map(([at, known], index) => groupOf(at, stamps[index - 1]?.[0], known))
  const kept: Group[] = []
  let left = mostBytes
  for (const group of groups) {
    if (group.together > left) break
    left -= group.together
    kept.push(group)
  }
  // Where each row is remembered, one that is added or taken away has no others put out again with it.
  const parts = kept.map((group) => {
    const more = group.apart - group.together
    if (more > left) return digestPart(group)
    left -= more
    return rowsPart(group)
  })
  const forgotten = groups.slice(kept.length).reduce((sum, { known }) => sum + countOf(known), 0)
  return { bytes: Buffer.concat(parts), forgotten }
}

/** Reads what {@link pack} wrote; nothing where it is something else. */
export function unpack(bytes: Buffer): ReadonlyMap<number, Remembered> | undefined {
  const byStamp = new Map<number, Remembered>()
  let position = 0
  let later: number | undefined
  const number = () => {
    const [value, next] = readVarint(bytes, position)
    position = next
    return value
  }
  const text = (length: number) => {
    position += length
    return bytes.toString('latin1', position - length, position)
  }
  while (position < bytes.length) {
    const head = number()
    const at = stampAfter(Math.floor(head / 2), later)
    const together = head % 2 === DIGEST
    const count = together ? 1 : number()
    const width = together ? DIGEST_BYTES : widthFor(count)
    const fits = count >= 1 && position + count * width <= bytes.length
    if (!Number.isSafeInteger(at) || !fits) return undefined
    const hashes = text(count * width)
    byStamp.set(at, together ? hashes : new Set(cut(hashes, width)))
    later = at
  }
  return byStamp
}

const [ROWS, DIGEST] = [0, 1]

/** The rows of one stamp, and how many bytes they take together and apart. */
interface Group {
  readonly gap: number
  readonly known: Remembered
  readonly together: number
  readonly apart: number
}

function groupOf(at: number, later: number | undefined, known: Remembered): Group {
  const gap = gapBefore(at, later)
  const head = varint(gap * 2).length
  const together = head + DIGEST_BYTES
  if (typeof known === 'string') return { gap, known, together, apart: Number.POSITIVE_INFINITY }
  const apart = head + varint(known.size).length + known.size * widthFor(known.size)
  return { gap, known, together, apart }
}

function digestPart({ gap, known }: Group): Buffer {
  const digest = typeof known === 'string' ? known : digestOf(known)
  return Buffer.concat([varint(gap * 2 + DIGEST), Buffer.from(digest, 'latin1')])
}

function rowsPart({ gap, known }: Group): Buffer {
  const hashes = Buffer.from([...known].join(''), 'latin1')
  return Buffer.concat([varint(gap * 2 + ROWS), varint(countOf(known)), hashes])
}

// Of rows that are remembered together no one knows how many they are.
function countOf(known: Remembered): number {
  return typeof known === 'string' ? 1 : known.size
}

// Stamps are whole seconds, as a rule, one after the other: most gaps fit in a byte.
function gapBefore(at: number, later: number | undefined): number {
  const gap = later === undefined ? at : later - at
  return gap % 1_000 === 0 ? (gap / 1_000) * 2 : gap * 2 + 1
}

function stampAfter(written: number, later: number | undefined): number {
  const gap = written % 2 === 0 ? (written / 2) * 1_000 : (written - 1) / 2
  return later === undefined ? gap : later - gap
}

function* cut(text: string, width: number): Generator<string> {
  for (let start = 0; start < text.length; start += width) yield text.slice(start, start + width)
}

// Seven bits a byte, the lowest first; the eighth says that more follow.
function varint(value: number): Buffer {
  const bytes: number[] = []
  let rest = value
  while (rest >= 128) {
    bytes.push((rest % 128) + 128)
    rest = Math.floor(rest / 128)
  }
  return Buffer.from([...bytes, rest])
}

function readVarint(bytes: Buffer, start: number): readonly [value: number, next: number] {
  let value = 0
  let factor = 1
  for (let position = start; position < bytes.length; position += 1) {
    const byte = bytes[position] ?? 0
    value += (byte % 128) * factor
    if (byte < 128) return [value, position + 1]
    factor *= 128
  }
  return [Number.NaN, bytes.length]
}
