import { badQuery, notSupported } from '../fault.ts'
import {
  COMPARATORS,
  type Comparator,
  type Expression,
  type List,
  NAMESPACE,
  type Operand,
} from './expression.ts'
import { parseList } from './json-list.ts'
import { type Token, tokenize } from './lexer.ts'

const MAX_DEPTH = 100
const TEXT_FUNCTIONS = ['contains', 'startswith', 'endswith'] as const
/** Functions of OData that Dataverse does not have. */
const FOREIGN = new Set(
  'concat day floor ceiling hour indexof length minute month now round second substring tolower toupper trim year date time cast isof'.split(
    ' ',
  ),
)

/** Parses the text of a `$filter`. */
export function parseFilter(text: string): Expression {
  return new FilterParser(text).parse()
}

/** Parses the value of a parameter alias: a literal, or the JSON array of a query function. */
export function parseParameter(text: string): Operand | List {
  return new FilterParser(text).parseValue()
}

/** Operators of OData that the documents do not know. */
const FOREIGN_OPERATORS = new Set(['in', 'has', 'add', 'sub', 'mul', 'div', 'divby', 'mod'])

class FilterParser {
  readonly #text: string
  readonly #tokens: readonly Token[]
  #position = 0
  #depth = 0

  constructor(text: string) {
    this.#text = text
    this.#tokens = tokenize(text)
  }

  parse(): Expression {
    const expression = this.#or()
    if (this.#token.kind !== 'end') throw this.#syntaxError()
    return expression
  }

  parseValue(): Operand | List {
    const value = this.#parameterValue()
    if (this.#token.kind !== 'end') throw this.#syntaxError()
    return value
  }

  #or(): Expression {
    let left = this.#and()
    while (this.#takeWord('or')) left = { kind: 'or', left, right: this.#and() }
    return left
  }

  #and(): Expression {
    let left = this.#unary()
    while (this.#takeWord('and')) left = { kind: 'and', left, right: this.#unary() }
    return left
  }

  #unary(): Expression {
    if (!this.#takeWord('not')) return this.#primary()
    this.#enter()
    const inner = this.#unary()
    this.#depth -= 1
    if (inner.kind === 'function') {
      throw badQuery('Not operator along with the Custom Named Condition operators is not allowed')
    }
    return { kind: 'not', inner }
  }

  #primary(): Expression {
    if (this.#takeSign('(')) {
      this.#enter()
      const inner = this.#or()
      this.#expectSign(')')
      this.#depth -= 1
      return inner
    }
    const token = this.#token
    if (token.kind === 'word' && this.#peekSign(1, '(')) return this.#call(token.text)
    const left = this.#operand()
    if (left.kind === 'path') {
      const lambda = this.#lambda(left.segments)
      if (lambda) return lambda
    }
    const operator = this.#comparator()
    return { kind: 'compare', operator, left, right: this.#operand() }
  }

  #call(name: string): Expression {
    if (name.startsWith(NAMESPACE)) return this.#queryFunction(name.slice(NAMESPACE.length))
    const known = TEXT_FUNCTIONS.find((candidate) => candidate === name)
    if (!known && FOREIGN.has(name)) throw notSupported(`the function ${name} in $filter`)
    if (!known)
      throw badQuery(
        `An unknown function with name '${name}' was found. This may also be a function import or a key lookup on a navigation property, which is not allowed.`,
      )
    this.#position += 2
    const subject = this.#operand()
    this.#expectSign(',')
    const search = this.#operand()
    this.#expectSign(')')
    return { kind: 'text', name: known, subject, search }
  }

  #queryFunction(name: string): Expression {
    this.#position += 2
    const parameters = new Map<string, Operand | List>()
    while (!this.#takeSign(')')) {
      if (parameters.size > 0) this.#expectSign(',')
      const token = this.#token
      if (token.kind !== 'word') throw this.#syntaxError()
      this.#position += 1
      this.#expectSign('=')
      parameters.set(token.text, this.#parameterValue())
    }
    return { kind: 'function', name, parameters }
  }

  #lambda(segments: readonly string[]): Expression | undefined {
    const quantifier = segments.at(-1)
    if (quantifier !== 'any' && quantifier !== 'all') return undefined
    if (segments.length < 2 || !this.#takeSign('(')) return undefined
    const path = segments.slice(0, -1)
    if (quantifier === 'any' && this.#takeSign(')')) return { kind: 'lambda', path, quantifier }
    const token = this.#token
    if (token.kind !== 'word') throw this.#syntaxError()
    this.#position += 1
    this.#expectSign(':')
    this.#enter()
    const body = this.#or()
    this.#depth -= 1
    this.#expectSign(')')
    return { kind: 'lambda', path, quantifier, variable: token.text, body }
  }

  #comparator(): Comparator {
    const token = this.#token
    const found = COMPARATORS.find((name) => token.kind === 'word' && token.text === name)
    if (!found) {
      const foreign = token.kind === 'word' && FOREIGN_OPERATORS.has(token.text)
      throw foreign ? notSupported(`the operator ${token.text} in $filter`) : this.#syntaxError()
    }
    this.#position += 1
    return found
  }

  #operand(): Operand {
    const token = this.#token
    this.#position += 1
    if (token.kind === 'literal') return token.literal
    if (token.kind === 'alias') return { kind: 'alias', name: token.text }
    if (token.kind !== 'word') {
      this.#position -= 1
      throw this.#syntaxError()
    }
    const segments = [token.text]
    while (this.#takeSign('/')) {
      const next = this.#token
      if (next.kind !== 'word') throw this.#syntaxError()
      segments.push(next.text)
      this.#position += 1
    }
    return { kind: 'path', segments }
  }

  #parameterValue(): Operand | List {
    const token = this.#token
    if (token.kind !== 'json') return this.#operand()
    this.#position += 1
    if (token.text.startsWith('[')) return parseList(token.text)
    throw notSupported('a JSON object as a parameter')
  }

  #enter(): void {
    this.#depth += 1
    if (this.#depth > MAX_DEPTH) throw badQuery('Recursion depth exceeded allowed limit.')
  }

  get #token(): Token {
    return this.#tokens[this.#position] ?? { kind: 'end', text: '', at: this.#text.length }
  }

  #takeWord(text: string): boolean {
    const token = this.#token
    if (token.kind !== 'word' || token.text !== text) return false
    this.#position += 1
    return true
  }

  #takeSign(text: string): boolean {
    if (!this.#peekSign(0, text)) return false
    this.#position += 1
    return true
  }

  #peekSign(ahead: number, text: string): boolean {
    const token = this.#tokens[this.#position + ahead]
    return token?.kind === 'sign' && token.text === text
  }

  #expectSign(text: string): void {
    if (!this.#takeSign(text)) throw this.#syntaxError()
  }

  #syntaxError(): Error {
    return badQuery(`Syntax error at position ${this.#token.at} in '${this.#text}'.`)
  }
}
