import { badQuery, notSupported, unknownProperty } from '../fault.ts'
import type { Comparator, Expression, Operand } from '../query/expression.ts'
import type { Plain } from './labels.ts'

type Read = (item: Plain) => unknown

/** Properties whose values are of an enumeration and have to be compared as such. */
const ENUMS = new Set(
  'AttributeType OwnershipType RequiredLevel/Value EntityKeyIndexStatus RelationshipType OptionSetType Format ImeMode SecurityTypes'.split(
    ' ',
  ),
)

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
      checkEnum(expression.left, expression.right)
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
      if (first === undefined || !(first in sample)) throw unknownProperty(first ?? '', type)
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

/** A plain string is no value of an enumeration: the namespace has to stand before it. */
function checkEnum(left: Operand, right: Operand): void {
  const [path, literal] = left.kind === 'path' ? [left, right] : [right, left]
  if (path.kind !== 'path' || !ENUMS.has(path.segments.join('/'))) return
  if (literal.kind !== 'string') return
  throw badQuery(
    "A binary operator with incompatible types was detected. Found operand types 'Microsoft.Dynamics.CRM.EnumType' and 'Edm.String' for operator kind 'Equal'.",
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
