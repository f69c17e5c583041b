import { createHash, createPublicKey, type KeyObject, randomBytes, sign } from 'node:crypto'
import { isIP } from 'node:net'
import {
  bits,
  bool,
  context,
  integer,
  nothing,
  octets,
  oid,
  sequence,
  setOf,
  time,
  utf8,
} from './der.ts'

export interface CertificateOrder {
  readonly subject: string
  /** The private key of the certificate's owner. */
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

/** Issues an X.509 certificate in PEM, signed with RSA or ECDSA and SHA-256 (RFC 5280). */
export function issueCertificate(order: CertificateOrder): string {
  const issuer = order.issuer ?? order
  const algorithm =
    issuer.key.asymmetricKeyType === 'rsa'
      ? sequence(oid('1.2.840.113549.1.1.11'), nothing())
      : sequence(oid('1.2.840.10045.4.3.2'))
  const serial = randomBytes(16)
  serial[0] = ((serial[0] ?? 0) & 0x7f) | 0x40
  const body = sequence(
    context(0, integer(Buffer.of(2)), true),
    integer(serial),
    algorithm,
    name(issuer.subject),
    sequence(time(order.notBefore), time(order.notAfter)),
    name(order.subject),
    publicKeyOf(order.key),
    context(3, sequence(...extensions(order, issuer.key)), true),
  )
  const der = sequence(body, algorithm, bits(sign('sha256', body, issuer.key)))
  const lines = der.toString('base64').match(/.{1,64}/g) ?? []
  return `-----BEGIN CERTIFICATE-----\n${lines.join('\n')}\n-----END CERTIFICATE-----\n`
}

function extensions(order: CertificateOrder, issuerKey: KeyObject): Buffer[] {
  const constraints = order.authority ? sequence(bool(true)) : sequence()
  // keyCertSign and cRLSign, or digitalSignature and keyEncipherment.
  const usage = order.authority ? bits(Buffer.of(0x06), 1) : bits(Buffer.of(0xa0), 5)
  const list = [
    extension('2.5.29.19', true, constraints),
    extension('2.5.29.15', true, usage),
    extension('2.5.29.14', false, octets(keyId(order.key))),
    extension('2.5.29.35', false, sequence(context(0, keyId(issuerKey), false))),
  ]
  if (!order.authority) list.push(extension('2.5.29.37', false, sequence(oid('1.3.6.1.5.5.7.3.1'))))
  if (order.names.length > 0) {
    list.push(extension('2.5.29.17', false, sequence(...order.names.map(alternativeName))))
  }
  return list
}

function extension(id: string, critical: boolean, value: Buffer): Buffer {
  return sequence(oid(id), ...(critical ? [bool(true)] : []), octets(value))
}

function alternativeName(value: string): Buffer {
  if (isIP(value) === 4) return context(7, Buffer.from(value.split('.').map(Number)), false)
  return context(2, Buffer.from(value, 'ascii'), false)
}

function name(commonName: string): Buffer {
  return sequence(setOf(sequence(oid('2.5.4.3'), utf8(commonName))))
}

function publicKeyOf(key: KeyObject): Buffer {
  return createPublicKey(key).export({ type: 'spki', format: 'der' })
}

function keyId(key: KeyObject): Buffer {
  return createHash('sha1').update(publicKeyOf(key)).digest()
}
