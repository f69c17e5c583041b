import { badQuery, notSupported, unknownProperty } from '../fault.ts'
import { type Comparator, type Expression, NAMESPACE, type Operand } from '../query/expression.ts'
import type { Plain } from './labels.ts'

type Read = (item: Plain) => unknown

/** Properties whose values are of an enumeration and have to be compared as such; some have one for each column type. */
const ENUMS: ReadonlyMap<string, string | undefined> = new Map([
  ['AttributeType', 'AttributeTypeCode'],
  ['OwnershipType', 'OwnershipTypes'],
  ['RequiredLevel/Value', 'AttributeRequiredLevel'],
  ['EntityKeyIndexStatus', 'EntityKeyIndexStatus'],
  ['RelationshipType', 'RelationshipType'],
  ['OptionSetType', 'OptionSetType'],
  ['Format', undefined],
  ['ImeMode', 'ImeMode'],
  ['SecurityTypes', 'SecurityTypes'],
])

/** Makes a test of definitions: primitives and enumerations compare, complex values by their path. */
export function definitionTest(
  expression: Expression,
  type: string,
  sample: Plain,
): (item: Plain) => boolean {
  switch (expression.kind) {
    case 'and': {
      const left = definitionTest(expression.left, type, sample)
      const right = definitionTest(expression.right, type, sample)
      return (item) => left(item) && right(item)
    }
    case 'or': {
      const left = definitionTest(expression.left, type, sample)
      const right = definitionTest(expression.right, type, sample)
      return (item) => left(item) || right(item)
    }
    case 'not': {
      const inner = definitionTest(expression.inner, type, sample)
      return (item) => !inner(item)
    }
    case 'compare': {
      checkTypes(expression.left, expression.right, sample)
      checkTypes(expression.right, expression.left, sample)
      const left = reader(expression.left, type, sample)
      const right = reader(expression.right, type, sample)
      return (item) => compare(expression.operator, left(item), right(item))
    }
    default:
      throw notSupported('functions in filters of table definitions')
  }
}

function reader(operand: Operand, type: string, sample: Plain): Read {
  switch (operand.kind) {
    case 'path': {
      const [first, ...rest] = operand.segments
      if (first === undefined || !Object.hasOwn(sample, first))
        throw unknownProperty(first ?? '', type)
      return (item) => rest.reduce<unknown>(step, item[first])
    }
    case 'null':
      return () => null
    case 'alias':
      throw notSupported('parameter aliases in filters of table definitions')
    default:
      return () => operand.value
  }
}

function step(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null
    ? Object.entries(value).find(([key]) => key === name)?.[1]
    : undefined
}

/** A value of an enumeration is written with its type; a complex value is compared by one of its properties. */
function checkTypes(path: Operand, literal: Operand, sample: Plain): void {
  if (path.kind !== 'path' || literal.kind === 'path' || literal.kind === 'null') return
  const name = path.segments.join('/')
  if (ENUMS.has(name)) {
    const type = ENUMS.get(name)
    if (literal.kind === 'enum' && literal.type === `${NAMESPACE}${type ?? ''}`) return
    if (literal.kind === 'enum' && type === undefined) return
    throw incompatible(`${NAMESPACE}${type ?? 'EnumType'}`)
  }
  const value = path.segments.reduce<unknown>(step, sample)
  if (value === null || value === undefined || literal.kind === 'alias') return
  if (literal.kind === 'enum' || typeof value !== typeof literal.value) {
    throw incompatible(KINDS[typeof value] ?? `${NAMESPACE}${path.segments.at(-1)}`)
  }
}

const KINDS: Readonly<Record<string, string>> = {
  string: 'Edm.String',
  number: 'Edm.Int32',
  boolean: 'Edm.Boolean',
}

function incompatible(type: string): Error {
  return badQuery(
    `A binary operator with incompatible types was detected. Found operand types '${type}' and that of the literal for operator kind 'Equal'.`,
  )
}

function compare(operator: Comparator, left: unknown, right: unknown): boolean {
  if (operator === 'eq') return left === right
  if (operator === 'ne') return left !== right
  if (typeof left !== typeof right) return false
  if (typeof left !== 'number' && typeof left !== 'string') return false
  if (typeof right !== 'number' && typeof right !== 'string') return false
  if (operator === 'gt') return left > right
  if (operator === 'ge') return left >= right
  return operator === 'lt' ? left < right : left <= right
}
