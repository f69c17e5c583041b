import { DatabaseSync } from 'node:sqlite'
import type { Clock } from '../../../kernel/index.ts'
import { timedOut } from '../store-error.ts'

/** Any number may hold a lock `shared`; who holds it `exclusive` is alone. */
export type LockKind = 'shared' | 'exclusive'

const SQLITE_BUSY = 5
const TAKE = {
  shared: 'BEGIN; SELECT count(*) FROM sqlite_schema',
  exclusive: 'BEGIN EXCLUSIVE',
} as const
const RETRY_MS = 20

/**
 * A lock on a file that the operating system frees the moment its holder dies, however it dies.
 *
 * Node has no `flock`; SQLite, which comes with Node, locks its files on every system. The file stays
 * empty: nothing is ever written to it.
 */
export class FileLock {
  readonly #database: DatabaseSync

  private constructor(database: DatabaseSync) {
    this.#database = database
  }

  /** Takes the lock if it is free at this moment. */
  static try(path: string, kind: LockKind): FileLock | undefined {
    const database = new DatabaseSync(path)
    try {
      database.exec(TAKE[kind])
      return new FileLock(database)
    } catch (error) {
      database.close()
      if (isBusy(error)) return undefined
      throw error
    }
  }

  /**
   * Waits for the lock.
   *
   * @throws store_timeout when it is not free after `timeoutMs`
   */
  static async take(
    path: string,
    kind: LockKind,
    wait: { readonly clock: Clock; readonly timeoutMs: number; readonly signal?: AbortSignal },
  ): Promise<FileLock> {
    const deadline = wait.clock.now() + wait.timeoutMs
    for (;;) {
      wait.signal?.throwIfAborted()
      const lock = FileLock.try(path, kind)
      if (lock) return lock
      if (wait.clock.now() >= deadline) throw timedOut(`Waiting for ${path}`, wait.timeoutMs)
      await wait.clock.sleep(RETRY_MS, wait.signal)
    }
  }

  /** Tells whether somebody holds the lock in any way. */
  static isHeld(path: string): boolean {
    const lock = FileLock.try(path, 'exclusive')
    lock?.release()
    return lock === undefined
  }

  release(): void {
    if (this.#database.isOpen) this.#database.close()
  }

  [Symbol.dispose](): void {
    this.release()
  }
}

function isBusy(error: unknown): boolean {
  return (
    error instanceof Error &&
    'errcode' in error &&
    typeof error.errcode === 'number' &&
    (error.errcode & 0xff) === SQLITE_BUSY
  )
}
