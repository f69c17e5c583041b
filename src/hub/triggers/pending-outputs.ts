import { createHash } from 'node:crypto'
import type { Output } from '../../connector/index.ts'
import type { NewOutputRow } from '../store/index.ts'
import { TriggerError } from './trigger-error.ts'

const FULL_BYTES = 4 * 1024 * 1024
const MOST_BYTES = 64 * 1024 * 1024
// What an index of PostgreSQL takes is not much more than twice this.
const LONGEST_ID = 1000

/** Outputs that wait for their checkpoint. */
export class PendingOutputs {
  #rows: NewOutputRow[] = []
  #bytes = 0
  #named = true

  /** Takes one more output. @throws TriggerError `page_too_large` */
  add({ body, id }: Output & { readonly kind: 'data' }): void {
    const text = JSON.stringify(body)
    this.#bytes += Buffer.byteLength(text)
    this.#named &&= id !== undefined
    this.#rows.push({ id: id === undefined ? null : shortened(id), body: text })
    if (this.#bytes > MOST_BYTES) throw tooLarge(this.#bytes)
  }

  get count(): number {
    return this.#rows.length
  }

  /**
   * Whether they should be stored before their checkpoint comes. Only outputs that are known by their ids
   * may be: should the run break off, they come again and are not stored twice.
   */
  get full(): boolean {
    return this.#named && this.#bytes >= FULL_BYTES
  }

  take(): readonly NewOutputRow[] {
    const rows = this.#rows
    this.#rows = []
    this.#bytes = 0
    this.#named = true
    return rows
  }
}

function shortened(id: string): string {
  if (id.length <= LONGEST_ID) return id
  return `sha256 ${createHash('sha256').update(id).digest('base64url')}`
}

function tooLarge(bytes: number) {
  return new TriggerError('page_too_large', {
    what: `One page has more than ${Math.floor(bytes / 1024 / 1024)} MB of outputs.`,
    why: 'A page is stored as a whole with the place that comes after it.',
    remedy: 'Use a smaller page size, or emit rows individually.',
    facts: { bytes, most: MOST_BYTES },
  })
}
