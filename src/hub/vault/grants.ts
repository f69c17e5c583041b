import type { TokenSet } from '../../oauth/index.ts'
import type { Actor } from '../audit/index.ts'
import {
  type CredentialRow,
  lockCredential,
  readAuthClient,
  replaceTokens,
  setClaimsDemand,
  setCredentialState,
  setIdentity,
} from '../store/index.ts'
import { reconnectSubject, recoverAuthClient } from './auth-client-problem.ts'
import type { Credential, Identity } from './credential.ts'
import { credentialNotFound, requireCredential } from './require-credential.ts'
import { tokenPlace } from './token-state.ts'
import { VaultError } from './vault-error.ts'
import type { VaultParts } from './vault-parts.ts'

type ObtainedFor = NewGrant['obtainedFor']

/** A grant as it was just obtained, and whose it is, by WhoAmI with the new token. */
export interface NewGrant {
  readonly tokens: TokenSet
  readonly identity: Identity
  /** The Credential as it was when the tokens were asked for. */
  readonly obtainedFor: Pick<Credential, 'environmentUrl' | 'authClientId' | 'grant'>
  /** Another user or organization than before is meant. */
  readonly acceptIdentity?: boolean
}

/**
 * Stores a new grant: the Credential keeps its id and all that hangs on it. A refresh still under way
 * will not be saved.
 *
 * @throws VaultError `credential_not_found`; `identity_changed` when the Credential belongs to another
 * user or organization, `changed_meanwhile` when it was moved to another environment, Auth Client or kind
 * of grant since the tokens were asked for: nothing is stored then
 */
export async function storeGrant(
  parts: VaultParts,
  by: Actor,
  id: string,
  { tokens, identity, obtainedFor, acceptIdentity = false }: NewGrant,
): Promise<void> {
  const { store, keyring, clock, alerts, audit } = parts
  const { workspaceId } = by
  const key = { workspaceId, id }
  await store.transaction(async (db) => {
    const seal = await keyring.sealing(db)
    const { auth_client_id } = await requireCredential(db, workspaceId, id)
    const client = await readAuthClient(db, workspaceId, auth_client_id, { lock: true })
    if (!(await lockCredential(db, key))) throw credentialNotFound(id)
    const row = await requireCredential(db, workspaceId, id)
    if (isElsewhere(row, obtainedFor)) throw movedMeanwhile(id)
    if (!acceptIdentity) checkIdentity(row, identity)
    const { accessToken, refreshToken, expiresAt } = tokens
    await setIdentity(db, key, identity)
    await setCredentialState(db, key, 'connected')
    await setClaimsDemand(db, key, null)
    await replaceTokens(db, key, {
      accessToken: seal(accessToken, tokenPlace(workspaceId, id, 'access_token')),
      refreshToken: refreshToken
        ? seal(refreshToken, tokenPlace(workspaceId, id, 'refresh_token'))
        : null,
      formerRefreshToken: null,
      issuedAt: clock.now(),
      expiresAt,
    })
    if (client?.problem) await recoverAuthClient(parts, db, { workspaceId, id: client.id })
    await alerts.clear(workspaceId, reconnectSubject(id), db)
    await audit.append(db, by, {
      action: row.identity === null ? 'credential.connected' : 'credential.reconnected',
      subject: { kind: 'credential', id },
      result: 'ok',
      facts: { organizationId: identity.organizationId, userId: identity.userId },
    })
  })
}

// A token of one environment must never be sent to another.
function isElsewhere(row: CredentialRow, { environmentUrl, authClientId, grant }: ObtainedFor) {
  return (
    row.environment_url !== environmentUrl ||
    row.auth_client_id !== authClientId ||
    row.grant_kind !== grant
  )
}

function movedMeanwhile(id: string): VaultError {
  return new VaultError('changed_meanwhile', {
    what: 'The Credential was changed during the sign-in.',
    why: 'The sign-in belongs to its former address, Auth Client or kind of grant, and must not be kept for another.',
    remedy: 'Authenticate again.',
    facts: { credentialId: id },
  })
}

function checkIdentity({ identity: pinned, id }: CredentialRow, identity: Identity): void {
  if (pinned === null) return
  const differs = (['tenantId', 'organizationId', 'userId'] as const).filter(
    (part) => pinned[part].toLowerCase() !== identity[part].toLowerCase(),
  )
  if (differs.length > 0) throw identityChanged(id, pinned, identity, differs)
}

function identityChanged(
  id: string,
  pinned: Identity,
  identity: Identity,
  differs: readonly string[],
): VaultError {
  const nameOf = (one: Identity) => one.userPrincipalName ?? one.fullName ?? one.userId
  const same = differs.includes('organizationId') ? 'organization' : 'user'
  return new VaultError('identity_changed', {
    what: `The sign-in is for another ${same} than this Credential's.`,
    why: `It belongs to ${nameOf(pinned)} in organization ${pinned.organizationId}; signed in was ${nameOf(identity)} in organization ${identity.organizationId}.`,
    remedy:
      'Sign in again as the same user ("Use another account"), or confirm that the Credential is to change hands.',
    facts: { credentialId: id, differs: [...differs] },
  })
}
