import type { Json } from '../../kernel/index.ts'
import { readBearerChallenge } from '../../transport/index.ts'
import type { WebApi } from '../address/address.ts'
import { DataverseError } from './dataverse-error.ts'
import type { Fault } from './fault.ts'

/** What a 401 says of the token it wants. */
export interface Challenge {
  /** The login authority, which names the tenant. */
  readonly authority?: string
  /** The resource that the token must be for. */
  readonly resource?: string
  readonly error?: string
  readonly description?: string
}

/** Reads a `WWW-Authenticate` header for what its Bearer challenge says. */
export function parseChallenge(header: string | null): Challenge {
  const found = readBearerChallenge(header)
  const authority = found.get('authorization_uri') ?? found.get('authorization')
  const resource = found.get('resource_id') ?? found.get('resource')
  const error = found.get('error')
  const description = found.get('error_description')
  return {
    ...(authority === undefined ? {} : { authority }),
    ...(resource === undefined ? {} : { resource }),
    ...(error === undefined ? {} : { error }),
    ...(description === undefined ? {} : { description: description.slice(0, 500) }),
  }
}

/** Makes the error for a token that the environment refused twice, by what its challenge asks for. */
export function unauthorizedError(api: WebApi, challenge: Challenge, fault: Fault): DataverseError {
  const asked = originOf(challenge.resource)
  const foreign = asked !== undefined && asked !== api.root.origin
  const said = challenge.description ?? challenge.error ?? fault.message
  const { dataverseCode, requestId } = fault
  return new DataverseError('unauthorized', {
    what: `${api.root.host} refused the access token${said === undefined ? '' : `: “${said}”`}`,
    why: foreign
      ? `It wants a token for ${asked}, while this connection was made for ${api.root.origin}.`
      : `It wants a token for ${api.root.origin}${tenantPhrase(challenge.authority)}; the token at hand is for something else, has ended or was withdrawn.`,
    remedy: foreign
      ? `Connect again with the address ${asked}.`
      : 'Connect again, with a user of the tenant that this environment belongs to.',
    status: 401,
    ...(dataverseCode === undefined ? {} : { dataverseCode }),
    ...(requestId === undefined ? {} : { requestId }),
    facts: challengeFacts(challenge),
  })
}

function challengeFacts({ authority, resource, error }: Challenge): Readonly<Record<string, Json>> {
  return {
    ...(authority === undefined ? {} : { authority }),
    ...(resource === undefined ? {} : { resource }),
    ...(error === undefined ? {} : { challengeError: error }),
  }
}

function tenantPhrase(authority: string | undefined): string {
  const tenant = /^https?:\/\/[^/]+\/([\w.-]{1,100})(\/|$)/.exec(authority ?? '')?.[1]
  return tenant === undefined || tenant === 'common' ? '' : `, issued by the tenant ${tenant}`
}

function originOf(resource: string | undefined): string | undefined {
  return resource !== undefined && URL.canParse(resource) ? new URL(resource).origin : undefined
}
