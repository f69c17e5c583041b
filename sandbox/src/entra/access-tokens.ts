import { randomBytes } from 'node:crypto'
import { jwtVerify, SignJWT } from 'jose'
import type { AccessTokenClaims, TokenInspector } from '../identity.ts'
import type { EntraContext } from './context.ts'
import { findUser, servicePrincipal } from './directory.ts'
import type { App, SignIn } from './model.ts'

/** Entra's tokens begin to be valid five minutes before they are made. */
const NOT_BEFORE_MARGIN = 300

export interface AccessToken {
  readonly value: string
  /** Seconds since 1970. */
  readonly notBefore: number
  readonly expiresAt: number
  readonly issuedAt: number
}

export interface AccessTokenOrder {
  readonly app: App
  readonly tenantId: string
  /** Exactly as the client spelt the resource. */
  readonly audience: string
  /** How the client proved itself: 0 not at all, 1 secret, 2 certificate or assertion. */
  readonly proof: '0' | '1' | '2'
  /** The user and the permissions; absent for app-only. */
  readonly delegated?: { readonly signIn: SignIn; readonly scopes: readonly string[] }
}

/** Makes a v1-format access token, valid for a random 60 to 90 minutes. */
export async function mintAccessToken(
  context: EntraContext,
  order: AccessTokenOrder,
): Promise<AccessToken> {
  const issuedAt = Math.floor(context.clock.now() / 1000)
  const notBefore = issuedAt - NOT_BEFORE_MARGIN
  const expiresAt = issuedAt + context.seeded.nextInteger(3600, 5400)
  const principal = servicePrincipal(context, order.app, order.tenantId)
  const claims = {
    aud: order.audience,
    iss: `https://sts.windows.net/${order.tenantId}/`,
    iat: issuedAt,
    nbf: notBefore,
    exp: expiresAt,
    aio: randomBytes(24).toString('base64'),
    appid: order.app.appId,
    appidacr: order.proof,
    tid: order.tenantId,
    uti: randomBytes(16).toString('base64url'),
    ver: '1.0',
    ...(order.delegated
      ? userClaims(context, order.delegated.signIn, order.delegated.scopes)
      : {
          idp: `https://sts.windows.net/${order.tenantId}/`,
          idtyp: 'app',
          oid: principal,
          sub: principal,
        }),
  }
  const value = await new SignJWT(claims)
    .setProtectedHeader({ typ: 'JWT', alg: 'RS256', x5t: context.keys.kid, kid: context.keys.kid })
    .sign(context.keys.privateKey)
  return { value, notBefore, expiresAt, issuedAt }
}

/** Checks tokens for the environments: this sandbox's signature, and the time by its clock. */
export function createTokenInspector(
  context: Pick<EntraContext, 'keys' | 'clock'>,
): TokenInspector {
  return {
    async inspect(token) {
      try {
        const { payload } = await jwtVerify(token, context.keys.publicKey, {
          algorithms: ['RS256'],
          currentDate: new Date(context.clock.now()),
          clockTolerance: 0,
        })
        const claims = readClaims(payload)
        return claims
          ? { valid: true, claims }
          : { valid: false, reason: 'the token lacks a claim that access tokens have' }
      } catch (error) {
        return { valid: false, reason: error instanceof Error ? error.message : 'unreadable' }
      }
    },
  }
}

function userClaims(context: EntraContext, signIn: SignIn, scopes: readonly string[]) {
  const user = findUser(context, signIn.userId)
  return {
    acr: '1',
    amr: signIn.mfa ? ['pwd', 'mfa'] : ['pwd'],
    name: user?.displayName,
    oid: signIn.userId,
    scp: scopes.join(' '),
    sub: context.seeded.text(`subject ${signIn.userId}`, 43),
    unique_name: user?.username,
    upn: user?.username,
  }
}

function readClaims(payload: Readonly<Record<string, unknown>>): AccessTokenClaims | undefined {
  const { iss, aud, tid, oid, appid, upn, name, scp, nbf, exp } = payload
  if (typeof iss !== 'string' || typeof aud !== 'string' || typeof tid !== 'string')
    return undefined
  if (typeof oid !== 'string' || typeof appid !== 'string') return undefined
  if (typeof nbf !== 'number' || typeof exp !== 'number') return undefined
  return {
    iss,
    aud,
    tid,
    oid,
    appid,
    nbf,
    exp,
    ...(typeof upn === 'string' ? { upn } : {}),
    ...(typeof name === 'string' ? { name } : {}),
    ...(typeof scp === 'string' ? { scp } : {}),
  }
}
