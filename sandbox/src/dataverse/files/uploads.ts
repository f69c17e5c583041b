import type { Contents } from '../store/contents.ts'
import type { Journal } from '../store/journal.ts'
import type { Reference } from '../store/rows.ts'

/** One upload in parts: by ranges that follow each other, or by blocks that are named. */
export interface Upload {
  readonly row: Reference
  readonly column: string
  readonly name: string
  readonly way: 'ranges' | 'blocks'
  /** The size that the ranges speak of. */
  readonly size?: number
  /** The parts in the order of their coming; ranges have no names. */
  readonly parts: readonly { readonly id: string; readonly bytes: Buffer }[]
}

const MOST = 100

/** Uploads that are under way, by token. An upload that nobody ends is forgotten when many others have begun. */
export class Uploads {
  readonly #journal: Journal
  readonly #contents: Contents
  readonly #uploads = new Map<string, Upload>()

  constructor(journal: Journal, contents: Contents) {
    this.#journal = journal
    this.#contents = contents
  }

  get(token: string): Upload | undefined {
    return this.#uploads.get(token)
  }

  begin(token: string, upload: Upload): void {
    const [oldest] = this.#uploads.keys()
    if (this.#uploads.size >= MOST && oldest !== undefined) this.end(oldest)
    this.#set(token, upload)
  }

  /** Adds a part; a block that comes again under its name takes the place of the first. */
  add(
    token: string,
    upload: Upload,
    part: Upload['parts'][number],
    size: number | undefined = upload.size,
  ): void {
    const again =
      upload.way === 'blocks' ? upload.parts.find(({ id }) => id === part.id) : undefined
    this.#contents.hold(part.bytes)
    if (again) this.#contents.release(again.bytes)
    const parts = [...upload.parts.filter((known) => known !== again), part]
    this.#set(token, { ...upload, parts, ...(size === undefined ? {} : { size }) })
  }

  /** Forgets an upload; its parts are no longer held by it. */
  end(token: string): void {
    const upload = this.#uploads.get(token)
    if (!upload) return
    for (const { bytes } of upload.parts) this.#contents.release(bytes)
    this.#uploads.delete(token)
    this.#journal.note(() => this.#uploads.set(token, upload))
  }

  #set(token: string, upload: Upload): void {
    const before = this.#uploads.get(token)
    this.#uploads.set(token, upload)
    this.#journal.note(() => {
      if (before) this.#uploads.set(token, before)
      else this.#uploads.delete(token)
    })
  }
}
