import { formsOf } from './forms.ts'

/** A value that nobody may see, with what it is: `access token`, `client secret` and so on. */
export interface SecretValue {
  readonly kind: string
  readonly value: Uint8Array
}

/** A piece of a secret that was found where it must not be. The piece itself is not told. */
export interface Finding {
  readonly kind: string
  readonly form: string
  readonly offset: number
}

/** How many characters of a secret in a row are a leak. */
export const PIECE = 12

// Twelve bytes in a row hold nine that begin at a multiple of four, wherever they stand: only there is
// looked, by whole words.
const STEP = 4
const SAMPLE = PIECE - STEP + 1
const BITS = 27
const MOST_FINDINGS = 3

/**
 * Looks for any piece of any secret in one pass: a Bloom filter knows nearly all that is harmless, and what
 * it lets through is compared byte by byte.
 */
export class SecretSearch {
  readonly #filter = new Uint32Array(2 ** (BITS - 5))
  readonly #forms: { readonly kind: string; readonly form: string; readonly bytes: Buffer }[] = []

  constructor(secrets: readonly SecretValue[]) {
    const seen = new Set<string>()
    for (const { kind, value } of secrets) {
      if (value.length < PIECE) throw new Error(`A ${kind} is too short to be searched for`)
      for (const [form, found] of formsOf(value)) {
        const bytes = Buffer.from(found)
        const text = bytes.toString('latin1')
        if (seen.has(text)) continue
        seen.add(text)
        this.#forms.push({ kind, form, bytes })
        for (let at = 0; at + SAMPLE <= bytes.length; at += 1)
          this.#learn(bytes.readInt32LE(at), bytes.readInt32LE(at + 4), bytes[at + 8] ?? 0)
      }
    }
  }

  /** Finds the first pieces in a text or file, but for the kinds that may stand there. */
  find(bytes: Uint8Array, permitted: ReadonlySet<string> = new Set()): readonly Finding[] {
    const findings: Finding[] = []
    const words = wordsOf(bytes)
    for (let at = 0; at + 2 < words.length && findings.length < MOST_FINDINGS; at += 1) {
      const third = (words[at + 2] ?? 0) & 0xff
      if (!this.#knows(words[at] ?? 0, words[at + 1] ?? 0, third)) continue
      const finding = this.#compare(bytes, at * STEP, permitted)
      if (finding) findings.push(finding)
    }
    return findings
  }

  #compare(bytes: Uint8Array, sample: number, permitted: ReadonlySet<string>): Finding | undefined {
    for (let offset = Math.max(0, sample - STEP + 1); offset <= sample; offset += 1) {
      const piece = Buffer.from(bytes.subarray(offset, offset + PIECE))
      if (piece.length < PIECE) return undefined
      const owners = this.#forms.filter((form) => form.bytes.includes(piece))
      const [owner] = owners
      // A piece that belongs to what may stand here is no finding, whatever else it belongs to.
      if (owner === undefined || owners.some(({ kind }) => permitted.has(kind))) continue
      return { kind: owner.kind, form: owner.form, offset }
    }
    return undefined
  }

  #learn(first: number, second: number, third: number): void {
    for (const bit of bitsOf(first, second, third))
      this.#filter[bit >>> 5] = (this.#filter[bit >>> 5] ?? 0) | (1 << (bit & 31))
  }

  #knows(first: number, second: number, third: number): boolean {
    const hash = hashOf(first, second, third)
    if (!this.#has(hash >>> (32 - BITS))) return false
    return bitsOf(first, second, third).every((bit) => this.#has(bit))
  }

  #has(bit: number): boolean {
    return ((this.#filter[bit >>> 5] ?? 0) & (1 << (bit & 31))) !== 0
  }
}

function hashOf(first: number, second: number, third: number): number {
  let hash = Math.imul(first ^ third, 0x85ebca6b)
  hash = Math.imul((hash ^ (hash >>> 15)) + second, 0xc2b2ae35)
  hash = Math.imul(hash ^ (hash >>> 13), 0x27d4eb2f)
  return (hash ^ (hash >>> 16)) >>> 0
}

function bitsOf(first: number, second: number, third: number): readonly number[] {
  return [0, 0x9e3779b9, 0x7f4a7c15, 0x5bd1e995].map(
    (salt) => hashOf(first ^ salt, second, third) >>> (32 - BITS),
  )
}

// Padded, so that the last bytes of a text make a word as well.
function wordsOf(bytes: Uint8Array): Int32Array {
  const length = Math.ceil(bytes.length / STEP) + 2
  const padded = new Int32Array(length)
  new Uint8Array(padded.buffer).set(bytes)
  return padded
}
