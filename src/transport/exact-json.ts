import type { Json } from '../kernel/index.ts'

/** From so many digits on a whole number may be none that a JavaScript number holds exactly. */
const LONG = 16

/**
 * Parses JSON without losing a digit: whole numbers beyond ±2^53 become texts of their digits. JSON without
 * such numbers, which is nearly all, is only looked through, one character in sixteen.
 *
 * @throws SyntaxError as JSON.parse does
 */
export function parseExactJson(text: string): Json {
  return JSON.parse(quoteLongNumbers(text))
}

function quoteLongNumbers(text: string): string {
  const isInString = stringsOf(text)
  const parts: string[] = []
  let copied = 0
  for (const { start, end } of longRuns(text)) {
    if (isInString(start) || !isWhole(text, start, end)) continue
    const from = text[start - 1] === '-' ? start - 1 : start
    const number = text.slice(from, end)
    if (Number.isSafeInteger(Number(number))) continue
    parts.push(text.slice(copied, from), `"${number}"`)
    copied = end
  }
  return copied === 0 ? text : parts.join('') + text.slice(copied)
}

/** Finds all digits that follow each other in sixteens and more: they leave a mark at every sixteenth place. */
function* longRuns(text: string): Generator<{ readonly start: number; readonly end: number }> {
  for (let at = LONG - 1; at < text.length; at += LONG) {
    if (!isDigit(text, at)) continue
    // So many digits around a place reach half as far to one side of it, at least.
    if (!isDigit(text, at - LONG / 2) && !isDigit(text, at + LONG / 2)) continue
    let start = at
    while (start > at - LONG && isDigit(text, start - 1)) start -= 1
    let end = at + 1
    while (isDigit(text, end)) end += 1
    if (end - start >= LONG) yield { start, end }
    at = end
  }
}

function isDigit(text: string, at: number): boolean {
  const code = text.charCodeAt(at)
  return code >= 48 && code <= 57
}

/** Tells of digits whether no fraction and no exponent goes with them. */
function isWhole(text: string, start: number, end: number): boolean {
  return (
    !/[.eE]$|[eE][+-]$/.test(text.slice(Math.max(0, start - 2), start)) &&
    !/[.eE]/.test(text[end] ?? '')
  )
}

/** Tells of places, which are asked for in rising order, whether they are within a string. */
function stringsOf(text: string): (place: number) => boolean {
  let [start, end] = [0, 0]
  return (place) => {
    while (end <= place) {
      const quote = text.indexOf('"', end)
      start = quote < 0 ? text.length : quote
      end = quote < 0 ? Number.POSITIVE_INFINITY : endOfString(text, quote)
    }
    return start < place
  }
}

/** The place after the quotation mark that ends a string. */
function endOfString(text: string, start: number): number {
  let at = text.indexOf('"', start + 1)
  while (at >= 0 && isEscaped(text, at)) at = text.indexOf('"', at + 1)
  return at < 0 ? Number.POSITIVE_INFINITY : at + 1
}

function isEscaped(text: string, at: number): boolean {
  let before = at - 1
  while (text[before] === '\\') before -= 1
  return (at - before) % 2 === 0
}
