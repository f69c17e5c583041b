import { join } from 'node:path'
import {
  createDiskCache,
  createMetadataCache,
  type MetadataCache,
} from '../../src/dataverse/index.ts'
import { systemClock, systemRandom } from '../../src/kernel/index.ts'
import { privateFolder } from './private-folder.ts'

/** Definitions in memory and on disk: every question of a form is a process of its own. */
export interface DefinitionCache extends MetadataCache {
  /** Waits, not for long, for what is being read behind an answer: a process that ends would never keep it. */
  settled(): Promise<void>
}

const MOST_ENTRIES = 60
const MOST_DISK_BYTES = 64 * 1024 * 1024
const PATIENCE_MS = 2_000

/** Makes the cache of this process, over files that all processes of this user of the machine share. */
export function createDefinitionCache(): DefinitionCache {
  const memory = createMetadataCache({ maxEntries: MOST_ENTRIES })
  const place = privateFolder()
  const options = { clock: systemClock, random: systemRandom, maxBytes: MOST_DISK_BYTES }
  const disk =
    place === undefined
      ? undefined
      : createDiskCache({ folder: join(place, 'definitions'), ...options })
  const underWay = new Set<Promise<unknown>>()
  return {
    read: async (key) => {
      const known = await memory.read(key)
      if (known !== undefined || disk === undefined) return known
      const found = await disk.read(key)
      if (found !== undefined) await memory.write(key, found)
      return found
    },
    write: async (key, value) => {
      await memory.write(key, value)
      await disk?.write(key, value)
    },
    once: (key, work) => {
      const done = memory.once(key, work)
      underWay.add(done)
      const over = () => underWay.delete(done)
      done.then(over, over)
      return done
    },
    settled: async () => {
      if (underWay.size === 0) return
      const over = new AbortController()
      const late = systemClock.sleep(PATIENCE_MS, over.signal).catch(() => undefined)
      await Promise.race([Promise.allSettled(underWay), late])
      over.abort()
    },
  }
}
