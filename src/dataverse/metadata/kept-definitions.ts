import { type Clock, isObject, type Logger } from '../../kernel/index.ts'
import type { CallOptions } from '../call-options.ts'
import type { MetadataCache } from './cache.ts'
import type { DefinitionSource, ListedTable, Stamped } from './definition-source.ts'
import type { Operations } from './operations.ts'
import type { TableDefinition } from './table.ts'

/** For so long what was read counts as what the service has. */
const FRESH_MS = 60_000
/** The same where the service gives no stamp, and everything must be read again. */
const FRESH_WITHOUT_STAMP_MS = 5 * 60_000
/** For so long it is given out at once, and looked after meanwhile; after that the caller waits. */
const LONGEST_STALE_MS = 24 * 60 * 60_000

interface Entry<Value> extends Stamped<Value> {
  /** When the service last said that it is so, in ms. */
  readonly checkedAt: number
}

/** Gives definitions out of a cache and keeps the cache up to date. */
export interface KeptDefinitions {
  list(options: CallOptions): Promise<readonly ListedTable[]>
  table(logicalName: string, options: CallOptions): Promise<TableDefinition>
  /** The service gives them no stamp; with `fresh` they are read anew, whatever is kept. */
  operations(options: CallOptions & { readonly fresh?: boolean }): Promise<Operations>
}

/**
 * Puts a cache before a source. What the cache has is given out at once; when it is older than a minute,
 * the service is asked in the background what changed, by one call at a time: the caller after that has
 * it. Only what is older than a day is waited for.
 */
export function keepDefinitions(parts: {
  readonly source: DefinitionSource
  readonly readOperations: (options: CallOptions) => Promise<Operations>
  readonly cache: MetadataCache
  /** What the definitions belong to: the Web API's address. */
  readonly environment: string
  readonly clock: Clock
  readonly logger: Logger
}): KeptDefinitions {
  const { source, readOperations, environment } = parts
  const kept = createKept(parts)
  return {
    list: (options) =>
      kept<readonly ListedTable[]>(`${environment} tables`, options, {
        read: (own) => source.list(own),
        update: (list, stamp) => source.updateList(list, stamp, {}),
      }),
    table: (logicalName, options) =>
      kept<TableDefinition>(`${environment} table ${logicalName}`, options, {
        read: (own) => source.table(logicalName, own),
        update: (table, stamp) => source.updateTable(table, stamp, {}),
      }),
    operations: ({ fresh = false, ...options }) => {
      const read = async (own: CallOptions) => ({ value: await readOperations(own) })
      return kept<Operations>(
        `${environment} operations`,
        options,
        { read, update: () => read({}) },
        fresh,
      )
    },
  }
}

interface Ways<Value> {
  read(options: CallOptions): Promise<Stamped<Value>>
  update(value: Value, stamp: string): Promise<Stamped<Value>>
}

type Kept = <Value>(
  key: string,
  options: CallOptions,
  ways: Ways<Value>,
  fresh?: boolean,
) => Promise<Value>

function createKept(parts: {
  readonly cache: MetadataCache
  readonly clock: Clock
  readonly logger: Logger
}): Kept {
  const { cache, clock, logger } = parts
  const keep = async <Value>(key: string, read: Stamped<Value>): Promise<Value> => {
    await cache.write(key, { ...read, checkedAt: clock.now() })
    return read.value
  }
  const refresh = <Value>(key: string, { value, stamp }: Entry<Value>, ways: Ways<Value>) =>
    cache.once(key, async () => {
      const found = await (stamp === undefined ? ways.read({}) : ways.update(value, stamp))
      return keep(key, found)
    })
  return async <Value>(key: string, options: CallOptions, ways: Ways<Value>, fresh = false) => {
    const entry = fresh ? undefined : readEntry<Value>(await cache.read(key))
    const age = entry === undefined ? Infinity : clock.now() - entry.checkedAt
    // A clock that was set back makes no entry young.
    if (entry === undefined || age > LONGEST_STALE_MS || age < 0) {
      return keep(key, await ways.read(options))
    }
    if (age > (entry.stamp === undefined ? FRESH_WITHOUT_STAMP_MS : FRESH_MS)) {
      refresh(key, entry, ways).catch((error: unknown) => {
        const code = isObject(error) ? error['code'] : undefined
        logger.warn('definitions not refreshed', {
          code: typeof code === 'string' ? code : 'internal',
        })
      })
    }
    return entry.value
  }
}

// Whatever a cache gives under a key was written here under the same key, by this version.
function readEntry<Value>(kept: object | undefined): Entry<Value> | undefined {
  if (!isObject(kept) || typeof kept['checkedAt'] !== 'number') return undefined
  const { value, stamp, checkedAt } = kept
  return {
    value: value as Value,
    checkedAt,
    ...(typeof stamp === 'string' ? { stamp } : {}),
  }
}
