import type { Json } from '../../../kernel/index.ts'
import { parseGuid } from '../../address/guid.ts'
import { Refusal } from './refusal.ts'

/** Writes a text no longer than the column holds; a number becomes its digits. */
export function encodeText(value: unknown, maxLength: number | undefined): Json | Refusal {
  const text = typeof value === 'number' || typeof value === 'bigint' ? String(value) : value
  if (typeof text !== 'string') return new Refusal('it is not a text', 'Give a text.')
  // Half a surrogate pair has no UTF-8 form, and U+0000 no form in the service's database.
  if (!text.isWellFormed() || text.includes('\0')) {
    return new Refusal('it holds half a character or U+0000', 'Give a text of whole characters.')
  }
  if (maxLength === undefined || text.length <= maxLength) return text
  return new Refusal(
    `it has ${text.length} characters`,
    `Give at most ${maxLength} characters, which is what the column holds.`,
  )
}

/** Writes a GUID without braces, in lower case. */
export function encodeGuid(value: unknown): Json | Refusal {
  const guid = typeof value === 'string' ? parseGuid(value) : undefined
  if (guid !== undefined) return guid
  return new Refusal('it is not a GUID', 'Write it as 01234567-89ab-cdef-0123-456789abcdef.')
}

/** Writes an image: the bytes themselves, or base64 as it is. */
export function encodeImage(value: unknown): Json | Refusal {
  if (value instanceof Uint8Array) return Buffer.from(value).toString('base64')
  if (typeof value === 'string' && isBase64(value)) return value
  return new Refusal(
    'it is not an image',
    'Give its bytes, or base64; a large image is better uploaded on its own.',
  )
}

function isBase64(text: string): boolean {
  return text.length % 4 === 0 && /^[A-Za-z0-9+/]*={0,2}$/.test(text)
}
