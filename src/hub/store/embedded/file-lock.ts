import { DatabaseSync } from 'node:sqlite'
import type { Clock } from '../../../kernel/index.ts'
import { type StoreError, storeError, timedOut } from '../store-error.ts'

/** Any number may hold a lock `shared`; who holds it `exclusive` is alone. */
export type LockKind = 'shared' | 'exclusive'

const SQLITE_BUSY = 5
// With the journal in memory nothing is ever written, so that a full disk does not matter.
const TAKE = {
  shared: 'BEGIN; SELECT count(*) FROM sqlite_schema',
  exclusive: 'PRAGMA journal_mode = MEMORY; BEGIN EXCLUSIVE',
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
    const database = openFile(path)
    try {
      database.exec(TAKE[kind])
      return new FileLock(database)
    } catch (error) {
      database.close()
      if (isBusy(error)) return undefined
      throw unusable(path, error)
    }
  }

  /**
   * Waits for the lock.
   *
   * @throws store_timeout when it is not free after `timeoutMs`; store_folder_unusable
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
}

function openFile(path: string): DatabaseSync {
  try {
    return new DatabaseSync(path)
  } catch (error) {
    throw unusable(path, error)
  }
}

function unusable(path: string, cause: unknown): StoreError {
  return storeError('store_folder_unusable', {
    what: `The lock file ${path} cannot be used.`,
    why: `The system says: ${cause instanceof Error ? cause.message : 'nothing'}.`,
    remedy: 'Put the data folder on a local disk that the user of Fairlead can write.',
    facts: { path },
    cause,
  })
}

function isBusy(error: unknown): boolean {
  return (
    error instanceof Error &&
    'errcode' in error &&
    typeof error.errcode === 'number' &&
    (error.errcode & 0xff) === SQLITE_BUSY
  )
}
