/**
 * Where definitions are kept between calls. The caller owns it, and so decides who shares them: users of
 * one environment may, unless their privileges differ.
 */
export interface MetadataCache {
  /** Finds what was kept under a key. */
  read(key: string): Promise<object | undefined>
  /** Keeps a value, which JSON can carry, in the place of an older one. */
  write(key: string, value: object): Promise<void>
  /** Does the work, or waits for the same work of another call that is under way. */
  once<Result>(key: string, work: () => Promise<Result>): Promise<Result>
}

/** Makes a cache in memory, which forgets first what was written first when it holds too many. */
export function createMetadataCache(options: { readonly maxEntries: number }): MetadataCache {
  const entries = new Map<string, object>()
  return {
    read: async (key) => entries.get(key),
    write: async (key, value) => {
      entries.delete(key)
      entries.set(key, value)
      for (const oldest of entries.keys()) {
        if (entries.size <= options.maxEntries) break
        entries.delete(oldest)
      }
    },
    once: createOnce(),
  }
}

/** A part of a cache for one owner, whose keys nobody else has. */
export function partOfCache(cache: MetadataCache, owner: string): MetadataCache {
  const own = (key: string) => `${owner} ${key}`
  return {
    read: (key) => cache.read(own(key)),
    write: (key, value) => cache.write(own(key), value),
    once: (key, work) => cache.once(own(key), work),
  }
}

/** Makes what lets only one call at a time do the work of a key. */
export function createOnce(): MetadataCache['once'] {
  const running = new Map<string, Promise<unknown>>()
  return async <Result>(key: string, work: () => Promise<Result>): Promise<Result> => {
    const known = running.get(key)
    // A key always stands for work of one kind.
    if (known !== undefined) return known as Promise<Result>
    const done = work().finally(() => running.delete(key))
    running.set(key, done)
    return done
  }
}
