import { readCalendarText } from '../calendar-text.ts'
import { badQuery } from '../fault.ts'
import type { Literal } from './expression.ts'

export type Token =
  | { readonly kind: 'word'; readonly text: string; readonly at: number }
  | { readonly kind: 'literal'; readonly literal: Literal; readonly at: number }
  | { readonly kind: 'alias'; readonly text: string; readonly at: number }
  | { readonly kind: 'json'; readonly text: string; readonly at: number }
  | { readonly kind: 'sign'; readonly text: string; readonly at: number }
  | { readonly kind: 'end'; readonly text: ''; readonly at: number }

const SPACE = /\s/
const SIGNS = new Set(['(', ')', ',', '/', ':', '=', ';', '*'])
const WORD = /[\p{L}_][\p{L}\p{N}_.]*/uy
const ALIAS = /@[\p{L}_][\p{L}\p{N}_]*/uy
const GUID = /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/iy
const TIME = /\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(?::\d{2}(?:\.\d{1,12})?)?(?:Z|[+-]\d{2}:\d{2})/iy
const DATE = /\d{4}-\d{2}-\d{2}/y
const CALENDAR = [
  ['time', TIME],
  ['date', DATE],
] as const
const NUMBER = /-?\d+(?:\.\d+)?(?:e[+-]?\d+)?[mfdl]?/iy

/** Splits a filter, or the value of a parameter, into tokens; all at once, for it is short. */
export function tokenize(text: string): Token[] {
  const tokens: Token[] = []
  let at = 0
  while (at < text.length) {
    if (SPACE.test(text.charAt(at))) {
      at += 1
      continue
    }
    const { token, next } = readToken(text, at)
    tokens.push(token)
    at = next
  }
  tokens.push({ kind: 'end', text: '', at: text.length })
  return tokens
}

function readToken(text: string, at: number): { token: Token; next: number } {
  const character = text.charAt(at)
  if (character === "'") {
    const { value, next } = readString(text, at)
    return { token: { kind: 'literal', literal: { kind: 'string', value }, at }, next }
  }
  const dated = readLiteral(text, at)
  if (dated) return { token: { kind: 'literal', literal: dated.literal, at }, next: dated.next }
  if (SIGNS.has(character)) return { token: { kind: 'sign', text: character, at }, next: at + 1 }
  if (character === '[' || character === '{') {
    const next = endOfJson(text, at)
    return { token: { kind: 'json', text: text.slice(at, next), at }, next }
  }
  const alias = match(ALIAS, text, at)
  if (alias) return { token: { kind: 'alias', text: alias, at }, next: at + alias.length }
  const word = match(WORD, text, at)
  if (word) return readWord(text, at, word)
  throw badQuery(
    `Syntax error: character '${character}' is not valid at position ${at} in '${text}'.`,
  )
}

/** A word, or a literal with its type before it, such as an enumeration's. */
function readWord(text: string, at: number, word: string): { token: Token; next: number } {
  const end = at + word.length
  if (text.charAt(end) === "'") {
    const { value, next } = readString(text, end)
    const literal: Literal = { kind: 'enum', type: word, value }
    return { token: { kind: 'literal', literal, at }, next }
  }
  if (word === 'true' || word === 'false') {
    const literal: Literal = { kind: 'boolean', value: word === 'true' }
    return { token: { kind: 'literal', literal, at }, next: end }
  }
  if (word === 'null')
    return { token: { kind: 'literal', literal: { kind: 'null' }, at }, next: end }
  return { token: { kind: 'word', text: word, at }, next: end }
}

function readLiteral(text: string, at: number): { literal: Literal; next: number } | undefined {
  const guid = match(GUID, text, at)
  if (guid) return { literal: { kind: 'guid', value: guid.toLowerCase() }, next: at + guid.length }
  for (const [kind, pattern] of CALENDAR) {
    const found = match(pattern, text, at)
    if (!found) continue
    const value = readCalendarText(found)
    if (value === undefined) throw badQuery(unrecognized(kind, found, at, text))
    return { literal: { kind, value, text: found }, next: at + found.length }
  }
  const number = match(NUMBER, text, at)
  if (!number) return undefined
  const value = Number(number.replace(/[mfdl]$/i, ''))
  return { literal: { kind: 'number', value, text: number }, next: at + number.length }
}

function unrecognized(kind: 'time' | 'date', found: string, at: number, text: string): string {
  const type = kind === 'time' ? 'Edm.DateTimeOffset' : 'Edm.Date'
  return `Unrecognized '${type}' literal '${found}' at '${at}' in '${text}'.`
}

function readString(text: string, at: number): { value: string; next: number } {
  let value = ''
  let position = at + 1
  while (position < text.length) {
    const character = text.charAt(position)
    if (character !== "'") value += character
    else if (text.charAt(position + 1) !== "'") return { value, next: position + 1 }
    else {
      value += "'"
      position += 1
    }
    position += 1
  }
  throw badQuery(`There is an unterminated literal at position ${text.length} in '${text}'.`)
}

/** The place after a JSON value: brackets are counted outside of its strings. */
function endOfJson(text: string, at: number): number {
  let depth = 0
  let quote = ''
  for (let position = at; position < text.length; position += 1) {
    const character = text.charAt(position)
    if (quote) {
      if (character === '\\') position += 1
      else if (character === quote) quote = ''
    } else if (character === '"' || character === "'") quote = character
    else if (character === '[' || character === '{') depth += 1
    else if (character === ']' || character === '}') {
      depth -= 1
      if (depth === 0) return position + 1
    }
  }
  return text.length
}

function match(pattern: RegExp, text: string, at: number): string | undefined {
  pattern.lastIndex = at
  return pattern.exec(text)?.[0]
}
