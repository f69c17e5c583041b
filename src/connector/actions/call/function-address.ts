import {
  type LiteralType,
  literal,
  nearNames,
  type Operations,
  type Parameter,
} from '../../../dataverse/index.ts'
import { isObject } from '../../../kernel/index.ts'
import { didYouMean, invalidField, missingField } from '../../connector-error.ts'
import { namingField } from '../../naming-field.ts'

type Values = Readonly<Record<string, unknown>>

/**
 * Writes the parameters of a function as they stand in an address, each by its type:
 * `(Name=@p1)?@p1='x'`.
 *
 * @see https://learn.microsoft.com/power-apps/developer/data-platform/webapi/use-web-api-functions
 * @throws ConnectorError naming the parameter
 */
export function functionAddress(
  parameters: readonly Parameter[],
  values: Values,
  model: Operations,
): string {
  refuseOthers(parameters, values)
  const given = parameters.filter((one) => {
    const value = values[one.name]
    if (value !== undefined && value !== null) return true
    if (one.optional || one.nullable) return false
    throw missingField({ key: `parameters.${one.name}` }, 'Give it: the function needs it.')
  })
  if (given.length === 0) return '()'
  const names = given.map(({ name }, index) => `${name}=@p${index + 1}`)
  const texts = given.map(
    (one, index) => `@p${index + 1}=${encodeURIComponent(write(one, values[one.name], model))}`,
  )
  return `(${names.join(',')})?${texts.join('&')}`
}

function refuseOthers(parameters: readonly Parameter[], values: Values): void {
  const known = parameters.map(({ name }) => name)
  const other = Object.keys(values).find((name) => !known.includes(name))
  if (other === undefined) return
  const near = nearNames(other, known)
  throw invalidField(
    { key: `parameters.${other.slice(0, 100)}` },
    'the function has no such parameter',
    known.length === 0
      ? 'Leave it out: the function takes none.'
      : `It takes ${known.join(', ')}.${didYouMean(near)}`,
  )
}

const LITERALS: Readonly<Record<string, LiteralType>> = {
  'Edm.Boolean': 'boolean',
  'Edm.Date': 'date',
  'Edm.DateTimeOffset': 'datetime',
  'Edm.Decimal': 'decimal',
  'Edm.Double': 'double',
  'Edm.Guid': 'guid',
  'Edm.Int16': 'int32',
  'Edm.Int32': 'int32',
  'Edm.Int64': 'int64',
  'Edm.String': 'string',
}

function write({ name, type, collection }: Parameter, value: unknown, model: Operations): string {
  const key = `parameters.${name}`
  if (collection) {
    if (!Array.isArray(value)) throw invalidField({ key }, 'it is not a list', 'Give a list.')
    return JSON.stringify(value)
  }
  const plain = LITERALS[type]
  if (plain !== undefined) return literalText(plain, value, key)
  const members = model.enumTypes.find((one) => one.name === type)?.members
  if (members === undefined) return JSON.stringify(reference(value, model))
  const member = members.find((one) => one.name === value || String(one.value) === String(value))
  if (member !== undefined) return `${model.namespace}.${type}'${member.name}'`
  const list = members.map((one) => one.name).join(', ')
  throw invalidField({ key }, 'it is none of its values', `Give one of ${list}.`)
}

function literalText(type: LiteralType, value: unknown, key: string): string {
  try {
    return literal(type, value, key).toString()
  } catch (error) {
    throw namingField(error, {})
  }
}

// A row is named by its address.
function reference(value: unknown, model: Operations): unknown {
  if (!isObject(value) || typeof value['table'] !== 'string') return value
  const set = model.entitySets.find((one) => one.entityType === value['table'])
  return set === undefined ? value : { '@odata.id': `${set.name}(${String(value['id'])})` }
}
