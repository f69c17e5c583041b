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
  return JSON.parse(hasLongNumber(text) ? quoteLongNumbers(text) : text)
}

// Sixteen digits in a row leave a mark at every sixteenth place.
function hasLongNumber(text: string): boolean {
  for (let at = LONG - 1; at < text.length; at += LONG) {
    if (!isDigit(text, at)) continue
    let start = at
    while (start > at - LONG && isDigit(text, start - 1)) start -= 1
    let end = at + 1
    while (end < start + LONG && isDigit(text, end)) end += 1
    if (end - start >= LONG) return true
  }
  return false
}

function isDigit(text: string, at: number): boolean {
  const code = text.charCodeAt(at)
  return code >= 48 && code <= 57
}

// Digits that no fraction and no exponent goes with.
const WHOLE = /(?<![\d.eE+-])-?\d{16,}(?![\d.eE])/g

function quoteLongNumbers(text: string): string {
  const parts: string[] = []
  let at = 0
  while (at < text.length) {
    const quote = text.indexOf('"', at)
    const outside = quote < 0 ? text.slice(at) : text.slice(at, quote)
    parts.push(outside.replace(WHOLE, quoted))
    if (quote < 0) break
    const end = endOfString(text, quote)
    parts.push(text.slice(quote, end))
    at = end
  }
  return parts.join('')
}

function quoted(digits: string): string {
  return Number.isSafeInteger(Number(digits)) ? digits : `"${digits}"`
}

/** The place after the quotation mark that ends a string. */
function endOfString(text: string, start: number): number {
  let at = text.indexOf('"', start + 1)
  while (at >= 0 && isEscaped(text, at)) at = text.indexOf('"', at + 1)
  return at < 0 ? text.length : at + 1
}

function isEscaped(text: string, at: number): boolean {
  let before = at - 1
  while (text[before] === '\\') before -= 1
  return (at - before) % 2 === 0
}
