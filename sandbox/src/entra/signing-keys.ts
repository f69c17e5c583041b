import { createPublicKey, generateKeyPair } from 'node:crypto'
import { promisify } from 'node:util'
import { type CryptoKey, calculateJwkThumbprint, exportJWK, importPKCS8, type JWK } from 'jose'

/** The key with which this sandbox signs its tokens. */
export interface SigningKeys {
  readonly kid: string
  readonly privateKey: CryptoKey
  readonly publicKey: CryptoKey | JWK
  /** The public half for the discovery documents. */
  readonly jwk: JWK
}

/** Makes a private key in PEM (PKCS 8). */
export async function generateSigningKey(): Promise<string> {
  const { privateKey } = await promisify(generateKeyPair)('rsa', {
    modulusLength: 2048,
    publicKeyEncoding: { type: 'spki', format: 'pem' },
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
  })
  return privateKey
}

/** Reads the key from its PEM form. */
export async function readSigningKeys(pem: string): Promise<SigningKeys> {
  const privateKey = await importPKCS8(pem, 'RS256')
  const jwk = await exportJWK(createPublicKey(pem))
  const kid = await calculateJwkThumbprint(jwk)
  return {
    kid,
    privateKey,
    publicKey: jwk,
    jwk: { ...jwk, use: 'sig', kid, x5t: kid },
  }
}
