import type { Exchange } from '../../exchange.ts'
import type { AccessTokenClaims, OrganizationIdentity, TokenInspector } from '../../identity.ts'
import { Fault } from '../fault.ts'

/** Checks the bearer token of a request: signature and times elsewhere, audience and tenant here. */
export async function readCaller(
  exchange: Exchange,
  identity: OrganizationIdentity,
  tokens: TokenInspector,
): Promise<AccessTokenClaims> {
  const header = exchange.headers.authorization
  if (header === undefined) throw challenge(identity)
  const match = /^Bearer\s+(\S+)$/i.exec(header)
  if (!match?.[1]) {
    // A token without its scheme is no bearer authorization at all.
    throw challenge(identity)
  }
  const verdict = await tokens.inspect(match[1])
  if (!verdict.valid) throw challenge(identity, verdict.reason)
  const { claims } = verdict
  if (!audiences(identity).has(claims.aud.replace(/\/$/, ''))) {
    throw challenge(identity, `The audience '${claims.aud}' is not this organization`)
  }
  if (claims.tid !== identity.tenantId) {
    throw challenge(identity, `The token is of the tenant '${claims.tid}'`)
  }
  return claims
}

/** The 401 that tells a client where to sign in and for what. */
function challenge(identity: OrganizationIdentity, reason?: string): Fault {
  const resource = `${identity.origins[0] ?? ''}/`
  const parts = [`authorization_uri=${identity.authorizationUri}`, `resource_id=${resource}`]
  if (reason !== undefined) {
    parts.push('error=invalid_token', `error_description=${reason.replace(/[,\r\n]/g, ' ')}`)
  }
  return new Fault(401, '', reason ?? 'Authentication is required', {
    'www-authenticate': `Bearer ${parts.join(', ')}`,
  })
}

/** Both forms of the host are one resource: `org.crm4…` and `org.api.crm4…`. */
function audiences(identity: OrganizationIdentity): Set<string> {
  const origins = new Set<string>()
  for (const origin of identity.origins) {
    const plain = origin.replace(/\/$/, '')
    origins.add(plain)
    origins.add(plain.replace(/^(https?:\/\/[^./:]+)\.api\./, '$1.'))
    origins.add(plain.replace(/^(https?:\/\/[^./:]+)\.(?!api\.)/, '$1.api.'))
  }
  return origins
}
