import type { Answer } from '../../exchange.ts'
import type { Fault } from '../fault.ts'

/** One request that the caller does not wait for. */
export interface BackgroundOperation {
  readonly id: string
  readonly name: string
  /** What it was asked with, as text. */
  readonly input: string
  readonly runAs: string
  /** ms since 1970. */
  readonly created: number
  readonly outcome: Answer | Fault
}

const MOST = 1_000

/** The background operations of an organization, the last thousand of them. */
export class BackgroundOperations {
  readonly #known = new Map<string, BackgroundOperation>()

  add(operation: BackgroundOperation): void {
    this.#known.set(operation.id, operation)
    const [oldest] = this.#known.keys()
    if (this.#known.size > MOST && oldest !== undefined) this.#known.delete(oldest)
  }

  find(id: string): BackgroundOperation | undefined {
    return this.#known.get(id)
  }
}
