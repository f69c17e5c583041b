import { createCipheriv, createDecipheriv } from 'node:crypto'
import { type Random, Secret } from '../../kernel/index.ts'
import { VaultError } from './vault-error.ts'

/** Where a sealed value belongs. Sealed for one place, it opens nowhere else. */
export interface Place {
  readonly workspaceId: string
  readonly table: string
  readonly row: string
  readonly column: string
}

/** A key that seals the keys of single values. */
export interface Key {
  readonly id: string
  readonly bytes: Uint8Array
}

const VERSION = 'f1'
const IV_BYTES = 12
const TAG_BYTES = 16

/**
 * Seals a value under a data key of its own, and that one under `key`: AES-256-GCM with random 96-bit
 * IVs, both bound to the place. Text: `f1.<key id>.<sealed data key>.<sealed value>`.
 */
export function seal(value: Secret, place: Place, key: Key, random: Random): string {
  const dataKey = random.bytes(32)
  const wrapped = encrypt(dataKey, key.bytes, keyContext(key.id, place), random)
  const sealed = encrypt(Buffer.from(value.reveal()), dataKey, valueContext(place), random)
  return [VERSION, key.id, wrapped.toString('base64url'), sealed.toString('base64url')].join('.')
}

/**
 * Opens a sealed value.
 *
 * @throws VaultError `ciphertext_invalid` when it was changed, cut, or sealed for another place
 */
export function open(envelope: string, place: Place, key: Key): Secret {
  const { wrapped, sealed } = parse(envelope, place)
  const dataKey = decrypt(wrapped, key.bytes, keyContext(key.id, place), place)
  return new Secret(decrypt(sealed, dataKey, valueContext(place), place).toString('utf8'))
}

/** Seals the data key of an envelope under another key; the value itself is not touched. */
export function rewrap(
  envelope: string,
  place: Place,
  keys: { readonly from: Key; readonly to: Key },
  random: Random,
): string {
  const { wrapped, sealed } = parse(envelope, place)
  const dataKey = decrypt(wrapped, keys.from.bytes, keyContext(keys.from.id, place), place)
  // The value is opened too, so that damage is found now and not when the former key is gone.
  decrypt(sealed, dataKey, valueContext(place), place)
  const fresh = encrypt(dataKey, keys.to.bytes, keyContext(keys.to.id, place), random)
  return [
    VERSION,
    keys.to.id,
    fresh.toString('base64url'),
    Buffer.from(sealed).toString('base64url'),
  ].join('.')
}

/** The id of the key that an envelope needs. @throws VaultError `ciphertext_invalid` */
export function keyIdOf(envelope: string, place: Place): string {
  return parse(envelope, place).keyId
}

function parse(envelope: string, place: Place) {
  const [version, keyId, wrapped, sealed, ...rest] = envelope.split('.')
  if (version !== VERSION || !keyId || !wrapped || !sealed || rest.length > 0) throw damaged(place)
  return {
    keyId,
    wrapped: Buffer.from(wrapped, 'base64url'),
    sealed: Buffer.from(sealed, 'base64url'),
  }
}

function encrypt(plain: Uint8Array, key: Uint8Array, context: Uint8Array, random: Random): Buffer {
  const iv = random.bytes(IV_BYTES)
  const cipher = createCipheriv('aes-256-gcm', key, iv)
  cipher.setAAD(context)
  return Buffer.concat([iv, cipher.update(plain), cipher.final(), cipher.getAuthTag()])
}

function decrypt(sealed: Buffer, key: Uint8Array, context: Uint8Array, place: Place): Buffer {
  if (sealed.length < IV_BYTES + TAG_BYTES) throw damaged(place)
  const decipher = createDecipheriv('aes-256-gcm', key, sealed.subarray(0, IV_BYTES), {
    authTagLength: TAG_BYTES,
  })
  decipher.setAAD(context)
  decipher.setAuthTag(sealed.subarray(-TAG_BYTES))
  try {
    return Buffer.concat([decipher.update(sealed.subarray(IV_BYTES, -TAG_BYTES)), decipher.final()])
  } catch (error) {
    throw damaged(place, error)
  }
}

// JSON keeps the parts apart, so that no two places give the same bytes.
function valueContext({ workspaceId, table, row, column }: Place): Buffer {
  return Buffer.from(JSON.stringify([VERSION, 'value', workspaceId, table, row, column]))
}

function keyContext(keyId: string, { workspaceId, table, row, column }: Place): Buffer {
  return Buffer.from(JSON.stringify([VERSION, 'key', keyId, workspaceId, table, row, column]))
}

function damaged(place: Place, cause?: unknown) {
  return new VaultError('ciphertext_invalid', {
    what: `A stored secret cannot be opened (${place.table}.${place.column}).`,
    why: 'It was changed outside Fairlead, moved from another row, or sealed with another key of the same id.',
    remedy: 'Restore the database and the keys from the same backup, or enter the secret again.',
    who: 'operator',
    facts: { table: place.table, column: place.column, row: place.row },
    cause,
  })
}
