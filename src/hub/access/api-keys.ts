import { randomToken, Secret } from '../../kernel/index.ts'
import {
  type ApiKeyRow,
  deleteApiKey,
  findApiKey,
  insertApiKey,
  listApiKeys as listRows,
  touchApiKey,
} from '../store/index.ts'
import { AccessError } from './access-error.ts'
import { type AccessParts, DEFAULT_WORKSPACE } from './access-parts.ts'
import { demand, type Principal, readScopes, type Scope } from './principal.ts'
import { hashToken } from './token-hash.ts'

const PREFIX = 'flk_'
const HINT = PREFIX.length + 4
const TOUCH_MS = 60_000

/** An API key as it is shown: its value is given once, at its making. */
export interface ApiKey {
  readonly id: string
  readonly name: string
  /** The first characters. */
  readonly hint: string
  readonly scopes: readonly Scope[]
  readonly createdAt: number
  readonly expiresAt: number
  readonly lastUsedAt?: number
}

export interface NewApiKey {
  readonly name: string
  readonly scopes: readonly Scope[]
  /** How long it is valid, ms. */
  readonly validMs: number
}

export interface IssuedApiKey {
  readonly apiKey: ApiKey
  /** The only time the key is at hand. */
  readonly key: Secret
}

/** Makes a key with no more rights than its maker. @throws AccessError `scope_missing` */
export async function createApiKey(
  parts: AccessParts,
  maker: Principal,
  wanted: NewApiKey,
): Promise<IssuedApiKey> {
  for (const scope of ['admin', ...wanted.scopes] as const) demand(maker, scope)
  const issued = await issueApiKey(parts, wanted, maker.workspaceId, maker.id)
  await record(parts, maker, 'api_key.created', issued.apiKey.id)
  return issued
}

/** Makes a key for the hub's own command line, without a maker. */
export async function issueApiKey(
  { store, clock, random }: AccessParts,
  { name, scopes, validMs }: NewApiKey,
  workspaceId: string = DEFAULT_WORKSPACE,
  createdBy: string | null = null,
): Promise<IssuedApiKey> {
  const key = new Secret(PREFIX + randomToken(random))
  const at = clock.now()
  const row = {
    id: random.id(),
    name,
    hint: key.reveal().slice(0, HINT),
    scopes: readScopes(scopes),
    createdAt: at,
    expiresAt: at + validMs,
  }
  await insertApiKey(store.db, { ...row, workspaceId, keyHash: hashToken(key), createdBy })
  return { apiKey: row, key }
}

/** Takes a key of the hub's own command line back. */
export async function withdrawApiKey({ store }: AccessParts, id: string): Promise<void> {
  await deleteApiKey(store.db, DEFAULT_WORKSPACE, id)
}

/** Tells whose key it is; nothing when it has ended or never was. */
export async function findKeyPrincipal(
  { store, clock }: AccessParts,
  key: Secret,
): Promise<Principal | undefined> {
  const at = clock.now()
  const row = await findApiKey(store.db, hashToken(key), at)
  if (row === undefined) return undefined
  const { workspaceId, id, name, expiresAt } = row
  if ((row.lastUsedAt ?? 0) + TOUCH_MS <= at) await touchApiKey(store.db, { workspaceId, id, at })
  return { kind: 'key', workspaceId, id, name, expiresAt, scopes: readScopes(row.scopes) }
}

/** Lists the keys of a workspace, newest first. */
export async function listApiKeys(
  { store }: AccessParts,
  asker: Principal,
): Promise<readonly ApiKey[]> {
  demand(asker, 'admin')
  return (await listRows(store.db, asker.workspaceId)).map(toApiKey)
}

/** Revokes a key at once. @throws AccessError `api_key_not_found` */
export async function revokeApiKey(
  parts: AccessParts,
  asker: Principal,
  id: string,
): Promise<void> {
  demand(asker, 'admin')
  if (!(await deleteApiKey(parts.store.db, asker.workspaceId, id)))
    throw new AccessError('api_key_not_found', {
      what: 'There is no such API key.',
      why: 'It was revoked before, or it belongs to another workspace.',
      remedy: 'List the API keys and use the id of one of them.',
      facts: { id },
    })
  await record(parts, asker, 'api_key.revoked', id)
}

function toApiKey({ lastUsedAt, scopes, ...row }: ApiKeyRow): ApiKey {
  const used = lastUsedAt === null ? {} : { lastUsedAt }
  return { ...row, scopes: readScopes(scopes), ...used }
}

async function record(
  { audit }: AccessParts,
  { workspaceId, kind, id }: Principal,
  action: string,
  keyId: string,
): Promise<void> {
  await audit.record(
    { workspaceId, kind, id },
    { action, subject: { kind: 'api_key', id: keyId }, result: 'ok' },
  )
}
