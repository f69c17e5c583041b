import { createHash } from 'node:crypto'

const HASH_BYTES = 6

/** A row in one of its versions, as a poll remembers it: when it is stamped, in ms, and what tells it apart. */
export interface Stamped {
  readonly at: number
  readonly hash: string
}

/** Makes what a poll remembers of a row. Rows are compared within one stamp, so that six bytes are plenty. */
export function stamped(at: number, identity: string): Stamped {
  const digest = createHash('sha256').update(identity).digest()
  return { at, hash: digest.toString('latin1', 0, HASH_BYTES) }
}

/** The rows that were put out already and may be read again, by their stamps. Immutable. */
export class SeenRows {
  static readonly none = new SeenRows(new Map())
  readonly #byStamp: ReadonlyMap<number, ReadonlySet<string>>

  private constructor(byStamp: ReadonlyMap<number, ReadonlySet<string>>) {
    this.#byStamp = byStamp
  }

  get size(): number {
    let size = 0
    for (const hashes of this.#byStamp.values()) size += hashes.size
    return size
  }

  has({ at, hash }: Stamped): boolean {
    return this.#byStamp.get(at)?.has(hash) === true
  }

  /** Remembers rows too, and forgets all that are stamped before `low`, which are not read again. */
  with(rows: readonly Stamped[], low: number): SeenRows {
    const kept = new Map<number, Set<string>>()
    for (const [at, hashes] of this.#byStamp) if (at >= low) kept.set(at, new Set(hashes))
    for (const { at, hash } of rows) {
      if (at < low) continue
      const hashes = kept.get(at)
      if (hashes === undefined) kept.set(at, new Set([hash]))
      else hashes.add(hash)
    }
    return new SeenRows(kept)
  }

  /**
   * Writes the rows in at most so many characters, the newest first. What does not fit is forgotten,
   * and put out again where it is read again.
   */
  write(mostCharacters: number): string {
    const most = Math.floor(mostCharacters / 4) * 3
    const groups: Buffer[] = []
    let bytes = 0
    let later: number | undefined
    for (const [at, hashes] of [...this.#byStamp].sort(([a], [b]) => b - a)) {
      const head = [later === undefined ? at : later - at]
      const room = Math.floor((most - bytes - varint(head[0] ?? 0).length - 3) / HASH_BYTES)
      if (room < 1) break
      const fitting = [...hashes].slice(0, room)
      const group = Buffer.concat([
        ...[...head, fitting.length].map(varint),
        Buffer.from(fitting.join(''), 'latin1'),
      ])
      groups.push(group)
      bytes += group.length
      later = at
    }
    return Buffer.concat(groups).toString('base64')
  }

  /** Reads what `write` wrote; nothing where the text is something else. */
  static read(text: string): SeenRows | undefined {
    const bytes = Buffer.from(text, 'base64')
    const byStamp = new Map<number, ReadonlySet<string>>()
    let position = 0
    let later: number | undefined
    const number = () => {
      const [value, next] = readVarint(bytes, position)
      position = next
      return value
    }
    while (position < bytes.length) {
      const gap = number()
      const count = number()
      const at: number = later === undefined ? gap : later - gap
      const end = position + count * HASH_BYTES
      if (!Number.isSafeInteger(at) || count < 1 || end > bytes.length) return undefined
      byStamp.set(at, new Set(hashesIn(bytes.subarray(position, end))))
      position = end
      later = at
    }
    return new SeenRows(byStamp)
  }
}

function* hashesIn(bytes: Buffer): Generator<string> {
  for (let start = 0; start < bytes.length; start += HASH_BYTES) {
    yield bytes.toString('latin1', start, start + HASH_BYTES)
  }
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
