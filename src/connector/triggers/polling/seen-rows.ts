import { createHash } from 'node:crypto'
import { digestOf, pack, type Remembered, unpack, widthFor } from './packed-rows.ts'

const HASH_BYTES = 8

/** A row in one of its versions, as a poll remembers it: when it is stamped, in ms, and what tells it apart. */
export interface Stamped {
  readonly at: number
  readonly hash: string
}

/** Makes what a poll remembers of a row. */
export function stamped(at: number, identity: string): Stamped {
  const digest = createHash('sha256').update(identity).digest()
  return { at, hash: digest.toString('latin1', 0, HASH_BYTES) }
}

/** What is new on a page. */
export interface ToldRows {
  /** The positions of the rows that are to be put out. */
  readonly fresh: readonly number[]
  /**
   * How many of them may have been put out before: rows of a stamp that were remembered only all together,
   * and are not as they were.
   */
  readonly unsure: number
}

/** The rows that were put out already and may be read again, by their stamps. Immutable. */
export class SeenRows {
  static readonly none = new SeenRows(new Map())
  readonly #byStamp: ReadonlyMap<number, Remembered>

  private constructor(byStamp: ReadonlyMap<number, Remembered>) {
    this.#byStamp = byStamp
  }

  /** For how many stamps rows are remembered. */
  get stamps(): number {
    return this.#byStamp.size
  }

  /** Tells which rows of a page have not been put out, as far as that is remembered. */
  tell(rows: readonly Stamped[]): ToldRows {
    const fresh: number[] = []
    let unsure = 0
    for (const [at, positions] of positionsByStamp(rows)) {
      const hashOf = (position: number) => rows[position]?.hash ?? ''
      const known = this.#byStamp.get(at)
      if (known === undefined) fresh.push(...positions)
      else if (typeof known === 'string') {
        if (digestOf(positions.map(hashOf)) === known) continue
        fresh.push(...positions)
        unsure += positions.length
      } else {
        const width = widthFor(known.size)
        fresh.push(...positions.filter((one) => !known.has(hashOf(one).slice(0, width))))
      }
    }
    return { fresh, unsure }
  }

  /** Remembers a page's rows, and forgets all that are stamped before `low`, which are not read again. */
  with(rows: readonly Stamped[], low: number): SeenRows {
    const kept = new Map([...this.#byStamp].filter(([at]) => at >= low))
    // Of other stamps the page has all rows there are.
    const borders = new Set([rows[0]?.at, rows.at(-1)?.at])
    for (const [at, positions] of positionsByStamp(rows)) {
      if (at < low) continue
      const before = borders.has(at) ? kept.get(at) : undefined
      const hashes = positions.map((position) => rows[position]?.hash ?? '')
      kept.set(at, together(hashes, before))
    }
    return new SeenRows(kept)
  }

  /**
   * Writes the rows in at most so many characters: of the newest stamps each row, of others all together,
   * and what does not fit even so is forgotten, the oldest first.
   */
  write(mostCharacters: number): { readonly text: string; readonly forgotten: number } {
    const { bytes, forgotten } = pack(this.#byStamp, Math.floor(mostCharacters / 4) * 3)
    return { text: bytes.toString('base64'), forgotten }
  }

  /** Reads what `write` wrote; nothing where the text is something else. */
  static read(text: string): SeenRows | undefined {
    const byStamp = unpack(Buffer.from(text, 'base64'))
    return byStamp && new SeenRows(byStamp)
  }
}

function positionsByStamp(rows: readonly Stamped[]): ReadonlyMap<number, readonly number[]> {
  const byStamp = new Map<number, number[]>()
  for (const [position, { at }] of rows.entries()) {
    const positions = byStamp.get(at)
    if (positions === undefined) byStamp.set(at, [position])
    else positions.push(position)
  }
  return byStamp
}

// What was remembered shorter than it has to be now is forgotten.
function together(hashes: readonly string[], before: Remembered | undefined): ReadonlySet<string> {
  const others = typeof before === 'object' ? [...before] : []
  const short = others[0]?.length ?? 0
  const here = new Set(hashes.map((hash) => hash.slice(0, short)))
  const all = [...new Set(hashes), ...others.filter((hash) => !here.has(hash))]
  const long = all.filter(({ length }) => length >= widthFor(all.length))
  return new Set(long.map((hash) => hash.slice(0, widthFor(long.length))))
}
