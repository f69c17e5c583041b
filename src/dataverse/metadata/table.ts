import {
  readFlag,
  readLabel,
  readNumber,
  readObjects,
  readText,
  readTexts,
  readValue,
  type Unread,
} from '../answer/answer-fields.ts'
import { type ColumnType, columnTypeOf, isLookup } from './column-type.ts'

/** How strongly a column asks for a value. */
export type RequiredLevel = 'none' | 'recommended' | 'application' | 'system'

/** One way through a lookup: the navigation property, in the service's own case, and where it leads. */
export interface Navigation {
  readonly property: string
  readonly target: string
}

/** A column's definition. */
export interface Column {
  readonly logicalName: string
  readonly schemaName: string
  readonly type: ColumnType
  readonly label?: string
  readonly required: RequiredLevel
  readonly readable: boolean
  readonly creatable: boolean
  readonly updatable: boolean
  /** The column that this one only accompanies, such as a lookup's name. */
  readonly attributeOf?: string
  readonly maxLength?: number
  /** A date without a time. */
  readonly dateOnly?: boolean
  /** The tables that a lookup may refer to. */
  readonly targets?: readonly string[]
  /** A lookup's navigation properties; a polymorphic lookup has one for each target. */
  readonly navigation?: readonly Navigation[]
}

/** An alternate key. */
export interface TableKey {
  readonly logicalName: string
  readonly columns: readonly string[]
  /** Whether its index is built, so that it can be used. */
  readonly active: boolean
}

/** A table without its columns. */
export interface TableSummary {
  readonly logicalName: string
  readonly schemaName: string
  /** What stands in addresses; a few tables have none. */
  readonly entitySetName?: string
  readonly label?: string
  readonly collectionLabel?: string
  readonly primaryIdColumn?: string
  readonly primaryNameColumn?: string
  /** A table that only joins two others. */
  readonly intersect: boolean
}

/** A table's definition. */
export interface TableDefinition extends TableSummary {
  readonly columns: readonly Column[]
  readonly keys: readonly TableKey[]
}

/** The answers that a table's definition is made of. */
export interface TableAnswers {
  readonly definition: Unread
  /** From the columns' derived types: maximum lengths, targets, behaviour of dates. */
  readonly details: readonly Unread[]
}

/** Reads a table's definition from the service's answers; none without a name. */
export function parseTable({ definition, details }: TableAnswers): TableDefinition | undefined {
  const summary = parseSummary(definition)
  if (summary === undefined) return undefined
  const byName = new Map<string, Unread>()
  for (const detail of details) byName.set(readText(detail, 'LogicalName') ?? '', detail)
  const relations = readObjects(definition, 'ManyToOneRelationships')
  const columns = readObjects(definition, 'Attributes').flatMap((attribute) => {
    const name = readText(attribute, 'LogicalName')
    return name === undefined
      ? []
      : [parseColumn(name, attribute, byName.get(name) ?? {}, relations)]
  })
  return { ...summary, columns, keys: readObjects(definition, 'Keys').flatMap(parseKey) }
}

/** Reads what a list of tables tells of one; none without a name. */
export function parseSummary(definition: Unread): TableSummary | undefined {
  const logicalName = readText(definition, 'LogicalName')
  if (logicalName === undefined) return undefined
  return {
    logicalName,
    schemaName: readText(definition, 'SchemaName') ?? logicalName,
    ...known('entitySetName', readText(definition, 'EntitySetName')),
    ...known('label', readLabel(definition, 'DisplayName')),
    ...known('collectionLabel', readLabel(definition, 'DisplayCollectionName')),
    ...known('primaryIdColumn', readText(definition, 'PrimaryIdAttribute')),
    ...known('primaryNameColumn', readText(definition, 'PrimaryNameAttribute')),
    intersect: readFlag(definition, 'IsIntersect'),
  }
}

/** The name under which rows, queries and filters know a column. */
export function propertyOf(column: Pick<Column, 'logicalName' | 'type'>): string {
  return isLookup(column.type) ? `_${column.logicalName}_value` : column.logicalName
}

function parseColumn(
  logicalName: string,
  attribute: Unread,
  detail: Unread,
  relations: readonly Unread[],
): Column {
  const type = columnTypeOf(attribute['AttributeType'], readValue(attribute, 'AttributeTypeName'))
  const maxLength = readNumber(detail, 'MaxLength')
  const dateOnly = readValue(detail, 'DateTimeBehavior') === 'DateOnly'
  return {
    logicalName,
    schemaName: readText(attribute, 'SchemaName') ?? logicalName,
    type,
    ...known('label', readLabel(attribute, 'DisplayName')),
    required: requiredLevel(readValue(attribute, 'RequiredLevel')),
    readable: readFlag(attribute, 'IsValidForRead'),
    creatable: readFlag(attribute, 'IsValidForCreate'),
    updatable: readFlag(attribute, 'IsValidForUpdate'),
    ...known('attributeOf', readText(attribute, 'AttributeOf')),
    ...(maxLength === undefined ? {} : { maxLength }),
    ...(dateOnly ? { dateOnly } : {}),
    ...(isLookup(type) ? lookupParts(logicalName, detail, relations) : {}),
  }
}

function lookupParts(
  logicalName: string,
  detail: Unread,
  relations: readonly Unread[],
): { readonly targets: readonly string[]; readonly navigation: readonly Navigation[] } {
  const navigation = relations.flatMap((relation) => {
    const property = readText(relation, 'ReferencingEntityNavigationPropertyName')
    const target = readText(relation, 'ReferencedEntity')
    const own = relation['ReferencingAttribute'] === logicalName
    return own && property !== undefined && target !== undefined ? [{ property, target }] : []
  })
  const targets = readTexts(detail, 'Targets')
  return { targets: targets.length > 0 ? targets : navigation.map((one) => one.target), navigation }
}

function parseKey(key: Unread): readonly TableKey[] {
  const logicalName = readText(key, 'LogicalName')
  const columns = readTexts(key, 'KeyAttributes')
  if (logicalName === undefined || columns.length === 0) return []
  return [{ logicalName, columns, active: readText(key, 'EntityKeyIndexStatus') === 'Active' }]
}

const LEVELS: Readonly<Record<string, RequiredLevel>> = {
  ApplicationRequired: 'application',
  Recommended: 'recommended',
  SystemRequired: 'system',
}

function requiredLevel(value: unknown): RequiredLevel {
  return (typeof value === 'string' ? LEVELS[value] : undefined) ?? 'none'
}

function known<Key extends string>(
  key: Key,
  value: string | undefined,
): { readonly [K in Key]?: string } {
  const none: { readonly [K in Key]?: string } = {}
  return value === undefined ? none : { ...none, [key]: value }
}
