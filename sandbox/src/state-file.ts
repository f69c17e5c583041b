import { mkdirSync, readFileSync } from 'node:fs'
import { open, rename } from 'node:fs/promises'
import { join } from 'node:path'

/** A JSON file that is either the old one or the new one, never half of it. */
export interface StateFile<T> {
  read(): T | undefined
  /** Resolves when the value, or a newer one, is on the disk. */
  write(value: T): Promise<void>
}

/** Opens `name` in the folder; without a folder nothing is kept. */
export function createStateFile<T>(folder: string | undefined, name: string): StateFile<T> {
  if (folder === undefined) return { read: () => undefined, write: async () => {} }
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  const path = join(folder, name)
  let running: Promise<void> = Promise.resolve()
  let queued: { value: T; done: Promise<void> } | undefined
  return {
    read: () => readJson<T>(path),
    write(value) {
      // Everybody who asks while one write runs shares the next one.
      if (queued) {
        queued.value = value
        return queued.done
      }
      const mine = { value, done: Promise.resolve() }
      mine.done = running.then(
        () => replaceFile(path, takeQueued(mine)),
        () => replaceFile(path, takeQueued(mine)),
      )
      queued = mine
      running = mine.done
      return mine.done
    },
  }

  function takeQueued(mine: { value: T }): string {
    queued = undefined
    return JSON.stringify(mine.value)
  }
}

function readJson<T>(path: string): T | undefined {
  let text: string
  try {
    text = readFileSync(path, 'utf8')
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined
    throw error
  }
  try {
    const value: T = JSON.parse(text)
    return value
  } catch (error) {
    throw new Error(`${path} is damaged; remove it to begin anew.`, { cause: error })
  }
}

async function replaceFile(path: string, text: string): Promise<void> {
  const draft = `${path}.draft`
  const file = await open(draft, 'w', 0o600)
  try {
    await file.writeFile(text)
    await file.sync()
  } finally {
    await file.close()
  }
  await rename(draft, path)
}
