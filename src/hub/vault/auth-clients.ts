import { readCertificate } from '../../oauth/index.ts'
import type { Actor } from '../audit/index.ts'
import {
  type AuthClientRow,
  type CredentialRow,
  deleteAuthClient,
  insertAuthClient,
  listAuthClients,
  listCredentials,
  listSecrets,
  type Queryable,
} from '../store/index.ts'
import {
  type AuthClient,
  type AuthClientAnswer,
  type AuthClientChanges,
  type AuthClientInput,
  toAuthClient,
} from './auth-client.ts'
import { toColumns } from './auth-client-columns.ts'
import { editAuthClient } from './auth-client-edit.ts'
import { checkProof, cleanInput } from './auth-client-input.ts'
import { expirySubject, refusedSubject } from './auth-client-problem.ts'
import { type AuthClientTest, type TestOptions, testAuthClient } from './auth-client-test.ts'
import { findWarnings } from './auth-client-warnings.ts'
import { endpointsOf } from './endpoints.ts'
import { requireAuthClient } from './require-auth-client.ts'
import { addSecret, type NewSecret, promoteNext, removeNext } from './secret-slots.ts'
import { storeSecret } from './secrets.ts'
import { VaultError } from './vault-error.ts'
import type { VaultParts } from './vault-parts.ts'

/** Where an Auth Client is used. */
export interface WhereUsed {
  readonly credentials: readonly Pick<CredentialRow, 'id' | 'name'>[]
}

/** The Auth Clients of all workspaces; every call names its own. */
export interface AuthClients {
  /** @throws VaultError `field_invalid`; OAuthError for an endpoint that cannot be used */
  create(by: Actor, input: AuthClientInput): Promise<AuthClientAnswer>
  list(workspaceId: string): Promise<readonly AuthClient[]>
  /** @throws VaultError `auth_client_not_found` */
  get(workspaceId: string, id: string): Promise<AuthClient>
  /** Finds what is doubtful. @throws VaultError `auth_client_not_found` */
  warnings(workspaceId: string, id: string): Promise<AuthClientAnswer['warnings']>
  /** @throws VaultError `auth_client_not_found`, `changed_meanwhile`, `field_invalid` */
  edit(by: Actor, id: string, changes: AuthClientChanges): Promise<AuthClientAnswer>
  /** @throws VaultError `auth_client_not_found`, `auth_client_in_use` naming the Credentials */
  remove(by: Actor, id: string): Promise<void>
  /** @throws VaultError `auth_client_not_found` */
  whereUsed(workspaceId: string, id: string): Promise<WhereUsed>
  /** Puts a secret into the next slot: it is used as soon as the current one is refused. */
  addSecret(by: Actor, id: string, secret: NewSecret): Promise<AuthClientAnswer>
  /** Makes the next secret the current one and erases the former. */
  promoteSecret(by: Actor, id: string): Promise<AuthClientAnswer>
  /** Erases the next secret. */
  removeNextSecret(by: Actor, id: string): Promise<AuthClientAnswer>
  /** Asks the token endpoint what it thinks of this client; keeps nothing of the answer. */
  test(by: Actor, id: string, options?: TestOptions): Promise<AuthClientTest>
}

/** Makes the part of the vault that keeps Auth Clients. */
export function createAuthClients(parts: VaultParts): AuthClients {
  const { store } = parts
  const get: AuthClients['get'] = async (workspaceId, id) =>
    await present(store.db, await requireAuthClient(store.db, workspaceId, id))
  const warnings: AuthClients['warnings'] = async (workspaceId, id) => {
    const row = await requireAuthClient(store.db, workspaceId, id)
    return await findWarnings(parts, row, await listSecrets(store.db, workspaceId, id))
  }
  const answer = async ({ workspaceId }: Actor, id: string) => ({
    authClient: await get(workspaceId, id),
    warnings: await warnings(workspaceId, id),
  })
  const after = async (change: Promise<void>, by: Actor, id: string) => {
    await change
    return await answer(by, id)
  }
  return {
    get,
    warnings,
    create: async (by, input) => answer(by, await createAuthClient(parts, by, input)),
    list: async (workspaceId) => {
      const secrets = await listSecrets(store.db, workspaceId)
      const rows = await listAuthClients(store.db, workspaceId)
      return rows.map((row) => toAuthClient(row, secrets, thumbprintOf(row)))
    },
    edit: (by, id, changes) => after(editAuthClient(parts, by, id, changes), by, id),
    remove: (by, id) => removeAuthClient(parts, by, id),
    whereUsed: async (workspaceId, id) => {
      await requireAuthClient(store.db, workspaceId, id)
      return { credentials: await usersOf(store.db, workspaceId, id) }
    },
    addSecret: (by, id, secret) => after(addSecret(parts, by, id, secret), by, id),
    promoteSecret: (by, id) => after(promoteNext(parts, by, id), by, id),
    removeNextSecret: (by, id) => after(removeNext(parts, by, id), by, id),
    test: (by, id, options = {}) => testAuthClient(parts, by, id, options),
  }
}

async function createAuthClient(
  parts: VaultParts,
  by: Actor,
  given: AuthClientInput,
): Promise<string> {
  const { store, random, clock, audit } = parts
  const input = cleanInput(given)
  checkProof(input, parts.assertionFolder)
  endpointsOf(input)
  const key = { workspaceId: by.workspaceId, id: random.id() }
  await store.transaction(async (db) => {
    const seal = await parts.keyring.sealing(db)
    await insertAuthClient(db, { ...key, at: clock.now() }, toColumns(input, seal, key))
    if (input.secret !== undefined && input.authentication === 'secret')
      await storeSecret(parts, db, seal, {
        workspaceId: key.workspaceId,
        authClientId: key.id,
        slot: 'current',
        value: input.secret,
        expiresAt: input.secretExpiresAt,
      })
    await audit.append(db, by, {
      action: 'auth_client.created',
      subject: { kind: 'auth_client', id: key.id },
      result: 'ok',
      fields: Object.keys(input),
    })
  })
  return key.id
}

async function removeAuthClient(parts: VaultParts, by: Actor, id: string): Promise<void> {
  const { store, audit, alerts } = parts
  await store.transaction(async (db) => {
    const row = await requireAuthClient(db, by.workspaceId, id, { lock: true })
    const users = await usersOf(db, by.workspaceId, id)
    if (users.length > 0) throw inUse(row, users)
    await deleteAuthClient(db, by.workspaceId, id)
    await alerts.clear(by.workspaceId, refusedSubject(id), db)
    await alerts.clear(by.workspaceId, expirySubject(id), db)
    await audit.append(db, by, {
      action: 'auth_client.removed',
      subject: { kind: 'auth_client', id },
      result: 'ok',
    })
  })
}

async function present(db: Queryable, row: AuthClientRow): Promise<AuthClient> {
  return toAuthClient(row, await listSecrets(db, row.workspace_id, row.id), thumbprintOf(row))
}

function thumbprintOf(row: AuthClientRow): string | undefined {
  return row.certificate_pem === null ? undefined : readCertificate(row.certificate_pem).thumbprint
}

async function usersOf(db: Queryable, workspaceId: string, authClientId: string) {
  const rows = await listCredentials(db, workspaceId, { authClientId })
  return rows.map(({ id, name }) => ({ id, name }))
}

function inUse(row: AuthClientRow, users: WhereUsed['credentials']): VaultError {
  const names = users.slice(0, 10).map(({ name }) => `"${name}"`)
  const more = users.length > 10 ? ` and ${users.length - 10} more` : ''
  return new VaultError('auth_client_in_use', {
    what: `The Auth Client "${row.name}" is used by ${users.length} Credentials.`,
    why: `They would stop working: ${names.join(', ')}${more}.`,
    remedy: 'Move them to another Auth Client or delete them first.',
    facts: { credentials: users.slice(0, 100).map(({ id, name }) => ({ id, name })) },
  })
}
