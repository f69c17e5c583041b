import { type Json, randomToken, Secret } from '../../kernel/index.ts'
import type { Actor } from '../audit/index.ts'
import { openClient, requireEntry } from '../runs/index.ts'
import {
  beginHook,
  clearHook,
  confirmHook,
  readTrigger,
  type TriggerKey,
  type TriggerRow,
} from '../store/index.ts'
import { hashOf } from './hook.ts'
import { TriggerError, triggerNotFound } from './trigger-error.ts'
import type { TriggerParts } from './trigger-parts.ts'

/**
 * Has Dataverse send messages for a trigger; the key is kept as a hash only. A call that broke off, at
 * whatever point, is mended by the next one. The hash stands for one attempt: of several at once, that one
 * has its way whose hash is the last.
 *
 * @throws TriggerError `not_a_webhook`, `hook_superseded`
 */
export async function enableHook(
  parts: TriggerParts,
  by: Actor,
  id: string,
  signal: AbortSignal,
): Promise<void> {
  const { store, random } = parts
  const key = { workspaceId: by.workspaceId, id }
  const place = await placeOf(parts, key, signal)
  if (place.row.enabled_at !== null) return await removeLeft(parts, key, place)
  const secret = new Secret(randomToken(random))
  const keyHash = hashOf(secret).toString('base64url')
  // The first message may come before the registration is answered.
  if (!(await beginHook(store.db, key, keyHash))) throw superseded(id)
  // Looked for before the hash is confirmed: what comes later is not this attempt's to take away.
  let left: readonly Json[]
  try {
    left = await place.registration.find(place.form)
    await register(parts, by, key, { ...place, secret, keyHash })
  } catch (error) {
    await clearHook(store.db, key, { keyHash, enabled: false })
    throw error
  }
  await takeBack(place, left)
}

/**
 * Has Dataverse send nothing more for a trigger; what came before is worked off all the same. Also takes back
 * what an `enable` left that broke off.
 *
 * @throws TriggerError `not_a_webhook`, `hook_superseded`
 */
export async function disableHook(
  parts: TriggerParts,
  by: Actor,
  id: string,
  signal: AbortSignal,
): Promise<void> {
  const { store, audit } = parts
  const key = { workspaceId: by.workspaceId, id }
  const place = await placeOf(parts, key, signal)
  const { row, form, registration } = place
  if (row.enabled_at === null) {
    // An attempt to enable that is under way is overtaken by this.
    await clearHook(store.db, key, { keyHash: row.hook_key_hash, enabled: false })
    return await removeLeft(parts, key, { ...place, row: { ...row, hook_key_hash: null } })
  }
  await removeLeft(parts, key, place)
  await registration.disable({ ...form, registered: row.registered })
  await store.transaction(async (db) => {
    const hook = { keyHash: row.hook_key_hash, enabled: true }
    if (await clearHook(db, key, hook)) await audit.append(db, by, event('trigger.disabled', id))
  })
}

type Place = Awaited<ReturnType<typeof placeOf>>

async function register(
  { store, audit, clock }: TriggerParts,
  by: Actor,
  key: TriggerKey,
  { registration, form, secret, keyHash }: Place & { secret: Secret; keyHash: string },
): Promise<void> {
  const registered = await registration.enable({ ...form, key: secret.reveal() })
  const isConfirmed = await store.transaction(async (db) => {
    if (!(await confirmHook(db, key, { keyHash, registered, enabledAt: clock.now() }))) return false
    await audit.append(db, by, event('trigger.enabled', key.id))
    return true
  })
  if (isConfirmed) return
  await registration.disable({ ...form, registered })
  throw superseded(key.id)
}

// Only while no other attempt has begun can it be told what is left over and what is another's work.
async function removeLeft({ store }: TriggerParts, key: TriggerKey, place: Place): Promise<void> {
  const { row, registration, form } = place
  const left = await registration.find({ ...form, except: row.registered })
  if (left.length === 0) return
  const now = await readTrigger(store.db, key)
  if (now?.hook_key_hash !== row.hook_key_hash) throw superseded(key.id)
  await takeBack(place, left)
}

async function takeBack({ registration, form }: Place, left: readonly Json[]): Promise<void> {
  for (const registered of left) await registration.disable({ ...form, registered })
}

async function placeOf(parts: TriggerParts, key: TriggerKey, signal: AbortSignal) {
  const { store, host, publicUrl } = parts
  const row: TriggerRow | undefined = await readTrigger(store.db, key)
  if (row === undefined) throw triggerNotFound(key.id)
  const { registration, title } = requireEntry(host, row.entry)
  if (registration === undefined) throw notAWebhook(title)
  const { workspaceId } = key
  const dataverse = await openClient(host, { workspaceId, credentialId: row.credential_id })
  const callbackUrl = new URL(`/hooks/${key.id}`, publicUrl).href
  return { row, registration, form: { config: row.config, dataverse, callbackUrl, signal } }
}

function superseded(triggerId: string) {
  return new TriggerError('hook_superseded', {
    what: 'Somebody else has enabled or disabled the trigger meanwhile.',
    why: 'Of two attempts at once only one can have its way; what this one registered is taken back.',
    remedy: 'Look at the trigger, and do it again if it is not as you want it.',
    retry: { when: 'later' },
    facts: { triggerId },
  })
}

function notAWebhook(title: string) {
  return new TriggerError('not_a_webhook', {
    what: `“${title}” receives no messages.`,
    why: 'It is a trigger that asks the environment when it is run.',
    remedy: 'Run it, or make a webhook trigger.',
  })
}

function event(action: string, id: string) {
  return { action, subject: { kind: 'trigger', id }, result: 'ok' } as const
}
