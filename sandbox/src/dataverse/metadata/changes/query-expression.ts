import { Fault } from '../../fault.ts'
import type { Plain } from '../labels.ts'

/** Which definitions are wanted, and which of their properties. */
export interface DefinitionQuery {
  /** Undefined for all of them. */
  readonly properties: ReadonlySet<string> | undefined
  readonly matches: (definition: Plain) => boolean
}

/** What `RetrieveMetadataChanges` is asked for. */
export interface MetadataQuery extends DefinitionQuery {
  readonly attributes: DefinitionQuery
  readonly relationships: DefinitionQuery
  readonly keys: DefinitionQuery
  /** The languages of labels; undefined for all of them. */
  readonly languages: readonly number[] | undefined
}

type Test = (definition: Plain) => boolean

const ALL: DefinitionQuery = { properties: undefined, matches: () => true }

/**
 * Reads an `EntityQueryExpression`.
 * @throws Fault 400 naming the part that is wrong
 */
export function readMetadataQuery(value: unknown): MetadataQuery {
  if (value === undefined || value === null) {
    return { ...ALL, attributes: ALL, relationships: ALL, keys: ALL, languages: undefined }
  }
  const query = readObject(value, 'Query')
  const known = ['AttributeQuery', 'RelationshipQuery', 'KeyQuery', 'LabelQuery']
  allowOnly(query, ['Properties', 'Criteria', ...known, '@odata.type', 'MetadataId'], 'Query')
  const labels = partOf(query, 'LabelQuery')
  const filter = readList(labels?.['FilterLanguages'] ?? [], 'FilterLanguages')
  return {
    ...readQuery(query, 'Query'),
    attributes: readPart(query, 'AttributeQuery'),
    relationships: readPart(query, 'RelationshipQuery'),
    keys: readPart(query, 'KeyQuery'),
    languages: filter.length === 0 ? undefined : filter.map(Number),
  }
}

function readPart(query: Plain, name: string): DefinitionQuery {
  const part = partOf(query, name)
  return part ? readQuery(part, name) : ALL
}

function partOf(query: Plain, name: string): Plain | undefined {
  const part = query[name]
  return part === undefined || part === null ? undefined : readObject(part, name)
}

function readQuery(query: Plain, place: string): DefinitionQuery {
  const properties = partOf(query, 'Properties')
  const names = properties?.['PropertyNames'] ?? []
  const all = !properties || properties['AllProperties'] === true
  const criteria = query['Criteria']
  return {
    properties: all
      ? undefined
      : new Set(readList(names, `${place}.Properties.PropertyNames`).map(String)),
    matches: criteria
      ? readFilter(readObject(criteria, `${place}.Criteria`), place, 0)
      : ALL.matches,
  }
}

function readFilter(filter: Plain, place: string, depth: number): Test {
  if (depth > 20) throw invalid(`${place}.Criteria nests too deep`)
  const operator = filter['FilterOperator'] ?? 'And'
  if (operator !== 'And' && operator !== 'Or')
    throw invalid(`${place}: FilterOperator is And or Or`)
  const conditions = readList(filter['Conditions'] ?? [], `${place}.Conditions`).map((one) =>
    readCondition(readObject(one, `${place}.Conditions`), place),
  )
  const filters = readList(filter['Filters'] ?? [], `${place}.Filters`).map((one) =>
    readFilter(readObject(one, `${place}.Filters`), place, depth + 1),
  )
  const tests = [...conditions, ...filters]
  if (tests.length === 0) return () => true
  return operator === 'And'
    ? (definition) => tests.every((test) => test(definition))
    : (definition) => tests.some((test) => test(definition))
}

function readCondition(condition: Plain, place: string): Test {
  const name = condition['PropertyName']
  if (typeof name !== 'string' || name === '') throw invalid(`${place}: PropertyName is missing`)
  const operator = String(condition['ConditionOperator'])
  const value = readObject(condition['Value'] ?? {}, `${place}.${name}.Value`)['Value']
  const compare = comparison(operator, value, `${place}.${name}`)
  return (definition) => {
    if (!Object.hasOwn(definition, name)) throw invalid(`${place}: there is no property '${name}'`)
    return compare(plainText(definition[name]))
  }
}

function comparison(operator: string, value: unknown, place: string): (text: string) => boolean {
  const wanted = plainText(value)
  switch (operator) {
    case 'Equals':
      return (text) => text === wanted
    case 'NotEquals':
      return (text) => text !== wanted
    case 'In':
    case 'NotIn': {
      const values = new Set(readValues(value, place).map(plainText))
      return (text) => values.has(text) === (operator === 'In')
    }
    case 'GreaterThan':
      return (text) => Number(text) > Number(wanted)
    case 'LessThan':
      return (text) => Number(text) < Number(wanted)
    default:
      throw invalid(`${place}: there is no ConditionOperator '${operator}'`)
  }
}

/** Several values are a list, or the JSON text of one, since the value is declared as text. */
function readValues(value: unknown, place: string): readonly unknown[] {
  if (typeof value !== 'string') return readList(value, place)
  try {
    return readList(JSON.parse(value), place)
  } catch {
    throw invalid(`${place}: the value is no list`)
  }
}

/** Of managed properties and type names only the value counts; yes and no are written in any case. */
function plainText(value: unknown): string {
  if (typeof value === 'object' && value !== null && 'Value' in value) return plainText(value.Value)
  const text = String(value)
  return /^(true|false)$/i.test(text) ? text.toLowerCase() : text
}

function readObject(value: unknown, place: string): Plain {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return { ...value }
  throw invalid(`${place} is no object`)
}

function readList(value: unknown, place: string): readonly unknown[] {
  if (Array.isArray(value)) return value
  throw invalid(`${place} is no list`)
}

function allowOnly(value: Plain, names: readonly string[], place: string): void {
  for (const name of Object.keys(value)) {
    if (!names.includes(name)) throw invalid(`${place} has no property '${name}'`)
  }
}

function invalid(what: string): Fault {
  return new Fault(400, '0x80040203', `Invalid argument. ${what}.`)
}
