import type { Clock, Logger, Random, Secret } from '../../kernel/index.ts'
import {
  activateKey,
  type EncryptionKeyRow,
  insertKey,
  listKeys,
  lockActiveKey,
  lockKeys,
  type Queryable,
  type Store,
} from '../store/index.ts'
import { type Key, keyIdOf, open, type Place, rewrap, seal } from './envelope.ts'
import { type KeySource, keyFile, readKeyFile, writeKeyFile } from './key-file.ts'
import { checkValue, generateKey, parseKeys } from './key-text.ts'
import { keyForeign, keyMissing, keyRetired } from './keyring-error.ts'

export interface KeyringOptions {
  readonly store: Store
  readonly source: KeySource
  readonly clock: Clock
  readonly random: Random
  readonly logger: Logger
}

/** Seals one value for its place, under the key that is active until the transaction ends. */
export type Sealer = (value: Secret, place: Place) => string

/** Opens and seals stored secrets. Holds every readable key in memory; one is active. */
export class Keyring {
  readonly source: KeySource
  readonly #random: Random
  #keys: ReadonlyMap<string, Key>

  /** Use {@link openKeyring}. */
  constructor(source: KeySource, keys: readonly Key[], random: Random) {
    this.source = source
    this.#keys = byId(keys)
    this.#random = random
  }

  /**
   * Begins sealing within a transaction. A rotation waits for it to end, so that nothing is written
   * under a key that is being retired.
   *
   * @throws VaultError `key_missing`
   */
  async sealing(transaction: Queryable): Promise<Sealer> {
    const key = this.#key(await lockActiveKey(transaction))
    return (value, place) => seal(value, place, key, this.#random)
  }

  /** Opens a sealed value. @throws VaultError `ciphertext_invalid`, `key_missing` */
  open(envelope: string, place: Place): Secret {
    return open(envelope, place, this.#key(keyIdOf(envelope, place)))
  }

  /** Seals an envelope's data key under another key. @throws VaultError as {@link Keyring.open} */
  rewrap(envelope: string, place: Place, toKeyId: string): string {
    const from = this.#key(keyIdOf(envelope, place))
    return rewrap(envelope, place, { from, to: this.#key(toKeyId) }, this.#random)
  }

  /** Takes the keys of the key file as they are now: another process may have rotated them. */
  reload(): void {
    if (!('folder' in this.source)) return
    // A file that is gone takes no key from a hub that runs.
    const keys = readKeyFile(keyFile(this.source.folder))
    if (keys !== undefined) this.#keys = byId(keys)
  }

  #key(id: string): Key {
    if (!this.#keys.has(id)) this.reload()
    const key = this.#keys.get(id)
    if (key === undefined) throw keyMissing([id], this.source)
    return key
  }
}

/**
 * Opens the keys of a store. Only for a store that never had any, one is generated.
 *
 * @throws VaultError `key_missing`, `key_foreign`, `keys_invalid`: the hub must not start
 */
export async function openKeyring(options: KeyringOptions): Promise<Keyring> {
  const keys = await options.store.transaction(async (db) => {
    // Hubs that start at the same moment must not each generate a key.
    await lockKeys(db)
    const known = await listKeys(db)
    const keys = readKeys(options, known.length === 0)
    if (known.length > 0) checkKeys(known, keys, options.source)
    await registerKeys(db, known, keys, options)
    return keys
  })
  return new Keyring(options.source, keys, options.random)
}

function readKeys({ source, random, clock, logger }: KeyringOptions, storeIsEmpty: boolean) {
  if ('text' in source) return parseKeys(source.text.reveal())
  const path = keyFile(source.folder)
  const found = readKeyFile(path)
  if (found !== undefined || !storeIsEmpty) return found ?? []
  const key = generateKey(random, clock.now())
  writeKeyFile(path, [key])
  logger.info('encryption key generated', { keyId: key.id, path })
  return [key]
}

function checkKeys(known: readonly EncryptionKeyRow[], keys: readonly Key[], source: KeySource) {
  const available = byId(keys)
  const needed = known.filter(({ state }) => state !== 'retired')
  const missing = needed.filter(({ keyId }) => !available.has(keyId))
  if (missing.length > 0)
    throw keyMissing(
      missing.map(({ keyId }) => keyId),
      source,
    )
  for (const row of known) {
    const key = available.get(row.keyId)
    if (key !== undefined && checkValue(key) !== row.checkValue) throw keyForeign(row.keyId, source)
  }
}

async function registerKeys(
  db: Queryable,
  known: readonly EncryptionKeyRow[],
  keys: readonly Key[],
  { source, clock }: KeyringOptions,
): Promise<void> {
  const [first] = keys
  if (first === undefined) throw keyMissing([], source)
  const states = new Map(known.map(({ keyId, state }) => [keyId, state]))
  if (states.get(first.id) === 'retired') throw keyRetired(first.id, source)
  for (const key of keys)
    if (!states.has(key.id))
      await insertKey(db, { keyId: key.id, checkValue: checkValue(key), createdAt: clock.now() })
  if (states.get(first.id) !== 'active') await activateKey(db, first.id)
}

function byId(keys: readonly Key[]): ReadonlyMap<string, Key> {
  return new Map(keys.map((key) => [key.id, key]))
}
