import { createHash, timingSafeEqual } from 'node:crypto'
import { Secret } from '../../kernel/index.ts'
import { findHook, insertDelivery, type TriggerKey } from '../store/index.ts'
import { idsOf } from './deliveries.ts'
import type { TriggerParts } from './trigger-parts.ts'

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

/** What is kept of a key. */
export function hashOf(key: Secret): Buffer {
  return createHash('sha256').update(key.reveal()).digest()
}
