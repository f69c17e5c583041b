import { X509Certificate } from 'node:crypto'
import {
  createLocalJWKSet,
  decodeJwt,
  decodeProtectedHeader,
  type JWK,
  type JWTPayload,
  jwtVerify,
  type ProtectedHeaderParameters,
} from 'jose'
import { type AadstsError, aadsts } from './aadsts.ts'
import type { EntraContext } from './context.ts'
import type { App, Certificate, FederatedCredential } from './model.ts'
import type { EntraRequest } from './request.ts'

/** Entra forgives this much difference of clocks, in seconds. */
const SKEW = 300
/** An app's own assertion is good for ten minutes at most, in seconds. */
const LONGEST = 600

/**
 * Checks a private_key_jwt by the app's certificates, or a foreign token by its federated credentials.
 * @throws AADSTS50027 unreadable, 700027 key or signature, 1000502 certificate expired, 700021 other
 * client, 700023 audience, 700024 times, 70021 no such federated identity
 */
export async function verifyClientAssertion(
  context: EntraContext,
  request: EntraRequest,
  app: App,
  assertion: string,
): Promise<void> {
  const { header, claims } = decode(assertion)
  if (claims.iss === app.appId || app.federatedCredentials.length === 0) {
    const certificate = findCertificate(app, header, request.now)
    await verifySignature(assertion, certificate, header)
    checkOwnClaims(request, app, claims)
    checkTimes(request, claims, LONGEST)
  } else {
    const credential = findFederated(app, claims)
    await verifyForeignSignature(assertion, credential)
    checkTimes(request, claims, Number.POSITIVE_INFINITY)
  }
  context.count('client_assertion', app.appId)
}

function decode(assertion: string): { header: ProtectedHeaderParameters; claims: JWTPayload } {
  try {
    return { header: decodeProtectedHeader(assertion), claims: decodeJwt(assertion) }
  } catch {
    throw aadsts(50027, { what: 'It is not a JWT.' })
  }
}

/** PS256 goes with `x5t#S256`, the older RS256 with either; `kid` names no key here. */
function findCertificate(app: App, header: ProtectedHeaderParameters, now: number): Certificate {
  const { x5t } = header
  const x5tS256 = header['x5t#S256']
  if (header.alg !== 'PS256' && header.alg !== 'RS256') {
    throw aadsts(50027, { what: `The algorithm '${String(header.alg)}' is not accepted.` })
  }
  if (typeof x5t !== 'string' && typeof x5tS256 !== 'string') {
    throw aadsts(50027, { what: "The header has neither 'x5t' nor 'x5t#S256'." })
  }
  const certificate = app.certificates.find((one) =>
    typeof x5tS256 === 'string' ? one.x5tS256 === x5tS256 : one.x5t === x5t,
  )
  if (!certificate) throw wrongKey('The key was not found.', x5tS256 ?? x5t)
  if (now < certificate.notBefore || now > certificate.notAfter) {
    throw aadsts(1000502, { appId: app.appId })
  }
  return certificate
}

async function verifySignature(
  assertion: string,
  certificate: Certificate,
  header: ProtectedHeaderParameters,
): Promise<void> {
  try {
    const key = new X509Certificate(certificate.pem).publicKey
    // The times are checked afterwards, by the sandbox's clock and with texts of their own.
    await jwtVerify(assertion, key, {
      algorithms: ['PS256', 'RS256'],
      currentDate: new Date(0),
      clockTolerance: Number.MAX_SAFE_INTEGER,
    })
  } catch {
    throw wrongKey('The signature is not valid.', header['x5t#S256'] ?? header.x5t)
  }
}

function wrongKey(reason: string, thumbprint: unknown): AadstsError {
  const hex = Buffer.from(typeof thumbprint === 'string' ? thumbprint : '', 'base64url').toString(
    'hex',
  )
  return aadsts(700027, { reason, thumbprint: hex.toUpperCase() })
}

function checkOwnClaims(request: EntraRequest, app: App, claims: JWTPayload): void {
  if (claims.iss !== app.appId || claims.sub !== app.appId) throw aadsts(700021)
  const { url } = request.exchange
  const segment = url.pathname.split('/')[1] ?? ''
  const expected = [
    `${url.origin}${url.pathname}`,
    `${url.origin}/${segment}/v2.0`,
    `${url.origin}/${segment}/oauth2/token`,
    `${url.origin}/${segment}/oauth2/v2.0/token`,
  ]
  const received = Array.isArray(claims.aud) ? claims.aud : [claims.aud ?? '']
  if (!received.some((audience) => expected.includes(audience))) {
    throw aadsts(700023, { expected: expected.join(', '), received: received.join(', ') })
  }
  if (typeof claims.jti !== 'string') throw aadsts(50027, { what: "The claim 'jti' is missing." })
}

function checkTimes(request: EntraRequest, claims: JWTPayload, longest: number): void {
  const now = request.now / 1000
  const { exp, nbf, iat } = claims
  if (exp === undefined) throw aadsts(50027, { what: "The claim 'exp' is missing." })
  const from = nbf ?? iat
  const tooLong = from !== undefined && exp - from > longest
  if (now > exp + SKEW || (from !== undefined && now < from - SKEW) || tooLong) {
    throw aadsts(700024, {
      now: new Date(request.now).toISOString(),
      from: from === undefined ? '' : new Date(from * 1000).toISOString(),
      to: new Date(exp * 1000).toISOString(),
    })
  }
}

function findFederated(app: App, claims: JWTPayload): FederatedCredential {
  const audiences = Array.isArray(claims.aud) ? claims.aud : [claims.aud ?? '']
  const found = app.federatedCredentials.find(
    (one) =>
      one.issuer === claims.iss && one.subject === claims.sub && audiences.includes(one.audience),
  )
  if (found) return found
  throw aadsts(70021, {
    issuer: claims.iss ?? '',
    subject: claims.sub ?? '',
    audience: audiences.join(', '),
  })
}

async function verifyForeignSignature(
  assertion: string,
  credential: FederatedCredential,
): Promise<void> {
  try {
    const keys: JWK[] = credential.keys.map((key) => ({ ...key, kty: String(key['kty']) }))
    await jwtVerify(assertion, createLocalJWKSet({ keys }), {
      currentDate: new Date(0),
      clockTolerance: Number.MAX_SAFE_INTEGER,
    })
  } catch {
    throw aadsts(50012, {
      what: "The assertion's signature does not verify with its issuer's keys.",
    })
  }
}
