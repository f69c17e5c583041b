import type { StoredToken } from './token-state.ts'

interface Entry {
  readonly token: StoredToken
  readonly checkedAt: number
}

const LARGEST = 10_000

/** The access tokens that this process used last, each with the time it was last seen in the store. */
export class TokenCache {
  readonly #entries = new Map<string, Entry>()

  get(key: string): Entry | undefined {
    return this.#entries.get(key)
  }

  set(key: string, token: StoredToken, checkedAt: number): void {
    // Set anew, it stands last: the first one is the one not used for longest.
    this.#entries.delete(key)
    this.#entries.set(key, { token, checkedAt })
    if (this.#entries.size <= LARGEST) return
    for (const oldest of this.#entries.keys()) {
      this.#entries.delete(oldest)
      return
    }
  }

  delete(key: string): void {
    this.#entries.delete(key)
  }
}
