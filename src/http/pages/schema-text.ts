import { isObject } from '../../kernel/index.ts'

type Schema = { readonly [key: string]: unknown }

/** Writes a JSON Schema the way a person would note it down. */
export function schemaText(schema: unknown, indent = ''): string {
  if (!isObject(schema)) return 'any'
  const { $ref, type } = schema
  if (typeof $ref === 'string') return $ref.split('/').at(-1) ?? 'any'
  if ('const' in schema) return JSON.stringify(schema['const'])
  if (Array.isArray(schema['enum']))
    return schema['enum'].map((one) => JSON.stringify(one)).join(' | ')
  const several = schema['anyOf'] ?? schema['oneOf'] ?? schema['allOf']
  if (Array.isArray(several)) return several.map((one) => schemaText(one, indent)).join(' | ')
  if (type === 'array') return arrayText(schemaText(schema['items'], indent))
  if (type === 'object') return objectText(schema, indent)
  if (typeof type !== 'string') return 'any'
  return typeof schema['format'] === 'string' ? `${type} (${schema['format']})` : type
}

function arrayText(item: string): string {
  return / \| /.test(item) && !item.startsWith('{') ? `(${item})[]` : `${item}[]`
}

function objectText(schema: Schema, indent: string): string {
  const { properties, required, additionalProperties } = schema
  const known = Object.entries(isObject(properties) ? properties : {})
  if (known.length === 0)
    return isObject(additionalProperties)
      ? `{ [name]: ${schemaText(additionalProperties, indent)} }`
      : '{}'
  const needed = Array.isArray(required) ? required : []
  const lines = known.map(([name, value]) => {
    const inner = `${indent}  `
    const text = `${inner}${name}${needed.includes(name) ? '' : '?'}: ${schemaText(value, inner)}`
    const note = noteOf(value)
    return note === '' ? text : `${text}  // ${note}`
  })
  return `{\n${lines.join('\n')}\n${indent}}`
}

function noteOf(schema: unknown): string {
  if (!isObject(schema) || typeof schema['$ref'] === 'string') return ''
  const { description, default: usual, writeOnly } = schema
  return [
    typeof description === 'string' ? description : '',
    usual === undefined ? '' : `default ${JSON.stringify(usual)}`,
    writeOnly === true ? 'never shown again' : '',
  ]
    .filter((part) => part !== '')
    .join('; ')
}
