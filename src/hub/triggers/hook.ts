import { createHash, timingSafeEqual } from 'node:crypto'
import { randomToken, Secret } from '../../kernel/index.ts'
import type { Actor } from '../audit/index.ts'
import { openClient, requireEntry } from '../runs/index.ts'
import {
  findHook,
  insertDelivery,
  readTrigger,
  setHook,
  type TriggerKey,
  type TriggerRow,
} from '../store/index.ts'
import { idsOf } from './deliveries.ts'
import { TriggerError, triggerNotFound } from './trigger-error.ts'
import type { TriggerParts } from './trigger-parts.ts'

/** Has Dataverse send messages for a trigger. The key is kept as a hash only. */
export async function enableHook(
  parts: TriggerParts,
  by: Actor,
  id: string,
  signal: AbortSignal,
): Promise<void> {
  const { store, audit, clock, random, publicUrl } = parts
  const key = { workspaceId: by.workspaceId, id }
  const { row, registration, form } = await registrationOf(parts, key, signal)
  if (row.enabled_at !== null) return
  const secret = new Secret(randomToken(random))
  const keyHash = hashOf(secret).toString('base64url')
  // The first message may come before the registration is answered.
  await setHook(store.db, key, { keyHash })
  try {
    const callbackUrl = new URL(`/hooks/${id}`, publicUrl).href
    const registered = await registration.enable({ ...form, callbackUrl, key: secret.reveal() })
    await store.transaction(async (db) => {
      await setHook(db, key, { keyHash, registered, enabledAt: clock.now() })
      await audit.append(db, by, event('trigger.enabled', id))
    })
  } catch (error) {
    await setHook(store.db, key, { keyHash: null })
    throw error
  }
}

/** Has Dataverse send nothing more for a trigger; what came before is worked off all the same. */
export async function disableHook(
  parts: TriggerParts,
  by: Actor,
  id: string,
  signal: AbortSignal,
): Promise<void> {
  const { store, audit } = parts
  const key = { workspaceId: by.workspaceId, id }
  const { row, registration, form } = await registrationOf(parts, key, signal)
  if (row.enabled_at === null) return
  await registration.disable({ ...form, registered: row.registered })
  await store.transaction(async (db) => {
    await setHook(db, key, { keyHash: null })
    await audit.append(db, by, event('trigger.disabled', id))
  })
}

/**
 * Tells whether a key opens the hook of a trigger, in the same time whether or not there is such a trigger.
 */
export async function admitDelivery(
  { store }: TriggerParts,
  id: string,
  key: Secret,
): Promise<TriggerKey | undefined> {
  const hook = await findHook(store.db, id)
  const shown = hashOf(key)
  const kept =
    hook?.keyHash == null ? hashOf(new Secret('')) : Buffer.from(hook.keyHash, 'base64url')
  const same = kept.length === shown.length && timingSafeEqual(kept, shown)
  return same && hook?.keyHash != null ? { workspaceId: hook.workspaceId, id } : undefined
}

/** Stores a message; answers whether it is new. */
export async function storeDelivery(
  { store, clock, random }: TriggerParts,
  key: TriggerKey,
  body: string,
): Promise<boolean> {
  const ids = idsOf(JSON.parse(body))
  const hash = createHash('sha256').update(body).digest('base64url')
  const identity = ids.length === 0 ? `once ${random.id()}` : [...ids, hash].join(' ')
  return await insertDelivery(store.db, key, { identity, body, at: clock.now() })
}

async function registrationOf(parts: TriggerParts, key: TriggerKey, signal: AbortSignal) {
  const { store, host } = parts
  const row: TriggerRow | undefined = await readTrigger(store.db, key)
  if (row === undefined) throw triggerNotFound(key.id)
  const { registration, title } = requireEntry(host, row.entry)
  if (registration === undefined) throw notAWebhook(title)
  const { workspaceId } = key
  const dataverse = await openClient(host, { workspaceId, credentialId: row.credential_id })
  return { row, registration, form: { config: row.config, dataverse, signal } }
}

function notAWebhook(title: string) {
  return new TriggerError('not_a_webhook', {
    what: `“${title}” receives no messages.`,
    why: 'It is a trigger that asks the environment when it is run.',
    remedy: 'Run it, or make a webhook trigger.',
  })
}

function hashOf(key: Secret): Buffer {
  return createHash('sha256').update(key.reveal()).digest()
}

function event(action: string, id: string) {
  return { action, subject: { kind: 'trigger', id }, result: 'ok' } as const
}
