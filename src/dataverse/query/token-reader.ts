import type { Operand } from './filter-expression.ts'
import { filterFault } from './filter-fault.ts'
import { readTokens, type Token } from './filter-tokens.ts'
import { OLD_TYPES } from './unsupported-words.ts'

const DEEPEST = 100

/** Reads a column or a value. @throws DataverseError `invalid_filter` */
export function parseOperand(reader: TokenReader): Operand {
  const { kind, text, at } = reader.peek()
  if (kind === 'typed' && OLD_TYPES.test(text)) {
    throw reader.fault(
      'this is how OData 2 wrote values',
      'Write GUIDs and dates bare, without a type or quotes.',
    )
  }
  if (kind === 'value' || kind === 'text' || kind === 'typed' || kind === 'alias') {
    reader.take()
    return { kind: kind === 'alias' ? 'alias' : 'value', text, at }
  }
  if (kind !== 'name') throw reader.fault('a column or a value is expected')
  const names = [reader.take().text]
  while (reader.takeSign('/')) names.push(reader.expectName('a name is expected after the /'))
  const path = names.join('/')
  const constant = /^(?:true|false|null|INF|NaN)$/.test(path)
  return { kind: constant ? 'value' : 'path', text: path, at }
}

/** Goes through a filter's pieces. */
export class TokenReader {
  readonly text: string
  readonly #tokens: readonly Token[]
  readonly #variables: string[] = []
  #next = 0
  #depth = 0

  constructor(text: string) {
    this.text = text
    this.#tokens = readTokens(text)
  }

  peek(ahead = 0): Token {
    return this.#tokens[this.#next + ahead] ?? { kind: 'end', text: '', at: this.text.length }
  }

  take(): Token {
    const token = this.peek()
    this.#next += 1
    return token
  }

  takeName(name: string): boolean {
    return this.#takeIf('name', name)
  }

  takeSign(sign: string): boolean {
    return this.#takeIf('sign', sign)
  }

  expectSign(sign: string): void {
    if (!this.takeSign(sign)) throw this.fault(`“${sign}” is expected`)
  }

  expectName(why: string): string {
    if (this.peek().kind !== 'name') throw this.fault(why)
    return this.take().text
  }

  isVariable(name: string | undefined): boolean {
    return name !== undefined && this.#variables.includes(name)
  }

  nested<Result>(read: () => Result, variable?: string): Result {
    if (this.#depth >= DEEPEST) throw this.fault('it is nested too deeply')
    this.#depth += 1
    if (variable !== undefined) this.#variables.push(variable)
    const result = read()
    if (variable !== undefined) this.#variables.pop()
    this.#depth -= 1
    return result
  }

  fault(why: string, remedy = 'Compare the filter with the documented grammar.') {
    const { at } = this.peek()
    const afterText = this.#tokens[this.#next - 1]?.kind === 'text' && this.text[at - 1] === "'"
    return filterFault(
      this.text,
      at,
      why,
      afterText ? "Write a quote within a text twice, as in 'O''Bryan'." : remedy,
    )
  }

  #takeIf(kind: Token['kind'], text: string): boolean {
    const token = this.peek()
    if (token.kind !== kind || token.text !== text) return false
    this.#next += 1
    return true
  }
}
