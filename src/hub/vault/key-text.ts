import { createHmac } from 'node:crypto'
import type { Random } from '../../kernel/index.ts'
import type { Key } from './envelope.ts'
import { VaultError } from './vault-error.ts'

const ID = /^[A-Za-z0-9_-]{1,64}$/
const KEY_BYTES = 32

/**
 * Reads keys written `id:base64 of 32 bytes`, separated by commas or lines; the first one is active.
 * Lines that begin with `#` are comments.
 *
 * @throws VaultError `keys_invalid`; no part of a key is ever quoted
 */
export function parseKeys(text: string): readonly Key[] {
  const entries = text
    .split('\n')
    .filter((line) => !line.trimStart().startsWith('#'))
    .flatMap((line) => line.split(','))
    .map((entry) => entry.trim())
    .filter((entry) => entry !== '')
  const keys = entries.map(parseKey)
  const ids = new Set(keys.map(({ id }) => id))
  if (ids.size < keys.length) throw invalid('Two keys have the same id.')
  return keys
}

/** Writes keys in the form that {@link parseKeys} reads. */
export function formatKeys(keys: readonly Key[]): string {
  return keys.map((key) => `${key.id}:${Buffer.from(key.bytes).toString('base64')}\n`).join('')
}

/** Makes a new key with an id that tells its age. */
export function generateKey(random: Random, now: number): Key {
  const suffix = Buffer.from(random.bytes(4)).toString('hex')
  const id = `${new Date(now).toISOString().slice(0, 10)}-${suffix}`
  return { id, bytes: random.bytes(KEY_BYTES) }
}

/** What the store keeps to recognise a key by; the key cannot be found from it. */
export function checkValue(key: Key): string {
  return createHmac('sha256', key.bytes).update(`fairlead key check ${key.id}`).digest('base64url')
}

function parseKey(entry: string, index: number): Key {
  const [id = '', encoded, ...rest] = entry.split(':')
  if (!ID.test(id) || encoded === undefined || rest.length > 0)
    throw invalid(`Entry ${index + 1} has no id of letters, digits, "-" and "_" before a colon.`)
  const bytes = new Uint8Array(Buffer.from(encoded, 'base64'))
  if (bytes.length !== KEY_BYTES)
    throw invalid(`Key "${id}" has ${bytes.length} bytes instead of ${KEY_BYTES}.`)
  if (bytes.every((byte) => byte === bytes[0]))
    throw invalid(`Key "${id}" repeats one byte: it is a placeholder.`)
  return { id, bytes }
}

function invalid(why: string): VaultError {
  return new VaultError('keys_invalid', {
    what: 'The encryption keys cannot be used.',
    why,
    remedy:
      'Write id:base64 with 32 random bytes, for example "k1:" and `openssl rand -base64 32`.',
    who: 'operator',
  })
}
