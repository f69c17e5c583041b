import type { ApiKey, Principal } from '../../hub/access/index.ts'
import { toTimestamp } from '../../kernel/index.ts'

/** Shows who is calling. */
export function presentPrincipal(principal: Principal) {
  const { kind, id, name, workspaceId, scopes, expiresAt } = principal
  return { kind, id, name, workspaceId, scopes: [...scopes], expiresAt: toTimestamp(expiresAt) }
}

/** Shows an API key without its value. */
export function presentApiKey(key: ApiKey) {
  const { id, name, hint, scopes, createdAt, expiresAt, lastUsedAt } = key
  return {
    id,
    name,
    hint,
    scopes: [...scopes],
    createdAt: toTimestamp(createdAt),
    expiresAt: toTimestamp(expiresAt),
    ...(lastUsedAt !== undefined && { lastUsedAt: toTimestamp(lastUsedAt) }),
  }
}
