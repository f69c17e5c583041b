import { randomUUID } from 'node:crypto'
import type { AuthorizeRequest } from './authorize-request.ts'
import type { EntraContext } from './context.ts'
import type { SignIn } from './model.ts'
import { mintOpaque } from './opaque.ts'

/** A redeemed or expired code is still recognized for an hour. */
const KEPT = 3_600_000
const MOST = 5_000

/** Makes a code and the callback's other values. */
export function issueCode(
  context: EntraContext,
  wish: AuthorizeRequest,
  signIn: SignIn,
  tenantId: string,
): Record<string, string> {
  const now = context.clock.now()
  const { value, hash } = mintOpaque('1.A', 240)
  const { codes } = context.state
  context.state.codes = codes.filter((one) => now - one.issuedAt < KEPT).slice(1 - MOST)
  context.state.codes.push({
    hash,
    appId: wish.app.appId,
    redirectUri: wish.callback.redirect.uri,
    platform: wish.callback.redirect.platform,
    version: wish.version,
    tenantPath: wish.tenantPath,
    tenantId,
    signIn,
    ...(wish.resource === undefined ? {} : { resource: wish.resource }),
    scopes: wish.scopes,
    ...(wish.nonce === undefined ? {} : { nonce: wish.nonce }),
    ...(wish.challenge ? { challenge: wish.challenge } : {}),
    issuedAt: now,
    redeemed: false,
  })
  context.touch()
  context.count('authorize.code', wish.app.appId)
  return {
    code: value,
    session_state: randomUUID(),
    ...(wish.prompt === 'admin_consent' ? { admin_consent: 'True' } : {}),
  }
}
