import { createHash, randomBytes } from 'node:crypto'

/** A code, token or cookie that means something only to the sandbox. */
export interface Opaque {
  /** What the client gets. */
  readonly value: string
  /** What is kept. */
  readonly hash: string
}

/** Makes a fresh one in the look of Entra's, whose prefixes clients take for a version. */
export function mintOpaque(prefix: string, bytes: number): Opaque {
  const value = `${prefix}${randomBytes(bytes).toString('base64url')}`
  return { value, hash: hashOpaque(value) }
}

export function hashOpaque(value: string): string {
  return createHash('sha256').update(value).digest('hex')
}
