import { createHash } from 'node:crypto'
import type { Secret } from '../../kernel/index.ts'

/** Hashes a token of 256 random bits for storing: nothing slower is needed against guessing. */
export function hashToken(token: Secret): string {
  return createHash('sha256').update(token.reveal()).digest('base64url')
}
