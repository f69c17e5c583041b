import type { Choice } from '../metadata/choices.ts'
import type { Column } from '../metadata/column.ts'
import type { TableDefinition } from '../metadata/table.ts'
import { type ChoiceNames, readDeclarations, writeDeclarations } from './column-declarations.ts'
import { comment, type Identifiers, numberKey, propertyKey, quoted } from './identifiers.ts'

/** Declares everything about one table; `types` names those of the tables that are written with it. */
export function tableDeclarations(
  table: TableDefinition,
  types: ReadonlyMap<string, string>,
  identifiers: Identifiers,
): readonly string[] {
  const own = types.get(table.logicalName) ?? table.logicalName
  const columns = table.columns.toSorted(byLogicalName)
  const names = new Map<string, string>()
  const choices = columns.flatMap((column) => {
    if (column.type === 'boolean' || !column.choices?.length) return []
    const name = identifiers.take(`${own}_${column.logicalName}`)
    names.set(column.logicalName, name)
    return choiceDeclarations(name, column, column.choices)
  })
  return [
    ...constantDeclarations(own, table),
    ...choices,
    ...rowDeclarations(own, table, columns, names, identifiers, types),
  ]
}

function rowDeclarations(
  own: string,
  table: TableDefinition,
  columns: readonly Column[],
  choices: ChoiceNames,
  identifiers: Identifiers,
  types: ReadonlyMap<string, string>,
): readonly string[] {
  const title = table.label ?? table.schemaName
  const read = identifiers.take(`${own}Columns`)
  const both = (column: Column) => column.creatable && column.updatable
  return [
    ...block(`export interface ${read}`, readDeclarations(columns, table.primaryIdColumn, choices)),
    comment(`${title}: a row as it is read.`),
    ...block(`export interface ${own} extends ${read}, Shown<${read}>`, [
      "readonly '@odata.etag'?: string",
      ...expandDeclarations(table, types),
    ]),
    comment(`${title}: what a new row may say.`),
    ...block(
      `export interface ${identifiers.take(`${own}Create`)}`,
      writeDeclarations(columns, choices, (column) => column.creatable),
    ),
    comment(`${title}: what a change may say.`),
    ...block(
      `export interface ${identifiers.take(`${own}Update`)}`,
      writeDeclarations(columns, choices, (column) => both(column) || column.updatable),
    ),
  ]
}

/** Declares what can be expanded, as far as it leads to tables that are declared too. */
function expandDeclarations(
  table: TableDefinition,
  types: ReadonlyMap<string, string>,
): readonly string[] {
  const ways = new Map<string, string>()
  for (const { property, target } of table.columns.flatMap((one) => one.navigation ?? [])) {
    const type = types.get(target)
    if (type !== undefined) ways.set(property, `${type} | null`)
  }
  for (const { property, target } of [...table.oneToMany, ...table.manyToMany]) {
    const type = types.get(target)
    if (type !== undefined) ways.set(property, `readonly ${type}[]`)
  }
  const columns = new Set(table.columns.map(({ logicalName }) => logicalName))
  return [...ways]
    .filter(([name]) => !columns.has(name) || isWay(table, name))
    .toSorted(byName)
    .map(([name, type]) => `readonly ${propertyKey(name)}?: ${type}`)
}

// A lookup's navigation property often has the name of its column, which rows do not have.
function isWay(table: TableDefinition, name: string): boolean {
  const column = table.columns.find(({ logicalName }) => logicalName === name)
  return column?.navigation !== undefined
}

function constantDeclarations(own: string, table: TableDefinition): readonly string[] {
  const navigation = new Map<string, string>()
  const ways = [
    ...table.columns.flatMap((column) => column.navigation ?? []),
    ...table.oneToMany,
    ...table.manyToMany,
  ]
  for (const { property, target } of ways) navigation.set(property, target)
  const keys = table.keys.filter(({ active }) => active)
  const keyLines = keys
    .map(({ logicalName, columns }): [string, readonly string[]] => [logicalName, columns])
    .toSorted(byName)
    .map(([name, columns]) => `${propertyKey(name)}: [${columns.map(quoted).join(', ')}],`)
  const wayLines = [...navigation]
    .toSorted(byName)
    .map(([name, target]) => `${propertyKey(name)}: ${quoted(target)},`)
  return [
    comment(`The names of ${table.collectionLabel ?? table.label ?? table.schemaName}.`),
    `export const ${own} = {`,
    `  table: ${quoted(table.logicalName)},`,
    ...(table.entitySetName === undefined ? [] : [`  entitySet: ${quoted(table.entitySetName)},`]),
    ...(table.primaryIdColumn === undefined ? [] : [`  id: ${quoted(table.primaryIdColumn)},`]),
    ...nested('  keys: {', keyLines),
    ...nested('  navigation: {', wayLines),
    '} as const',
    '',
  ]
}

function choiceDeclarations(
  name: string,
  column: Column,
  choices: readonly Choice[],
): readonly string[] {
  const byValue = new Map(choices.map((choice) => [choice.value, choice.label ?? '']))
  const lines = [...byValue]
    .toSorted(([one], [other]) => one - other)
    .map(([value, label]) => `  ${numberKey(value)}: ${quoted(label)},`)
  return [
    comment(`The choices of ${column.label ?? column.schemaName}: values and their labels.`),
    `export const ${name} = {`,
    ...lines,
    '} as const',
    `export type ${name} = keyof typeof ${name}`,
    '',
  ]
}

function block(head: string, lines: readonly string[]): readonly string[] {
  return [`${head} {`, ...lines.map((line) => `  ${line}`), '}', '']
}

function nested(head: string, lines: readonly string[]): readonly string[] {
  return lines.length === 0 ? [`${head}},`] : [head, ...lines.map((line) => `    ${line}`), '  },']
}

function byLogicalName(one: Column, other: Column): number {
  return one.logicalName < other.logicalName ? -1 : 1
}

function byName([one]: readonly [string, unknown], [other]: readonly [string, unknown]): number {
  return one < other ? -1 : 1
}
