import { createHash, createPrivateKey, type KeyObject, X509Certificate } from 'node:crypto'
import type { Secret } from '../kernel/index.ts'
import { OAuthError } from './oauth-error.ts'

/** What can be told of a certificate. Times are ms since 1970. */
export interface CertificateFacts {
  readonly subject: string
  /** SHA-1 in upper-case hex: what the Azure portal shows. */
  readonly thumbprint: string
  /** SHA-256 in base64url: what goes into an assertion's header. */
  readonly thumbprintSha256: string
  readonly notBefore: number
  readonly notAfter: number
}

/**
 * Reads a certificate in PEM form.
 *
 * @throws OAuthError `certificate_unusable`
 */
export function readCertificate(pem: string): CertificateFacts {
  const certificate = parse(pem)
  return {
    subject: certificate.subject.replaceAll('\n', ', '),
    thumbprint: certificate.fingerprint.replaceAll(':', ''),
    thumbprintSha256: createHash('sha256').update(certificate.raw).digest('base64url'),
    notBefore: certificate.validFromDate.getTime(),
    notAfter: certificate.validToDate.getTime(),
  }
}

/**
 * Reads a certificate and its private key, and makes sure that they belong together.
 *
 * @throws OAuthError `certificate_unusable`
 */
export function readSigningPair(pair: {
  readonly certificatePem: string
  readonly privateKeyPem: Secret
}): { readonly key: KeyObject; readonly thumbprint: string } {
  const certificate = parse(pair.certificatePem)
  const key = parseKey(pair.privateKeyPem)
  if (key.asymmetricKeyType !== 'rsa') throw unusable('The key is not an RSA key.')
  if (!certificate.checkPrivateKey(key)) {
    throw unusable('The private key does not belong to the certificate.')
  }
  return { key, thumbprint: readCertificate(pair.certificatePem).thumbprintSha256 }
}

function parse(pem: string): X509Certificate {
  try {
    return new X509Certificate(pem)
  } catch {
    throw unusable('The certificate is not in PEM form.')
  }
}

function parseKey(pem: Secret): KeyObject {
  try {
    return createPrivateKey(pem.reveal())
  } catch {
    throw unusable('The private key is not in PEM form, or is protected by a password.')
  }
}

function unusable(why: string): OAuthError {
  return new OAuthError('certificate_unusable', {
    what: 'The certificate of the Auth Client cannot be used.',
    why,
    remedy:
      'Give an RSA certificate and its private key without a password, both in PEM form ("-----BEGIN ...").',
    affects: 'auth-client',
  })
}
