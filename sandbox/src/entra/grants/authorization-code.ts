import { createHash } from 'node:crypto'
import { notSupported } from '../../answers.ts'
import type { Answer } from '../../exchange.ts'
import { aadsts } from '../aadsts.ts'
import type { EntraContext } from '../context.ts'
import { answerDelegated } from '../delegated-tokens.ts'
import type { AuthorizationCode } from '../model.ts'
import { hashOpaque } from '../opaque.ts'
import { required } from '../request.ts'
import { isProtocolScope, readScope } from '../scopes.ts'
import { pathOf, proveClient, type TokenRequest } from '../token-request.ts'

const LIFETIME = 10 * 60_000

/** Redeems an authorization code. */
export async function redeemCode(context: EntraContext, token: TokenRequest): Promise<Answer> {
  const presented = required(token.parameters, 'code')
  const code = findCode(context, token, presented)
  const proof = await proveCodeClient(context, token, code)
  if (code.version !== token.version) {
    return notSupported(
      `a code of the v${code.version} endpoint at the v${token.version} token endpoint`,
    )
  }
  refuseForeignUse(token, code)
  if (code.redeemed) throw aadsts(54005)
  if (context.clock.now() - code.issuedAt >= LIFETIME) throw aadsts(70008)
  checkVerifier(code, token.parameters.get('code_verifier'))
  const wish = readWish(token, code)
  // Before anything is awaited, so that of two redemptions at once only one goes through.
  code.redeemed = true
  context.touch()
  return answerDelegated(context, {
    token,
    proof,
    tenantId: code.tenantId,
    signIn: code.signIn,
    spa: code.platform === 'spa',
    ...(code.nonce === undefined ? {} : { nonce: code.nonce }),
    ...wish,
  })
}

function findCode(
  context: EntraContext,
  token: TokenRequest,
  presented: string,
): AuthorizationCode {
  if (!/^1\.A[\w-]{40,}$/.test(presented)) throw aadsts(9002313)
  const hash = hashOpaque(presented)
  const code = context.state.codes.find((one) => one.hash === hash)
  if (!code) throw aadsts(70000, { what: "'code'" })
  if (code.appId !== token.app.appId) {
    throw aadsts(70000, { what: "'code'" }, { suberror: 'client_mismatch' })
  }
  return code
}

/** The redirect's platform decides what kind of client redeems. */
function proveCodeClient(context: EntraContext, token: TokenRequest, code: AuthorizationCode) {
  if (code.platform === 'spa') {
    if (!code.challenge) throw aadsts(9002325)
    if (token.webOrigin === undefined) throw aadsts(9002327)
    return proveClient(context, token, true)
  }
  if (token.webOrigin !== undefined) throw aadsts(9002326, { origin: token.webOrigin })
  return proveClient(context, token, code.platform === 'native')
}

function refuseForeignUse(token: TokenRequest, code: AuthorizationCode): void {
  if (code.tenantPath !== pathOf(token)) throw aadsts(700005)
  const uri = token.parameters.get('redirect_uri')
  if (uri !== code.redirectUri) {
    throw aadsts(500112, { uri: uri ?? '', expected: code.redirectUri })
  }
}

function checkVerifier(code: AuthorizationCode, verifier: string | undefined): void {
  if (!code.challenge) {
    if (verifier !== undefined) throw aadsts(50147)
    return
  }
  const { method, value } = code.challenge
  const derived =
    method === 'S256' && verifier !== undefined
      ? createHash('sha256').update(verifier).digest('base64url')
      : verifier
  if (derived !== value) throw aadsts(501481)
}

/** What the tokens are for: v1 by `resource`, v2 by `scope`, each falling back on the sign-in's. */
function readWish(token: TokenRequest, code: AuthorizationCode) {
  const agreed = code.scopes.filter(isProtocolScope)
  if (token.version === 1) {
    const named = token.parameters.get('resource')
    if (named !== undefined && code.resource !== undefined && !sameResource(named, code.resource)) {
      throw aadsts(90023, { what: 'the resource differs from that of the authorization request.' })
    }
    const resource = named ?? code.resource
    return {
      ...(resource === undefined ? {} : { resource }),
      permissions: 'static' as const,
      protocol: agreed,
    }
  }
  const scope = token.parameters.get('scope')
  const wish = scope === undefined ? undefined : readScope(scope)
  const resource = wish?.resource ?? code.resource
  const permissions = wish?.resource
    ? wish.permissions
    : code.scopes.filter((one) => !isProtocolScope(one))
  return { ...(resource === undefined ? {} : { resource }), permissions, protocol: agreed }
}

function sameResource(left: string, right: string): boolean {
  return left.replace(/\/$/, '') === right.replace(/\/$/, '')
}
