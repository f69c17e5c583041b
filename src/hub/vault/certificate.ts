import { createPrivateKey, X509Certificate } from 'node:crypto'
import type { Secret } from '../../kernel/index.ts'
import { fieldError } from './vault-error.ts'

export interface CertificateFacts {
  /** SHA-256 of the certificate in upper-case hex. */
  readonly thumbprint: string
  readonly notAfter: number
}

/** Reads what may be shown of a certificate. @throws VaultError `field_invalid` */
export function readCertificate(pem: string): CertificateFacts {
  const certificate = parseCertificate(pem)
  return {
    thumbprint: certificate.fingerprint256.replaceAll(':', ''),
    notAfter: certificate.validToDate.getTime(),
  }
}

/** Checks that a private key is the certificate's. @throws VaultError `field_invalid` */
export function checkKeyPair(certificatePem: string, privateKeyPem: Secret): void {
  const certificate = parseCertificate(certificatePem)
  let matches: boolean
  try {
    matches = certificate.checkPrivateKey(createPrivateKey(privateKeyPem.reveal()))
  } catch {
    // The cause is left out: it may quote the key.
    throw fieldError(
      'privateKeyPem',
      'It is not a private key in PEM form without a password.',
      'Paste the text from BEGIN PRIVATE KEY to END PRIVATE KEY.',
    )
  }
  if (!matches)
    throw fieldError(
      'privateKeyPem',
      'It does not belong to the certificate.',
      'Paste the key that the certificate was made with.',
    )
}

function parseCertificate(pem: string): X509Certificate {
  try {
    return new X509Certificate(pem)
  } catch (error) {
    throw Object.assign(
      fieldError(
        'certificatePem',
        'It is not a certificate in PEM form.',
        'Paste the text from BEGIN CERTIFICATE to END CERTIFICATE.',
      ),
      { cause: error },
    )
  }
}
