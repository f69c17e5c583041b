import { isObject, type Secret } from '../kernel/index.ts'

/**
 * What a token says of itself. Its signature was not checked: good for diagnosis and display, never for
 * deciding what somebody may do. Times are ms since 1970.
 */
export interface TokenClaims {
  readonly issuer?: string
  readonly audience?: string
  readonly tenantId?: string
  readonly objectId?: string
  readonly userPrincipalName?: string
  readonly name?: string
  readonly clientId?: string
  readonly scopes?: string
  readonly roles?: string
  readonly version?: string
  readonly issuedAt?: number
  readonly expiresAt?: number
}

/** Who signed in, as far as the tokens tell. */
export interface Account {
  readonly tenantId?: string
  readonly objectId?: string
  readonly userPrincipalName?: string
  readonly name?: string
}

/** Reads the claims of a JWT; `undefined` if the token is opaque. */
export function readClaims(token: Secret): TokenClaims | undefined {
  const payload = payloadOf(token.reveal())
  if (payload === undefined) return undefined
  const text = (...names: readonly string[]) =>
    names.map((name) => payload[name]).find((value) => typeof value === 'string')
  const time = (name: string) => {
    const value = payload[name]
    const seconds =
      typeof value === 'string' || typeof value === 'number' ? Number(value) : Number.NaN
    return Number.isFinite(seconds) ? seconds * 1000 : undefined
  }
  const roles = payload['roles']
  const audiences = [payload['aud']].flat()
  return compact({
    issuer: text('iss'),
    audience: audiences.find((audience) => typeof audience === 'string'),
    tenantId: text('tid'),
    objectId: text('oid'),
    userPrincipalName: text('upn', 'preferred_username', 'unique_name', 'email'),
    name: text('name'),
    clientId: text('appid', 'azp', 'client_id'),
    scopes: text('scp', 'scope'),
    roles: Array.isArray(roles) ? roles.join(' ') : undefined,
    version: text('ver'),
    issuedAt: time('iat'),
    expiresAt: time('exp'),
  })
}

/** Joins what several tokens tell about the person; the first that knows something is believed. */
export function accountOf(tokens: readonly (Secret | undefined)[]): Account | undefined {
  const known = tokens.flatMap((token) => (token && readClaims(token)) ?? [])
  const first = (name: keyof Account) => known.map((claims) => claims[name]).find(Boolean)
  const account: Account = compact({
    tenantId: first('tenantId'),
    objectId: first('objectId'),
    userPrincipalName: first('userPrincipalName'),
    name: first('name'),
  })
  return Object.keys(account).length === 0 ? undefined : account
}

function payloadOf(token: string): { readonly [key: string]: unknown } | undefined {
  const parts = token.split('.')
  if (parts.length !== 3) return undefined
  try {
    const payload: unknown = JSON.parse(Buffer.from(parts[1] ?? '', 'base64url').toString('utf8'))
    return isObject(payload) ? payload : undefined
  } catch {
    return undefined
  }
}

type Compact<T> = { [K in keyof T]?: Exclude<T[K], undefined> }

function compact<T extends object>(fields: T): Compact<T>
function compact(fields: object): object {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined))
}
