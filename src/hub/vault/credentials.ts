import { parseCrmAddress, resolveApiVersion } from '../../oauth/index.ts'
import type { Actor } from '../audit/index.ts'
import {
  type AuthClientRow,
  type AuthClientSecretRow,
  type CredentialColumns,
  type CredentialRow,
  deleteCredential,
  eraseTokens,
  insertCredential,
  listAuthClients,
  listCredentials,
  listSecrets,
  lockCredential,
  updateCredential,
} from '../store/index.ts'
import { changedMeanwhile } from './auth-client-edit.ts'
import { clean } from './auth-client-input.ts'
import { reconnectSubject } from './auth-client-problem.ts'
import {
  type Credential,
  type CredentialAnswer,
  type CredentialChanges,
  type CredentialInput,
  toCredential,
} from './credential.ts'
import { endpointsOf, isEntra, resourceFor } from './endpoints.ts'
import { proofEndsAt } from './proof-expiry.ts'
import { requireAuthClient } from './require-auth-client.ts'
import { credentialNotFound, requireCredential } from './require-credential.ts'
import { fieldError, VaultError } from './vault-error.ts'
import type { VaultParts } from './vault-parts.ts'

/** Where a Credential leads. */
export type CredentialTarget = Pick<Credential, 'id' | 'environmentUrl' | 'apiVersion'>

/** The Credentials of all workspaces; every call names its own. */
export interface Credentials {
  /**
   * @throws VaultError `auth_client_not_found`, `field_invalid`, `resource_contradiction`; OAuthError for
   * an address that is no environment's
   */
  create(by: Actor, input: CredentialInput): Promise<CredentialAnswer>
  list(workspaceId: string): Promise<readonly Credential[]>
  /** @throws VaultError `credential_not_found` */
  get(workspaceId: string, id: string): Promise<Credential>
  /** Tells what every call to the environment needs, by one look. @throws VaultError `credential_not_found` */
  target(workspaceId: string, id: string): Promise<CredentialTarget>
  /**
   * Changes a Credential. With another environment or kind of grant it is a new one in all but its id;
   * with another Auth Client it has to be connected again, by the same user.
   *
   * @throws VaultError as `create`, `credential_not_found`, `changed_meanwhile`
   */
  edit(by: Actor, id: string, changes: CredentialChanges): Promise<CredentialAnswer>
  /** Deletes a Credential and erases its tokens at once. @throws VaultError `credential_not_found` */
  remove(by: Actor, id: string): Promise<void>
}

/** Makes the part of the vault that keeps Credentials. */
export function createCredentials(parts: VaultParts): Credentials {
  const { db } = parts.store
  const get: Credentials['get'] = async (workspaceId, id) => {
    const row = await requireCredential(db, workspaceId, id)
    const authClient = await requireAuthClient(db, workspaceId, row.auth_client_id)
    return present(row, authClient, await listSecrets(db, workspaceId, authClient.id))
  }
  return {
    get,
    target: async (workspaceId, id) => {
      const row = await requireCredential(db, workspaceId, id)
      return { id, environmentUrl: row.environment_url, apiVersion: row.api_version }
    },
    create: async (by, input) => {
      const id = await createCredential(parts, by, input)
      return { credential: await get(by.workspaceId, id) }
    },
    list: async (workspaceId) => {
      const clients = await listAuthClients(db, workspaceId)
      const secrets = await listSecrets(db, workspaceId)
      const byId = new Map(clients.map((client) => [client.id, client]))
      const rows = await listCredentials(db, workspaceId)
      return rows.map((row) => present(row, byId.get(row.auth_client_id), secrets))
    },
    edit: async (by, id, changes) => {
      await editCredential(parts, by, id, changes)
      return { credential: await get(by.workspaceId, id) }
    },
    remove: (by, id) => removeCredential(parts, by, id),
  }
}

async function createCredential(
  parts: VaultParts,
  by: Actor,
  input: CredentialInput,
): Promise<string> {
  const { store, random, clock, audit } = parts
  const id = random.id()
  const columns = toColumns(input)
  await store.transaction(async (db) => {
    // Locked, so that it is not deleted between this look and the end.
    const client = await requireAuthClient(db, by.workspaceId, input.authClientId, { lock: true })
    checkResource(client, columns)
    await insertCredential(db, { workspaceId: by.workspaceId, id, at: clock.now() }, columns)
    await audit.append(db, by, {
      action: 'credential.created',
      subject: { kind: 'credential', id },
      result: 'ok',
      fields: Object.keys(input),
    })
  })
  return id
}

async function editCredential(
  parts: VaultParts,
  by: Actor,
  id: string,
  { version, ...changes }: CredentialChanges,
): Promise<void> {
  const { store, clock, audit, alerts } = parts
  const key = { workspaceId: by.workspaceId, id }
  await store.transaction(async (db) => {
    if (!(await lockCredential(db, key))) throw credentialNotFound(id)
    const row = await requireCredential(db, by.workspaceId, id)
    if (row.version !== version) throw changedMeanwhile(row.version, version)
    const columns = toColumns({
      name: changes.name ?? row.name,
      authClientId: changes.authClientId ?? row.auth_client_id,
      baseUrl: changes.baseUrl ?? row.base_url,
      grant: changes.grant ?? row.grant_kind,
      ...versionField(row, changes),
    })
    checkResource(await requireAuthClient(db, by.workspaceId, columns.auth_client_id), columns)
    const elsewhere = columns.environment_url !== row.environment_url
    const otherKind = columns.grant_kind !== row.grant_kind
    const otherClient = columns.auth_client_id !== row.auth_client_id
    const connection = elsewhere || otherKind || otherClient
    await updateCredential(db, { ...key, at: clock.now() }, columns, {
      connection,
      identity: elsewhere || otherKind,
    })
    if (connection) {
      await eraseTokens(db, key)
      await alerts.clear(by.workspaceId, reconnectSubject(id), db)
    }
    await audit.append(db, by, {
      action: 'credential.edited',
      subject: { kind: 'credential', id },
      result: 'ok',
      fields: Object.keys(changes),
    })
  })
}

async function removeCredential(parts: VaultParts, by: Actor, id: string): Promise<void> {
  const { store, audit, alerts } = parts
  await store.transaction(async (db) => {
    const key = { workspaceId: by.workspaceId, id }
    if (!(await lockCredential(db, key))) throw credentialNotFound(id)
    if (!(await deleteCredential(db, key))) throw credentialInUse(id)
    await alerts.clear(by.workspaceId, reconnectSubject(id), db)
    await audit.append(db, by, {
      action: 'credential.removed',
      subject: { kind: 'credential', id },
      result: 'ok',
    })
  })
}

function credentialInUse(id: string) {
  return new VaultError('credential_in_use', {
    what: 'The Credential is used by triggers.',
    why: 'What they have put out would go with it.',
    remedy: 'Remove its triggers first.',
    facts: { credentialId: id },
  })
}

// A version that only the former Base URL named does not outlive it.
function versionField(row: CredentialRow, changes: Omit<CredentialChanges, 'version'>) {
  if (changes.apiVersion !== undefined) return { apiVersion: changes.apiVersion }
  return changes.baseUrl === undefined ? { apiVersion: row.api_version } : {}
}

function toColumns(input: CredentialInput): CredentialColumns {
  const name = clean(input.name)
  if (name === '') throw fieldError('name', 'It is empty.', 'Give the Credential a name.')
  const baseUrl = clean(input.baseUrl)
  if (baseUrl === '')
    throw fieldError('baseUrl', 'It is empty.', 'Paste the address of your CRM environment.')
  const address = parseCrmAddress(baseUrl)
  return {
    name,
    auth_client_id: input.authClientId,
    base_url: baseUrl,
    environment_url: address.environmentUrl.origin,
    api_version: resolveApiVersion(address, input.apiVersion && clean(input.apiVersion)),
    grant_kind: input.grant ?? 'delegated',
  }
}

function checkResource(client: AuthClientRow, columns: CredentialColumns): void {
  resourceFor(
    endpointsOf({
      authorizationEndpoint: client.authorization_endpoint,
      tokenEndpoint: client.token_endpoint,
    }),
    columns.environment_url,
  )
}

function present(
  row: CredentialRow,
  client: AuthClientRow | undefined,
  secrets: readonly AuthClientSecretRow[],
): Credential {
  if (client === undefined) return toCredential(row, { isEntra: false })
  const endpoints = endpointsOf({
    authorizationEndpoint: client.authorization_endpoint,
    tokenEndpoint: client.token_endpoint,
  })
  return toCredential(row, {
    isEntra: isEntra(endpoints),
    secretEndsAt: proofEndsAt(client, secrets),
  })
}
