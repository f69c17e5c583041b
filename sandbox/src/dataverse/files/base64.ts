const ALPHABET = /^[A-Za-z0-9+/]*={0,2}$/

/** Decodes base64; undefined when the text is none. Megabytes are usual here, so the pattern has no groups. */
export function fromBase64(value: unknown): Buffer | undefined {
  if (typeof value !== 'string' || value.length % 4 !== 0 || !ALPHABET.test(value)) return undefined
  return Buffer.from(value, 'base64')
}
