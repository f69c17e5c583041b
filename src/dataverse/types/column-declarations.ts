import { type Column, propertyOf } from '../metadata/column.ts'
import { isLookup } from '../metadata/column-type.ts'
import { comment, propertyKey, quoted } from './identifiers.ts'

/** What a column of a table is called where its choices are declared. */
export type ChoiceNames = ReadonlyMap<string, string>

const LOOKUP_NAME = '@Microsoft.Dynamics.CRM.lookuplogicalname'

/** Declares the columns of a row that is read; a selection leaves out what it does not name. */
export function readDeclarations(
  columns: readonly Column[],
  id: string | undefined,
  choices: ChoiceNames,
): readonly string[] {
  return columns.flatMap((column) => {
    const type = readType(column, choices)
    if (!column.readable || type === undefined) return []
    const name = propertyOf(column)
    const value =
      column.logicalName === id
        ? `readonly ${propertyKey(name)}: ${type}`
        : `readonly ${propertyKey(name)}?: ${type} | null`
    const lines = described(column, value)
    if (!isLookup(column.type)) return lines
    return [...lines, `readonly ${quoted(name + LOOKUP_NAME)}?: ${targetsOf(column)}`]
  })
}

/** Declares the columns of a row that is written: `may` tells which. */
export function writeDeclarations(
  columns: readonly Column[],
  choices: ChoiceNames,
  may: (column: Column) => boolean,
): readonly string[] {
  return columns.filter(may).flatMap((column) => {
    if (isLookup(column.type)) return lookupDeclarations(column)
    const type = writeType(column, choices)
    if (type === undefined) return []
    return described(column, `readonly ${propertyKey(column.logicalName)}?: ${type} | null`)
  })
}

// By the column's name whatever it refers to; by the service's own names only to what each leads to.
function lookupDeclarations(column: Column): readonly string[] {
  const ways = (column.navigation ?? []).map(({ property }) => property).toSorted()
  return [
    ...described(
      column,
      `readonly ${propertyKey(column.logicalName)}?: Reference<${targetsOf(column)}> | null`,
    ),
    ...[...new Set(ways)].map((way) => `readonly ${quoted(`${way}@odata.bind`)}?: string | null`),
  ]
}

function targetsOf({ targets = [] }: Column): string {
  if (targets.length === 0) return 'string'
  return [...new Set(targets)].toSorted().map(quoted).join(' | ')
}

function readType(column: Column, choices: ChoiceNames): string | undefined {
  switch (column.type) {
    case 'bigint':
      return 'number | string'
    case 'decimal':
    case 'double':
    case 'integer':
    case 'money':
      return 'number'
    case 'boolean':
      return 'boolean'
    case 'choice':
    case 'state':
    case 'status':
      return choices.get(column.logicalName) ?? 'number'
    case 'managedproperty':
    case 'partylist':
    case 'virtual':
      return undefined
    default:
      return 'string'
  }
}

function writeType(column: Column, choices: ChoiceNames): string | undefined {
  const own = choices.get(column.logicalName)
  if (own === undefined || column.type === 'boolean') {
    return column.type === 'file' ? undefined : readType(column, choices)
  }
  const values = `${own} | (typeof ${own})[${own}]`
  return column.type === 'choices' ? `readonly (${values})[]` : values
}

function described(column: Column, declaration: string): readonly string[] {
  const { label = '', maxLength, minValue, maxValue, dateBehavior } = column
  const facts = [
    label,
    ...(column.required === 'none' || column.required === 'recommended' ? [] : ['required']),
    ...(maxLength === undefined ? [] : [`at most ${maxLength} characters`]),
    ...(minValue === undefined || maxValue === undefined ? [] : [`${minValue} to ${maxValue}`]),
    ...(dateBehavior === 'dateOnly' ? ['a day'] : []),
  ]
  const text = comment(facts.filter((fact) => fact !== '').join('; '))
  return text === '' ? [declaration] : [text, declaration]
}
