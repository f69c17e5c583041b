import { randomUUID } from 'node:crypto'
import { open, readFile, rename, rm } from 'node:fs/promises'
import type { Json } from '../kernel/index.ts'

/**
 * Reads a kept checkpoint; nothing where there is no such file yet.
 *
 * @throws SyntaxError where the file holds something else than JSON
 */
export async function readCursor(path: string): Promise<Json | undefined> {
  try {
    return JSON.parse(await readFile(path, 'utf8')) as Json
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined
    throw error
  }
}

/** Keeps a checkpoint: whoever is killed meanwhile leaves the former one or this one, never half of it. */
export async function writeCursor(path: string, cursor: Json): Promise<void> {
  const unfinished = `${path}.${randomUUID()}`
  try {
    const file = await open(unfinished, 'wx', 0o600)
    try {
      await file.writeFile(`${JSON.stringify(cursor)}\n`)
      await file.sync()
    } finally {
      await file.close()
    }
    await rename(unfinished, path)
  } catch (error) {
    await rm(unfinished, { force: true })
    throw error
  }
}
