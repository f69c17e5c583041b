import { badQuery } from '../fault.ts'
import type { List } from './expression.ts'

const NO_COMMA =
  "Invalid JSON. A comma character ',' was expected in scope 'Array'. Every two elements in an array and properties of an object must be separated by commas."

const ESCAPE = /^\\(?:u[0-9a-fA-F]{4}|["'\\/bfnrt])/

/** Reads the JSON array of a query function; quotes may be double or single, as the service takes both. */
export function parseList(text: string): List {
  const items: (string | number | boolean | null)[] = []
  let at = skip(text, 1)
  if (text.charAt(at) === ']') return { kind: 'list', items }
  for (;;) {
    const { value, next } = readItem(text, at)
    items.push(value)
    at = skip(text, next)
    if (text.charAt(at) === ']' && at === text.length - 1) return { kind: 'list', items }
    if (text.charAt(at) !== ',') throw badQuery(NO_COMMA)
    at = skip(text, at + 1)
  }
}

function readItem(
  text: string,
  at: number,
): { value: string | number | boolean | null; next: number } {
  const quote = text.charAt(at)
  if (quote === '"' || quote === "'") return readQuoted(text, at, quote)
  const word = /^[^\s,[\]{}"']+/.exec(text.slice(at))?.[0]
  if (word === undefined) throw badQuery(NO_COMMA)
  const next = at + word.length
  if (word === 'null') return { value: null, next }
  if (word === 'true' || word === 'false') return { value: word === 'true', next }
  const value = Number(word)
  if (Number.isNaN(value)) {
    throw badQuery(`Invalid JSON. An unrecognized value '${word}' was found in an array.`)
  }
  return { value, next }
}

function readQuoted(text: string, at: number, quote: string): { value: string; next: number } {
  let value = ''
  for (let position = at + 1; position < text.length; position += 1) {
    const character = text.charAt(position)
    if (character === quote) return { value, next: position + 1 }
    if (character !== '\\') value += character
    else {
      const sequence = ESCAPE.exec(text.slice(position, position + 6))?.[0]
      if (sequence === undefined) {
        throw badQuery('Invalid JSON. An unrecognized escape sequence was found in a string.')
      }
      value += sequence === "\\'" ? "'" : String(JSON.parse(`"${sequence}"`))
      position += sequence.length - 1
    }
  }
  throw badQuery('Invalid JSON. Unexpected end of input was found in JSON content.')
}

function skip(text: string, at: number): number {
  let position = at
  while (/\s/.test(text.charAt(position))) position += 1
  return position
}
