import { createHash } from 'node:crypto'

/** Hashes a token of 256 random bits for storing; nothing slower is needed against guessing. */
export function hashOf(token: string): string {
  return createHash('sha256').update(token).digest('base64url')
}

/** Tells whether a text has the form of a token of 256 bits in base64url. */
export function isToken(text: string): boolean {
  return /^[A-Za-z0-9_-]{43}$/.test(text)
}
