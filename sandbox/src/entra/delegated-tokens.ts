import { json } from '../answers.ts'
import type { Answer } from '../exchange.ts'
import { aadsts } from './aadsts.ts'
import { mintAccessToken } from './access-tokens.ts'
import type { ClientProof } from './client-authentication.ts'
import { hasConsent } from './consents.ts'
import type { EntraContext } from './context.ts'
import { findUser, identityProvider, isInTenant, tenantById } from './directory.ts'
import { mintIdToken } from './id-tokens.ts'
import type { RefreshToken, SignIn, User } from './model.ts'
import { mintRefreshToken } from './refresh-tokens.ts'
import { AZURE_AD_GRAPH, findResource, MICROSOFT_GRAPH, type Resource } from './resources.ts'
import { requestedPermissions } from './scopes.ts'
import { NO_STORE } from './token-answers.ts'
import type { TokenRequest } from './token-request.ts'

/** A grant that is about to become tokens for a user. */
export interface DelegatedOrder {
  readonly token: TokenRequest
  readonly proof: ClientProof
  readonly tenantId: string
  readonly signIn: SignIn
  /** As the client spelt it; absent when none was ever named. */
  readonly resource?: string
  /** `static`: what the registration lists. */
  readonly permissions: readonly string[] | 'static'
  readonly protocol: readonly string[]
  readonly nonce?: string
  readonly spa: boolean
  readonly former?: RefreshToken
}

interface Permitted {
  readonly resource: Resource
  readonly spelling: string
  readonly scopes: readonly string[]
}

/** Checks all that may stand in the way of a token, then answers with tokens. */
export async function answerDelegated(
  context: EntraContext,
  order: DelegatedOrder,
): Promise<Answer> {
  const { token } = order
  const permitted = permit(context, order)
  const access = await mintAccessToken(context, {
    app: token.app,
    tenantId: order.tenantId,
    audience: permitted.spelling,
    proof: order.proof,
    delegated: { signIn: order.signIn, scopes: permitted.scopes },
  })
  const seconds = access.expiresAt - access.issuedAt - 1
  const more = await companions(context, order, permitted)
  const headers: Record<string, string> = { ...NO_STORE }
  if (token.webOrigin !== undefined) headers['access-control-allow-origin'] = token.webOrigin
  if (token.version === 2) {
    const scope = permitted.scopes.map((one) => `${permitted.spelling}/${one}`).join(' ')
    const body = { token_type: 'Bearer', scope, expires_in: seconds, ext_expires_in: seconds }
    return json(200, { ...body, access_token: access.value, ...more }, headers)
  }
  const body = {
    token_type: 'Bearer',
    scope: permitted.scopes.join(' '),
    expires_in: String(seconds),
    ext_expires_in: String(seconds),
    expires_on: String(access.expiresAt),
    not_before: String(access.notBefore),
    resource: permitted.spelling,
    access_token: access.value,
  }
  return json(200, { ...body, ...more }, headers)
}

/** Refresh token, id_token and client_info, as far as this answer has them. */
async function companions(context: EntraContext, order: DelegatedOrder, permitted: Permitted) {
  const { token } = order
  const offline = token.version === 1 || order.former || order.protocol.includes('offline_access')
  const signedIn = token.version === 1 || order.protocol.includes('openid')
  const refreshToken = offline
    ? mintRefreshToken(context, {
        app: token.app,
        tenantId: order.tenantId,
        signIn: order.signIn,
        resource: permitted.spelling,
        scopes: [...permitted.scopes, ...order.protocol],
        spa: order.spa,
        ...(order.former ? { former: order.former } : {}),
      })
    : undefined
  const idToken = signedIn
    ? await mintIdToken(context, token.request, {
        app: token.app,
        tenantId: order.tenantId,
        version: token.version,
        signIn: order.signIn,
        ...(order.nonce === undefined ? {} : { nonce: order.nonce }),
      })
    : undefined
  const info = { uid: order.signIn.userId, utid: findUser(context, order.signIn.userId)?.tenantId }
  return {
    ...(refreshToken ? { refresh_token: refreshToken } : {}),
    ...(idToken ? { id_token: idToken } : {}),
    ...(token.parameters.get('client_info') === '1'
      ? { client_info: Buffer.from(JSON.stringify(info)).toString('base64url') }
      : {}),
  }
}

function permit(context: EntraContext, order: DelegatedOrder): Permitted {
  const { app, version } = order.token
  const user = permitUser(context, order)
  const spelling = order.resource ?? (version === 1 ? AZURE_AD_GRAPH : MICROSOFT_GRAPH)
  const tenant = tenantById(context, order.tenantId)
  const resource = findResource(context, spelling, tenant.id)
  if (!resource) throw aadsts(500011, { resource: spelling, tenant: tenant.displayName })
  if (user.blockedByPolicy) throw aadsts(53003)
  if (user.mfaRequired && !order.signIn.mfa) {
    throw aadsts(
      50076,
      { resource: resource.appId },
      { claims: MFA_CLAIMS, ...(version === 1 ? { error: 'interaction_required' } : {}) },
    )
  }
  // Without any resource, the token can only read the user's own profile.
  if (order.resource === undefined) return { resource, spelling, scopes: ['User.Read'] }
  const scopes = requestedPermissions(app, resource, order.permissions, spelling)
  if (!hasConsent(context, app, tenant.id, user.id, resource.appId, scopes)) {
    throw aadsts(65001, { appId: app.appId, name: app.displayName })
  }
  return { resource, spelling, scopes }
}

const MFA_CLAIMS = JSON.stringify({
  access_token: { capolids: { essential: true, values: ['5f1b1c2e-0a4d-4c57-9d0b-3f2f5a1d7c11'] } },
})

function permitUser(context: EntraContext, order: DelegatedOrder): User {
  const { app } = order.token
  const user = findUser(context, order.signIn.userId)
  const tenant = tenantById(context, order.tenantId)
  const named = { appId: app.appId, name: app.displayName }
  if (!user) throw aadsts(50034, { user: order.signIn.userId, tenant: tenant.displayName })
  if (!user.enabled) throw aadsts(50057)
  if (!isInTenant(user, tenant.id)) {
    throw aadsts(50020, {
      ...named,
      user: user.username,
      idp: identityProvider(user),
      tenant: tenant.displayName,
    })
  }
  if (app.assignmentRequired && !app.assignedUserIds.includes(user.id)) {
    throw aadsts(50105, { ...named, user: user.username }, { error: 'invalid_grant' })
  }
  return user
}
