import { createPublicKey, type KeyObject, randomBytes, webcrypto } from 'node:crypto'
import { isIP } from 'node:net'
import type { Extension } from '@peculiar/x509'

export interface CertificateOrder {
  readonly subject: string
  /** The private key of the certificate's owner, RSA or P-256. */
  readonly key: KeyObject
  /** Who signs; without one the certificate signs itself. */
  readonly issuer?: { readonly subject: string; readonly key: KeyObject }
  readonly authority: boolean
  /** DNS names and IPv4 addresses that the certificate is good for. */
  readonly names: readonly string[]
  /** ms since 1970 */
  readonly notBefore: number
  readonly notAfter: number
}

const SERVER_AUTHENTICATION = '1.3.6.1.5.5.7.3.1'

/** Issues an X.509 certificate in PEM, signed with RSA or ECDSA and SHA-256 (RFC 5280). */
export async function issueCertificate(order: CertificateOrder): Promise<string> {
  const x509 = await load()
  const issuer = order.issuer ?? order
  const publicKey = await importPublicKey(order.key)
  const certificate = await x509.X509CertificateGenerator.create({
    serialNumber: serialNumber(),
    subject: `CN=${order.subject}`,
    issuer: `CN=${issuer.subject}`,
    notBefore: new Date(order.notBefore),
    notAfter: new Date(order.notAfter),
    signingAlgorithm: algorithmOf(issuer.key),
    publicKey,
    signingKey: await importPrivateKey(issuer.key),
    extensions: [
      ...usage(x509, order),
      await x509.SubjectKeyIdentifierExtension.create(publicKey),
      await x509.AuthorityKeyIdentifierExtension.create(await importPublicKey(issuer.key)),
    ],
  })
  return `${certificate.toString('pem')}\n`
}

type X509 = typeof import('@peculiar/x509')

// Only a sandbox with https pays for loading it; its decorators need the metadata before anything else.
async function load(): Promise<X509> {
  await import('reflect-metadata')
  return import('@peculiar/x509')
}

function usage(x509: X509, { authority, names }: CertificateOrder): Extension[] {
  const { KeyUsageFlags } = x509
  const flags = authority
    ? KeyUsageFlags.keyCertSign | KeyUsageFlags.cRLSign
    : KeyUsageFlags.digitalSignature | KeyUsageFlags.keyEncipherment
  const alternatives = names.map((value) => {
    const type = isIP(value) === 0 ? ('dns' as const) : ('ip' as const)
    return { type, value }
  })
  return [
    new x509.BasicConstraintsExtension(authority, undefined, true),
    new x509.KeyUsagesExtension(flags, true),
    ...(authority ? [] : [new x509.ExtendedKeyUsageExtension([SERVER_AUTHENTICATION])]),
    ...(names.length === 0 ? [] : [new x509.SubjectAlternativeNameExtension(alternatives)]),
  ]
}

// A positive number of 16 bytes, so that no reader takes it for a shorter or a negative one.
function serialNumber(): string {
  const bytes = randomBytes(16)
  bytes[0] = ((bytes[0] ?? 0) & 0x7f) | 0x40
  return bytes.toString('hex')
}

function algorithmOf(key: KeyObject) {
  return key.asymmetricKeyType === 'rsa'
    ? { name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-256' }
    : { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' }
}

function importPrivateKey(key: KeyObject): Promise<webcrypto.CryptoKey> {
  const der = key.export({ type: 'pkcs8', format: 'der' })
  return webcrypto.subtle.importKey('pkcs8', der, algorithmOf(key), false, ['sign'])
}

function importPublicKey(key: KeyObject): Promise<webcrypto.CryptoKey> {
  const der = createPublicKey(key).export({ type: 'spki', format: 'der' })
  return webcrypto.subtle.importKey('spki', der, algorithmOf(key), true, ['verify'])
}
