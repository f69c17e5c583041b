import { randomBytes, randomUUID } from 'node:crypto'

/** Randomness handed in, so that tests can repeat a run. */
export interface Random {
  /** A number in [0, 1): for jitter and sampling, never for secrets. */
  next(): number
  /** Random bytes, fit for secrets. */
  bytes(length: number): Uint8Array
  /** A new id: a UUID. */
  id(): string
}

/** The machine's own randomness. */
export const systemRandom: Random = {
  next: () => Math.random(),
  bytes: (length) => new Uint8Array(randomBytes(length)),
  id: () => randomUUID(),
}

/** A token of 256 random bits in base64url, for states, tickets and keys. */
export function randomToken(random: Random): string {
  return Buffer.from(random.bytes(32)).toString('base64url')
}
