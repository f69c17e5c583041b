// The database compares text without regard to case, accents count.
const COLLATOR = new Intl.Collator('en', { sensitivity: 'accent' })

const FIRST = 0x20
const LAST = 0x7e
const PLAIN = /^[ -~]*$/
const RANKS = ranks()

/** Compares two texts as the database does. */
export function compareText(left: string, right: string): number {
  return COLLATOR.compare(left, right)
}

/** Whether a text is of printable ASCII only, whose order `comparePlain` knows without the collator. */
export function isPlain(text: string): boolean {
  return PLAIN.test(text)
}

/** Compares two plain texts as the collator does, many times faster. */
export function comparePlain(left: string, right: string): number {
  const length = Math.min(left.length, right.length)
  for (let at = 0; at < length; at += 1) {
    const one = left.charCodeAt(at)
    const other = right.charCodeAt(at)
    if (one === other) continue
    const order = (RANKS[one - FIRST] ?? 0) - (RANKS[other - FIRST] ?? 0)
    if (order !== 0) return order
  }
  return left.length - right.length
}

/** For each printable character of ASCII its place among them; both cases of a letter share theirs. */
function ranks(): Uint8Array {
  const all = Array.from({ length: LAST - FIRST + 1 }, (_, index) =>
    String.fromCharCode(FIRST + index),
  )
  const sorted = all.toSorted(compareText)
  const places = new Map<string, number>()
  let place = 0
  for (const [index, character] of sorted.entries()) {
    if (index > 0 && compareText(sorted[index - 1] ?? '', character) !== 0) place += 1
    places.set(character, place)
  }
  return Uint8Array.from(all, (character) => places.get(character) ?? 0)
}
