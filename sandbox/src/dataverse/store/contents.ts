import { notSupported } from '../fault.ts'
import type { Journal } from './journal.ts'
import type { Reference } from './value.ts'

/** The bytes of one file or image column, under the id that the column holds. */
export interface Content {
  readonly name: string
  readonly mimeType: string
  readonly bytes: Buffer
  /** The row and column that a file is of; images are known by their row alone. */
  readonly place?: { readonly row: Reference; readonly column: string }
}

/** The contents at one moment. */
export type SavedContents = ReadonlyMap<string, Content>

const MEGABYTE = 1_048_576
const MOST_MEGABYTES = 512

/**
 * Contents of file and image columns, with the parts of uploads that are under way. Bytes that are held
 * from several places, as those of snapshots, are counted once.
 */
export class Contents {
  readonly #journal: Journal
  readonly #most: number
  readonly #holders = new Map<Buffer, number>()
  #contents = new Map<string, Content>()
  #size = 0

  constructor(journal: Journal, mostMegabytes: number = MOST_MEGABYTES) {
    this.#journal = journal
    this.#most = mostMegabytes * MEGABYTE
  }

  /** Bytes that are held. */
  get size(): number {
    return this.#size
  }

  get(id: string): Content | undefined {
    return this.#contents.get(id)
  }

  /** @throws Fault when the organization would hold too much */
  add(id: string, content: Content): void {
    this.hold(content.bytes)
    this.#contents.set(id, content)
    this.#journal.note(() => this.#contents.delete(id))
  }

  remove(id: string): void {
    const content = this.#contents.get(id)
    if (!content) return
    this.#contents.delete(id)
    this.#journal.note(() => this.#contents.set(id, content))
    this.release(content.bytes)
  }

  /** Counts bytes as held once more. @throws Fault when that is too much */
  hold(bytes: Buffer): void {
    const more = this.#holders.has(bytes) ? 0 : bytes.length
    if (this.#size + more > this.#most) {
      throw notSupported(`more than ${this.#most / MEGABYTE} MB of files in one organization`)
    }
    this.#count(bytes, 1)
    this.#journal.note(() => this.#count(bytes, -1))
  }

  release(bytes: Buffer): void {
    this.#count(bytes, -1)
    this.#journal.note(() => this.#count(bytes, 1))
  }

  /** Keeps all contents for a snapshot, until it is forgotten. */
  save(): SavedContents {
    const saved = new Map(this.#contents)
    for (const { bytes } of saved.values()) this.#count(bytes, 1)
    return saved
  }

  forget(saved: SavedContents): void {
    for (const { bytes } of saved.values()) this.#count(bytes, -1)
  }

  restore(saved: SavedContents): void {
    for (const { bytes } of saved.values()) this.#count(bytes, 1)
    for (const { bytes } of this.#contents.values()) this.#count(bytes, -1)
    this.#contents = new Map(saved)
  }

  #count(bytes: Buffer, change: 1 | -1): void {
    const before = this.#holders.get(bytes) ?? 0
    if (before + change < 0) return
    const after = before + change
    if (after === 0) this.#holders.delete(bytes)
    else this.#holders.set(bytes, after)
    if (before === 0) this.#size += bytes.length
    if (after === 0) this.#size -= bytes.length
  }
}
