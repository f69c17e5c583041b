import { SignJWT, UnsecuredJWT } from 'jose'
import type { EntraContext } from './context.ts'
import { findUser } from './directory.ts'
import type { App, SignIn } from './model.ts'
import type { EntraRequest } from './request.ts'

export interface IdTokenOrder {
  readonly app: App
  readonly tenantId: string
  readonly version: 1 | 2
  readonly signIn: SignIn
  readonly nonce?: string
}

/** Makes an id_token: v1 names sts.windows.net as its issuer, v2 the host that was asked. */
export async function mintIdToken(
  context: EntraContext,
  request: EntraRequest,
  order: IdTokenOrder,
): Promise<string> {
  const user = findUser(context, order.signIn.userId)
  const issuedAt = Math.floor(request.now / 1000)
  const claims = {
    aud: order.app.appId,
    iss:
      order.version === 1
        ? `https://sts.windows.net/${order.tenantId}/`
        : `${request.origin}/${order.tenantId}/v2.0`,
    iat: issuedAt,
    nbf: issuedAt,
    exp: issuedAt + 3900,
    ...(order.nonce === undefined ? {} : { nonce: order.nonce }),
    name: user?.displayName,
    oid: order.signIn.userId,
    sub: context.seeded.text(`pairwise ${order.app.appId} ${order.signIn.userId}`, 43),
    tid: order.tenantId,
    ver: order.version === 1 ? '1.0' : '2.0',
    ...(order.version === 1
      ? { amr: ['pwd'], unique_name: user?.username, upn: user?.username }
      : { preferred_username: user?.username }),
  }
  if (order.version === 1 && order.app.unsignedIdToken) return new UnsecuredJWT(claims).encode()
  return new SignJWT(claims)
    .setProtectedHeader({ typ: 'JWT', alg: 'RS256', kid: context.keys.kid, x5t: context.keys.kid })
    .sign(context.keys.privateKey)
}
