/**
 * How ids are ordered: as SQL Server orders a uniqueidentifier, by their text, or by their text turned round.
 * No document says which of them the service keeps to.
 */
export type IdOrder = 'uniqueidentifier' | 'text' | 'descending'

/** Negative where the left id comes first, 0 where both are the same; ids in lower case. */
export type CompareIds = (left: string, right: string) => number

export interface IdSorting {
  readonly order: IdOrder
  readonly compare: CompareIds
}

/**
 * The digits of a GUID's text from the one that weighs most: the last six bytes, then the two before them, then
 * the first three groups, whose bytes SQL Server keeps turned round.
 */
const BYTES = [24, 26, 28, 30, 32, 34, 19, 21, 16, 14, 11, 9, 6, 4, 2, 0]
const DIGITS = Uint8Array.from(BYTES.flatMap((byte) => [byte, byte + 1]))

function compareUniqueIdentifiers(left: string, right: string): number {
  for (let place = 0; place < DIGITS.length; place += 1) {
    const digit = DIGITS[place] ?? 0
    const order = left.charCodeAt(digit) - right.charCodeAt(digit)
    if (order !== 0) return order
  }
  return 0
}

function compareTexts(left: string, right: string): number {
  return left < right ? -1 : left > right ? 1 : 0
}

export const ID_SORTINGS: Readonly<Record<IdOrder, IdSorting>> = {
  uniqueidentifier: { order: 'uniqueidentifier', compare: compareUniqueIdentifiers },
  text: { order: 'text', compare: compareTexts },
  descending: { order: 'descending', compare: (left, right) => compareTexts(right, left) },
}
