import { createHash } from 'node:crypto'

/** Makes the same values from the same seed, so that ids in a test or a document stay put. */
export interface Seeded {
  /** A GUID that belongs to this label. */
  guid(label: string): string
  /** Letters and digits that belong to this label, `length` of them. */
  text(label: string, length: number): string
  /** The next number of the sequence, from `min` to `max`, both included. */
  nextInteger(min: number, max: number): number
}

/** Creates the source of deterministic ids and numbers. */
export function createSeeded(seed: string): Seeded {
  let position = 0
  const digest = (label: string) => createHash('sha256').update(`${seed}\n${label}`).digest()
  return {
    guid(label) {
      const bytes = digest(label)
      bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x40
      bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80
      const hex = bytes.toString('hex')
      return [
        hex.slice(0, 8),
        hex.slice(8, 12),
        hex.slice(12, 16),
        hex.slice(16, 20),
        hex.slice(20, 32),
      ].join('-')
    },
    text(label, length) {
      let text = ''
      for (let part = 0; text.length < length; part += 1) {
        text += digest(`${label}#${part}`)
          .toString('base64')
          .replace(/[^A-Za-z0-9]/g, '')
      }
      return text.slice(0, length)
    },
    nextInteger(min, max) {
      position += 1
      return min + (digest(`sequence ${position}`).readUInt32BE(0) % (max - min + 1))
    },
  }
}
