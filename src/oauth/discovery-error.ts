import type { JsonObject } from '../kernel/index.ts'
import type { TransportError } from '../transport/index.ts'
import { OAuthError } from './oauth-error.ts'

const MANUAL = 'You can also enter both endpoints by hand.'

export function notAnEnvironment(url: URL, facts: JsonObject): OAuthError {
  const status = facts['status']
  const gone = status === 404 || status === 400
  return discoveryError('discovery_not_an_environment', {
    what: `${url.host} did not answer like a CRM environment.`,
    why: gone
      ? 'There is no environment of this name, or it was renamed.'
      : 'A CRM environment answers a call without a token by naming its directory, and this did not.',
    remedy: `Open the CRM environment in a browser and copy its address. ${MANUAL}`,
    facts: { host: url.host, ...facts },
  })
}

export function untrustedLogin(environment: URL, login: URL): OAuthError {
  return discoveryError('discovery_untrusted_login', {
    what: `${environment.host} names ${login.origin} as the place to sign in, which Fairlead does not know.`,
    why: "It is none of Microsoft's login hosts, and the operator has not named it. A false environment could have your secret sent there.",
    remedy: `If the place is right, the operator adds ${login.origin} to the allowed origins.`,
    facts: { host: environment.host, login: login.origin },
    operator: true,
  })
}

export function foreignResource(environment: URL, resource: string): OAuthError {
  return discoveryError('discovery_resource_mismatch', {
    what: `${environment.host} gave itself another address: ${resource.slice(0, 200)}.`,
    why: 'A token made for that address would not be for the environment that was asked. The environment may have been renamed, or may not be genuine.',
    remedy: `Enter the address that the environment is known by. ${MANUAL}`,
    facts: { host: environment.host, resource: resource.slice(0, 200) },
  })
}

/** An environment that is there, but does not work at the moment. */
export function busy(url: URL, status: number, retryAfterMs: number | undefined): OAuthError {
  return new OAuthError('discovery_failed', {
    what: `${url.host} answered with ${status}, so that it could not be asked.`,
    why: 'The environment, or a gateway before it, cannot work on requests at the moment.',
    remedy: `Try again later. ${MANUAL}`,
    who: 'microsoft',
    retry: { when: 'later', ...(retryAfterMs === undefined ? {} : { afterMs: retryAfterMs }) },
    affects: 'transient',
    facts: { host: url.host, status },
  })
}

export function unreachable(cause: TransportError): OAuthError {
  const { why, remedy, who, retry } = cause.explanation
  return new OAuthError('discovery_failed', {
    what: `The environment could not be asked: ${cause.message}`,
    why,
    remedy: `${remedy} ${MANUAL}`,
    who,
    retry,
    affects: retry.when === 'later' ? 'transient' : 'configuration',
    facts: { ...cause.facts, reason: cause.code },
    cause,
  })
}

function discoveryError(
  code:
    | 'discovery_not_an_environment'
    | 'discovery_untrusted_login'
    | 'discovery_resource_mismatch',
  details: {
    readonly what: string
    readonly why: string
    readonly remedy: string
    readonly facts: JsonObject
    readonly operator?: boolean
  },
): OAuthError {
  const { operator, ...words } = details
  return new OAuthError(code, {
    ...words,
    who: operator ? 'operator' : 'you',
    affects: 'configuration',
  })
}
