import { nearNames } from '../near-names.ts'
import type { TextSearch } from './filter.ts'
import type { FilterExpression, Operand } from './filter-expression.ts'
import { filterFault } from './filter-fault.ts'
import { NAMESPACE, PARAMETERS, queryFunctionNames, shapeOf } from './query-functions.ts'
import { parseOperand, type TokenReader } from './token-reader.ts'
import { UNSUPPORTED_FUNCTIONS } from './unsupported-words.ts'

const SEARCHES: ReadonlyMap<string, TextSearch> = new Map(
  (['contains', 'endswith', 'startswith'] as const).map((name) => [name, name]),
)
// mscrm is the alias that the service’s metadata gives to the namespace.
const QUALIFIED = /^(?:Microsoft\.Dynamics\.CRM|mscrm)\.([A-Za-z_]\w*)$/

/** Reads the call of a function. @throws DataverseError `invalid_filter` */
export function parseCall(reader: TokenReader): FilterExpression {
  const name = reader.peek().text
  const search = SEARCHES.get(name)
  const qualified = QUALIFIED.exec(name)?.[1]
  if (search === undefined && qualified === undefined) throw unknownFunction(reader, name)
  const { at } = reader.take()
  reader.expectSign('(')
  if (qualified !== undefined) return parseQueryFunction(reader, qualified, at)
  const column = parseOperand(reader)
  reader.expectSign(',')
  const text = parseOperand(reader)
  reader.expectSign(')')
  return { kind: 'search', search: search ?? 'contains', column, text }
}

function unknownFunction(reader: TokenReader, name: string): Error {
  const instead = UNSUPPORTED_FUNCTIONS.get(name)
  if (instead !== undefined) return reader.fault(`Dataverse has no function “${name}”`, instead)
  const near = nearNames(name, [...SEARCHES.keys(), ...queryFunctionNames()])
  const written = near.map((each) => (SEARCHES.has(each) ? each : `${NAMESPACE}${each}`))
  return reader.fault(
    `Dataverse has no function “${name}”`,
    written.length > 0
      ? `Did you mean ${written.join(' or ')}?`
      : `Use contains, startswith or endswith, or one of the functions of ${NAMESPACE.slice(0, -1)}.`,
  )
}

function parseQueryFunction(reader: TokenReader, name: string, at: number): FilterExpression {
  const parameters: [name: string, value: Operand][] = []
  while (!reader.takeSign(')')) {
    if (parameters.length > 0) reader.expectSign(',')
    const parameter = reader.expectName('the name of a parameter is expected')
    reader.expectSign('=')
    parameters.push([parameter, parseValue(reader)])
  }
  checkParameters(reader.text, name, at, new Set(parameters.map(([parameter]) => parameter)))
  return { kind: 'function', name, parameters }
}

function parseValue(reader: TokenReader): Operand {
  const { kind, text, at } = reader.peek()
  if (kind !== 'json') return parseOperand(reader)
  reader.take()
  return { kind: 'json', text, at }
}

// A function that is not known here may be newer than this list, unless it looks like one that is.
function checkParameters(text: string, name: string, at: number, given: ReadonlySet<string>): void {
  const shape = shapeOf(name)
  if (shape === undefined) {
    const near = nearNames(name, queryFunctionNames())
    if (near.length === 0) return
    throw filterFault(
      text,
      at,
      `there is no query function ${name}`,
      `Did you mean ${near.join(' or ')}?`,
    )
  }
  const wanted = ['PropertyName', ...PARAMETERS[shape]]
  const missing = wanted.find((parameter) => !given.has(parameter))
  if (missing === undefined && given.size === wanted.length) return
  throw filterFault(
    text,
    at,
    missing === undefined ? `${name} has a parameter too many` : `${name} lacks ${missing}`,
    `Write ${NAMESPACE}${name}(${wanted.map((parameter) => `${parameter}=…`).join(',')}).`,
  )
}
