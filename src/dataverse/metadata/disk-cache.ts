import { createHash } from 'node:crypto'
import { mkdir, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { type Clock, isObject, type Random } from '../../kernel/index.ts'
import { createOnce, type MetadataCache } from './cache.ts'

/** The form of the files. Those of another version are passed over and written anew. */
const FORMAT = 2
const UNFINISHED_MS = 60 * 60_000

/**
 * Makes a cache of files, one for each key, which any number of processes may share: a file is written
 * beside its place and then moved there whole. What cannot be read counts as not there.
 *
 * A disk that cannot be written costs speed, nothing else; a folder grows to `maxBytes`, and then loses
 * first what was written first.
 */
export function createDiskCache(options: {
  /** Made if it is not there. */
  readonly folder: string
  readonly clock: Clock
  readonly random: Random
  /** @defaultValue 256 MB */
  readonly maxBytes?: number
}): MetadataCache {
  const { folder, clock, random, maxBytes = 256 * 1024 * 1024 } = options
  const once = createOnce()
  // As if much had been written before: the first write looks at what is there.
  let written = maxBytes
  const write = async (key: string, value: object): Promise<void> => {
    const text = JSON.stringify({ format: FORMAT, key, value })
    const place = join(folder, nameOf(key))
    const beside = `${place}.${random.id()}.tmp`
    await mkdir(folder, { recursive: true, mode: 0o700 })
    try {
      await writeFile(beside, text, { flag: 'wx', mode: 0o600 })
      await rename(beside, place)
    } catch (error) {
      await rm(beside, { force: true })
      throw error
    }
    written += text.length
    if (written < maxBytes / 8) return
    written = 0
    await once('tidy', () => tidy(folder, maxBytes, clock.now()))
  }
  return {
    read: async (key) => {
      const text = await readFile(join(folder, nameOf(key)), 'utf8').catch(() => undefined)
      return text === undefined ? undefined : parse(text, key)
    },
    write: (key, value) => write(key, value).catch(() => undefined),
    once: (key, work) => once(`work ${key}`, work),
  }
}

// Keys hold addresses and names, which are no names of files everywhere.
function nameOf(key: string): string {
  return `${createHash('sha256').update(key).digest('hex').slice(0, 40)}.json`
}

function parse(text: string, key: string): object | undefined {
  try {
    const file: unknown = JSON.parse(text)
    if (!isObject(file) || file['format'] !== FORMAT || file['key'] !== key) return undefined
    const { value } = file
    return isObject(value) ? value : undefined
  } catch {
    return undefined
  }
}

/** Removes what was left unfinished, and the oldest files beyond the size. */
async function tidy(folder: string, maxBytes: number, now: number): Promise<void> {
  const files: { readonly path: string; readonly size: number; readonly at: number }[] = []
  for (const name of await readdir(folder)) {
    const path = join(folder, name)
    // Another process may have removed it meanwhile.
    const found = await stat(path).catch(() => undefined)
    if (found === undefined) continue
    const unfinished = name.endsWith('.tmp')
    if (unfinished && now - found.mtimeMs > UNFINISHED_MS) await rm(path, { force: true })
    if (!unfinished) files.push({ path, size: found.size, at: found.mtimeMs })
  }
  let size = files.reduce((sum, file) => sum + file.size, 0)
  for (const file of files.toSorted((one, other) => one.at - other.at)) {
    if (size <= maxBytes) return
    await rm(file.path, { force: true })
    size -= file.size
  }
}
