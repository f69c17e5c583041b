import { createHash, randomUUID, X509Certificate } from 'node:crypto'
import type {
  Certificate,
  FederatedCredential,
  Permission,
  Platform,
  RedirectUri,
  Secret,
} from '../entra/model.ts'
import { hashOpaque, mintOpaque } from '../entra/opaque.ts'
import { DYNAMICS_CRM } from '../entra/resources.ts'
import {
  allowOnly,
  InputError,
  type JsonObject,
  readList,
  readObject,
  readOptionalString,
  readOptionalTime,
  readString,
  readStrings,
} from '../json-input.ts'

const YEAR = 365 * 86_400_000
const PLATFORMS: readonly Platform[] = ['web', 'spa', 'native']

/** Reads `{web: […], spa: […], native: […]}`. */
export function readRedirects(object: JsonObject): RedirectUri[] {
  const byPlatform = readObject(object['redirectUris'] ?? {}, "'redirectUris'")
  allowOnly(byPlatform, PLATFORMS, "'redirectUris'")
  return PLATFORMS.flatMap((platform) =>
    readStrings(byPlatform, platform).map((uri) => ({ platform, uri })),
  )
}

/** Reads permissions: `user_impersonation`, or `{resourceAppId, scope}`. */
export function readPermissions(object: JsonObject): Permission[] {
  return readList(object, 'permissions').map((one) => {
    if (typeof one === 'string') return { resourceAppId: DYNAMICS_CRM, scope: one }
    const permission = readObject(one, 'A permission')
    return {
      resourceAppId: readString(permission, 'resourceAppId'),
      scope: readString(permission, 'scope'),
    }
  })
}

/** Makes a secret: of the value given, or a fresh one; for a year unless told otherwise. */
export function makeSecret(value: unknown, now: number): Secret {
  const object = readObject(value ?? {}, 'A secret')
  allowOnly(object, ['value', 'description', 'startsAt', 'endsAt'], 'A secret')
  const fresh = mintOpaque('', 30).value
  return {
    id: randomUUID(),
    value: readOptionalString(object, 'value') ?? `${fresh.slice(0, 3)}8Q~${fresh.slice(3, 37)}`,
    description: readOptionalString(object, 'description') ?? '',
    startsAt: readOptionalTime(object, 'startsAt') ?? now,
    endsAt: readOptionalTime(object, 'endsAt') ?? now + YEAR,
  }
}

/** Reads a certificate from PEM. */
export function readCertificate(value: unknown): Certificate {
  if (typeof value !== 'string') throw new InputError('A certificate must be PEM text.')
  let certificate: X509Certificate
  try {
    certificate = new X509Certificate(value)
  } catch {
    throw new InputError('The certificate cannot be read: it must be PEM text.')
  }
  const sha1 = createHash('sha1').update(certificate.raw).digest()
  return {
    id: hashOpaque(value).slice(0, 32),
    pem: value,
    thumbprint: sha1.toString('hex').toUpperCase(),
    x5t: sha1.toString('base64url'),
    x5tS256: createHash('sha256').update(certificate.raw).digest('base64url'),
    notBefore: certificate.validFromDate.getTime(),
    notAfter: certificate.validToDate.getTime(),
  }
}

/** Reads a federated credential: whose tokens, about whom, for whom, signed with which keys. */
export function readFederatedCredential(value: unknown): FederatedCredential {
  const object = readObject(value, 'A federated credential')
  allowOnly(object, ['issuer', 'subject', 'audience', 'jwks'], 'A federated credential')
  const jwks = readObject(object['jwks'], "'jwks'")
  return {
    id: randomUUID(),
    issuer: readString(object, 'issuer'),
    subject: readString(object, 'subject'),
    audience: readOptionalString(object, 'audience') ?? 'api://AzureADTokenExchange',
    keys: readList(jwks, 'keys').map((key) => readObject(key, 'A key')),
  }
}
