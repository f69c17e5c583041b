/** Numbers that look random and are the same for the same seed. */
export interface Random {
  /** From 0 up to, not including, 1. */
  next(): number
  /** A whole number from 0 up to, not including, `limit`. */
  below(limit: number): number
  pick<T>(items: readonly [T, ...T[]]): T
  /** `digits` hexadecimal digits. */
  hex(digits: number): string
}

/** Makes the mulberry32 generator. */
export function createRandom(seed: number): Random {
  let state = seed >>> 0
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
  const below = (limit: number): number => Math.floor(next() * limit)
  return {
    next,
    below,
    pick: (items) => items[below(items.length)] ?? items[0],
    hex(digits) {
      let text = ''
      while (text.length < digits)
        text += below(2 ** 16)
          .toString(16)
          .padStart(4, '0')
      return text.slice(0, digits)
    },
  }
}

/** A GUID of random digits with version 4. */
export function randomGuid(random: Random): string {
  const tail = `${(8 + random.below(4)).toString(16)}${random.hex(3)}`
  return `${random.hex(8)}-${random.hex(4)}-4${random.hex(3)}-${tail}-${random.hex(12)}`
}

/**
 * Ids as the database makes them: rising in SQL Server's order, so that a newer row comes later there. The count
 * is in the first group, its bytes turned round.
 */
export function createIds(random: Random, first: number): () => string {
  const tail = `-53d3-ed11-a7c7-000d3a${random.hex(6)}`
  let position = first
  return () => {
    position += 1 + random.below(40)
    const bytes = position.toString(16).padStart(8, '0').match(/../g) ?? []
    return bytes.reverse().join('') + tail
  }
}
