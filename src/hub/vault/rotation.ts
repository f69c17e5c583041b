import type { Actor } from '../audit/index.ts'
import {
  activateKey,
  countSealedOtherwise,
  insertKey,
  listKeys,
  listSealed,
  lockKeys,
  lockSealedOtherwise,
  retireKeys,
  type SealedColumn,
  type SealedRow,
  sealedColumns,
  updateSealed,
} from '../store/index.ts'
import type { Place } from './envelope.ts'
import { keyFile, readKeyFile, retiredKeyFile, writeKeyFile } from './key-file.ts'
import { checkValue, generateKey } from './key-text.ts'
import { VaultError } from './vault-error.ts'
import type { VaultParts } from './vault-parts.ts'

/** How far a rotation is. */
export interface RotationProgress {
  readonly stage: 'sealing' | 'verifying'
  readonly done: number
  readonly total: number
}

export interface RotationResult {
  readonly keyId: string
  readonly retired: readonly string[]
  /** How many stored secrets there are, all of them opened once to verify. */
  readonly count: number
}

type RotationParts = Pick<VaultParts, 'store' | 'keyring' | 'audit' | 'clock' | 'random'>

const BATCH = 100

/**
 * Seals everything stored under a new key while the hub goes on working, opens all of it once, and then
 * retires the former keys. Stopped at any moment and begun again, it goes on with the same key.
 *
 * Retired keys of a key file are kept in `retired.keys` beside it, for older backups of the database.
 *
 * @throws VaultError `rotation_refused`, `ciphertext_invalid` when something stored is damaged: then the
 * former keys stay
 */
export async function rotateKeys(
  parts: RotationParts,
  by: Actor,
  options: {
    readonly onProgress?: (progress: RotationProgress) => void
    readonly signal?: AbortSignal
  } = {},
): Promise<RotationResult> {
  const { store, clock } = parts
  const keyId = await chooseKey(parts)
  const report = options.onProgress ?? (() => undefined)
  const total = await countAll(parts, keyId)
  let done = 0
  for (const column of sealedColumns)
    for (;;) {
      options.signal?.throwIfAborted()
      const count = await sealBatch(parts, column, keyId)
      if (count === 0) break
      done += count
      report({ stage: 'sealing', done, total: Math.max(total, done) })
    }
  const count = await verifyAll(parts, report, options.signal)
  const retired = await store.transaction(async (db) => {
    await lockKeys(db)
    const former = (await listKeys(db)).filter(({ state }) => state === 'readable')
    const ids = former.map((row) => row.keyId)
    // Whoever began to write under a former key has ended: the new one is active since before the batches.
    if ((await countAll({ store: { db } }, keyId)) > 0) throw unfinished()
    await retireKeys(db, ids, clock.now())
    await parts.audit.append(db, by, {
      action: 'keys.rotated',
      subject: { kind: 'encryption_key', id: keyId },
      result: 'ok',
      facts: { retired: ids, count },
    })
    return ids
  })
  dropFromFile(parts, retired)
  return { keyId, retired, count }
}

// A rotation that was stopped left a key that is active and others that are readable.
async function chooseKey(parts: RotationParts): Promise<string> {
  const { store, keyring, clock, random } = parts
  const { source } = keyring
  return await store.transaction(async (db) => {
    await lockKeys(db)
    const known = await listKeys(db)
    const active = known.find(({ state }) => state === 'active')
    if (active !== undefined && known.some(({ state }) => state === 'readable')) return active.keyId
    if ('text' in source) throw refused()
    const key = generateKey(random, clock.now())
    writeKeyFile(keyFile(source.folder), [key, ...(readKeyFile(keyFile(source.folder)) ?? [])])
    keyring.reload()
    await insertKey(db, { keyId: key.id, checkValue: checkValue(key), createdAt: clock.now() })
    await activateKey(db, key.id)
    return key.id
  })
}

async function countAll(
  { store: { db } }: { readonly store: Pick<RotationParts['store'], 'db'> },
  keyId: string,
): Promise<number> {
  let total = 0
  for (const column of sealedColumns) total += await countSealedOtherwise(db, column, keyId)
  return total
}

async function sealBatch(
  { store, keyring }: RotationParts,
  column: SealedColumn,
  keyId: string,
): Promise<number> {
  return await store.transaction(async (db) => {
    const rows = await lockSealedOtherwise(db, column, keyId, BATCH)
    for (const row of rows) {
      const envelope = keyring.rewrap(row.envelope, placeOf(column, row), keyId)
      await updateSealed(db, column, { ...row, envelope })
    }
    return rows.length
  })
}

async function verifyAll(
  { store, keyring }: RotationParts,
  report: (progress: RotationProgress) => void,
  signal: AbortSignal | undefined,
): Promise<number> {
  let done = 0
  for (const column of sealedColumns) {
    let after = { workspaceId: '', row: '' }
    for (;;) {
      signal?.throwIfAborted()
      const rows = await listSealed(store.db, column, after, BATCH)
      const last = rows.at(-1)
      if (last === undefined) break
      for (const row of rows) keyring.open(row.envelope, placeOf(column, row))
      after = last
      done += rows.length
      report({ stage: 'verifying', done, total: done })
    }
  }
  return done
}

function dropFromFile({ keyring }: RotationParts, retired: readonly string[]): void {
  const { source } = keyring
  if ('text' in source || retired.length === 0) return
  const path = keyFile(source.folder)
  const keys = readKeyFile(path) ?? []
  const kept = readKeyFile(retiredKeyFile(source.folder)) ?? []
  const out = keys.filter(({ id }) => retired.includes(id))
  const known = new Set(kept.map(({ id }) => id))
  writeKeyFile(retiredKeyFile(source.folder), [...out.filter(({ id }) => !known.has(id)), ...kept])
  writeKeyFile(
    path,
    keys.filter(({ id }) => !retired.includes(id)),
  )
  keyring.reload()
}

function placeOf({ table, column }: SealedColumn, { workspaceId, row }: SealedRow): Place {
  return { workspaceId, table, row, column }
}

function refused() {
  return new VaultError('rotation_refused', {
    what: 'There is no new key to rotate to.',
    why: 'The keys come from FAIRLEAD_KEYS, which Fairlead cannot change.',
    remedy:
      'Put a new key first in FAIRLEAD_KEYS, keep the old one behind it, restart every hub, and rotate again.',
    who: 'operator',
  })
}

function unfinished() {
  return new VaultError('rotation_refused', {
    what: 'Something is still sealed under a former key.',
    why: 'It was written by a hub that does not know the new key yet.',
    remedy:
      'Give every hub the new key, restart it, and rotate again: it goes on where it stopped.',
    who: 'operator',
    retry: { when: 'later' },
  })
}
