import type { Clock, JsonObject } from '../../kernel/index.ts'

/**
 * Where a client keeps the definitions that it has read. The caller owns it, and so decides how long
 * they live and who shares them; users of one environment may, unless their privileges differ.
 */
export interface MetadataCache {
  /** Finds an answer that is still good. */
  read(address: string): Promise<JsonObject | undefined>
  /** Keeps an answer in the place of an older one. */
  write(address: string, answer: JsonObject): Promise<void>
}

/** Makes a cache in memory that forgets after `ttlMs`, and the oldest first when it holds too many. */
export function createMetadataCache(options: {
  readonly clock: Clock
  readonly ttlMs: number
  readonly maxEntries: number
}): MetadataCache {
  const entries = new Map<string, { readonly answer: JsonObject; readonly until: number }>()
  const { clock, ttlMs, maxEntries } = options
  return {
    read: async (address) => {
      const entry = entries.get(address)
      if (entry !== undefined && entry.until > clock.now()) return entry.answer
      entries.delete(address)
      return undefined
    },
    write: async (address, answer) => {
      entries.delete(address)
      entries.set(address, { answer, until: clock.now() + ttlMs })
      // They stand in the order of their ends, so that what has ended is at the front.
      for (const [oldest, { until }] of entries) {
        if (entries.size <= maxEntries && until > clock.now()) break
        entries.delete(oldest)
      }
    },
  }
}
