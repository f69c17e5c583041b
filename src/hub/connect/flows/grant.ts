import { type AccessToken, DataverseClient, type TokenSource } from '../../../dataverse/index.ts'
import { readClaims, type TokenSet } from '../../../oauth/index.ts'
import type { Actor } from '../../audit/index.ts'
import type { Credential, Identity } from '../../vault/index.ts'
import type { ConnectParts } from '../connect-parts.ts'
import { askWhoAmI } from '../who-am-i.ts'

/**
 * Asks the environment whom fresh tokens are for, and only then stores them with that identity.
 * Nothing is stored when the environment does not let the user in.
 *
 * @throws DataverseError, TransportError; VaultError `identity_changed`, `changed_meanwhile`
 */
export async function acceptTokens(
  parts: ConnectParts,
  by: Actor,
  credential: Credential,
  grant: {
    readonly tokens: TokenSet
    readonly acceptIdentity: boolean
    readonly signal?: AbortSignal
  },
): Promise<Identity> {
  const { tokens, acceptIdentity, signal } = grant
  const identity = await identify(parts, credential, tokens, signal)
  await parts.vault.storeGrant(by, credential.id, {
    ...{ tokens, identity, acceptIdentity },
    obtainedFor: credential,
  })
  parts.logger.info('credential connected', { credentialId: credential.id })
  return identity
}

async function identify(
  { send, clock, logger, random }: ConnectParts,
  credential: Credential,
  { accessToken, expiresAt, account }: TokenSet,
  signal: AbortSignal | undefined,
): Promise<Identity> {
  const client = new DataverseClient({
    environmentUrl: credential.environmentUrl,
    apiVersion: credential.apiVersion,
    tokens: onlyToken({ value: accessToken, expiresAt }),
    send,
    clock,
    logger,
    random,
  })
  const options = signal === undefined ? {} : { signal }
  const { userId, organizationId } = await askWhoAmI(client, credential, options)
  // Names help people and pin nothing: a user who may not read them is connected all the same.
  const [organization, user] = await Promise.allSettled([
    client.organization(options),
    client.row('systemusers', userId, { select: ['fullname', 'domainname'], ...options }),
  ])
  const told = organization.status === 'fulfilled' ? organization.value.tenantId : undefined
  const names = user.status === 'fulfilled' ? user.value : {}
  const userPrincipalName = account?.userPrincipalName ?? text(names['domainname'])
  const fullName = text(names['fullname']) ?? account?.name
  return {
    // The directory of the environment, also for its guests.
    tenantId: readClaims(accessToken)?.tenantId ?? told ?? account?.tenantId ?? '',
    organizationId,
    userId,
    ...(userPrincipalName === undefined ? {} : { userPrincipalName }),
    ...(fullName === undefined ? {} : { fullName }),
  }
}

// A fresh token that is refused will not become better by asking again.
function onlyToken(token: AccessToken): TokenSource {
  return { token: async () => token, replace: async () => token }
}

function text(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined
}
