import type { Answer } from '../../exchange.ts'
import { aadsts } from '../aadsts.ts'
import type { EntraContext } from '../context.ts'
import { answerDelegated } from '../delegated-tokens.ts'
import type { RefreshToken } from '../model.ts'
import { useRefreshToken } from '../refresh-tokens.ts'
import { required } from '../request.ts'
import { isProtocolScope, readScope } from '../scopes.ts'
import { proveClient, type TokenRequest } from '../token-request.ts'

/** Renews tokens; the refresh token is good for every consented resource and tenant of its user. */
export async function refresh(context: EntraContext, token: TokenRequest): Promise<Answer> {
  const presented = required(token.parameters, 'refresh_token')
  const proof = await proveClient(context, token, isPublicUse(token))
  const former = useRefreshToken(context, token.app, presented)
  if (former.spaEndsAt !== undefined && token.webOrigin === undefined) throw aadsts(9002327)
  if (former.spaEndsAt === undefined && token.webOrigin !== undefined) {
    throw aadsts(9002326, { origin: token.webOrigin })
  }
  return answerDelegated(context, {
    token,
    proof,
    tenantId: token.choice.kind === 'tenant' ? token.choice.tenant.id : former.tenantId,
    signIn: former.signIn,
    spa: former.spaEndsAt !== undefined,
    former,
    ...readWish(token, former),
  })
}

/** A secret proves a confidential client; without one, a registration for public use may do. */
function isPublicUse(token: TokenRequest): boolean {
  const { app, parameters, webOrigin } = token
  if (webOrigin !== undefined) return app.redirectUris.some((one) => one.platform === 'spa')
  const publicApp = app.publicClient || app.redirectUris.some((one) => one.platform === 'native')
  const confidential = app.redirectUris.some((one) => one.platform === 'web')
  if (publicApp && !confidential) return true
  const proves = parameters.has('client_secret') || parameters.has('client_assertion')
  return publicApp && !proves && token.request.exchange.headers.authorization === undefined
}

function readWish(token: TokenRequest, former: RefreshToken) {
  const protocol = former.scopes.filter(isProtocolScope)
  const before = former.scopes.filter((scope) => !isProtocolScope(scope))
  if (token.version === 1) {
    const resource = token.parameters.get('resource') ?? former.resource
    return {
      ...(resource === undefined ? {} : { resource }),
      permissions: 'static' as const,
      protocol,
    }
  }
  const scope = token.parameters.get('scope')
  const wish = scope === undefined ? undefined : readScope(scope)
  const resource = wish?.resource ?? former.resource
  return {
    ...(resource === undefined ? {} : { resource }),
    permissions: wish?.resource ? wish.permissions : before,
    protocol: wish ? wish.protocol : protocol,
  }
}
