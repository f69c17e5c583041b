import {
  readFlag,
  readLabel,
  readNumber,
  readText,
  readTexts,
  readValue,
  type Unread,
} from '../answer/answer-fields.ts'
import { known } from '../answer/known.ts'
import { type Choice, parseChoices } from './choices.ts'
import { type ColumnType, columnTypeOf, type DateBehavior, isLookup } from './column-type.ts'

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
  /** The most characters of a text. */
  readonly maxLength?: number
  /** The bounds of a number, both of them allowed. */
  readonly minValue?: number
  readonly maxValue?: number
  /** Digits after the decimal point. */
  readonly precision?: number
  /**
   * What a value is, beyond its type, in the service's own word: `Email`, `Url`, `Phone`, `TextArea`
   * of a text, `Duration`, `Language` of a whole number, `DateOnly`, `DateAndTime` of a date.
   */
  readonly format?: string
  /** Of a date; `dateOnly` is written without a time. */
  readonly dateBehavior?: DateBehavior
  /** The options of a choice, state, status or yes/no column. */
  readonly choices?: readonly Choice[]
  /** The largest file or image. */
  readonly maxSizeKb?: number
  /** The tables that a lookup may refer to. */
  readonly targets?: readonly string[]
  /** A lookup's navigation properties; a polymorphic lookup has one for each target. */
  readonly navigation?: readonly Navigation[]
}

/** The name under which rows, queries and filters know a column. */
export function propertyOf(column: Pick<Column, 'logicalName' | 'type'>): string {
  return isLookup(column.type) ? `_${column.logicalName}_value` : column.logicalName
}

/**
 * Reads a column from its definition, what only its derived type tells, and the relations that the
 * table's lookups are; none without a name.
 */
export function parseColumn(
  attribute: Unread,
  detail: Unread,
  relations: readonly Unread[],
): Column | undefined {
  const logicalName = readText(attribute, 'LogicalName')
  if (logicalName === undefined) return undefined
  const type = typeOf(attribute)
  // What the Web API does not know can be neither read nor written through it.
  const exists = attribute['IsValidODataAttribute'] !== false
  return {
    logicalName,
    schemaName: readText(attribute, 'SchemaName') ?? logicalName,
    type,
    ...known('label', readLabel(attribute, 'DisplayName')),
    required: requiredLevel(readValue(attribute, 'RequiredLevel')),
    readable: exists && readFlag(attribute, 'IsValidForRead'),
    creatable: exists && readFlag(attribute, 'IsValidForCreate'),
    updatable: exists && readFlag(attribute, 'IsValidForUpdate'),
    ...known('attributeOf', readText(attribute, 'AttributeOf')),
    ...limitsOf(type, detail),
    ...(HAVE_CHOICES.has(type) ? { choices: parseChoices(detail) } : {}),
    ...(isLookup(type) ? lookupParts(logicalName, detail, relations) : {}),
  }
}

/** Tells the type of a column by its definition. */
export function typeOf(attribute: Unread): ColumnType {
  return columnTypeOf(attribute['AttributeType'], readValue(attribute, 'AttributeTypeName'))
}

const HAVE_CHOICES: ReadonlySet<ColumnType> = new Set([
  'boolean',
  'choice',
  'choices',
  'state',
  'status',
])

type Limits = Pick<
  Column,
  'dateBehavior' | 'format' | 'maxLength' | 'maxSizeKb' | 'maxValue' | 'minValue' | 'precision'
>

function limitsOf(type: ColumnType, detail: Unread): Limits {
  const format = readValue(detail, 'FormatName') ?? detail['Format']
  return {
    ...known('maxLength', readNumber(detail, 'MaxLength')),
    ...known('minValue', readNumber(detail, 'MinValue')),
    ...known('maxValue', readNumber(detail, 'MaxValue')),
    ...known('precision', readNumber(detail, 'Precision')),
    ...known('format', typeof format === 'string' && !isLookup(type) ? format : undefined),
    ...known('dateBehavior', BEHAVIORS[String(readValue(detail, 'DateTimeBehavior'))]),
    ...known('maxSizeKb', readNumber(detail, 'MaxSizeInKB')),
  }
}

const BEHAVIORS: Readonly<Record<string, DateBehavior>> = {
  DateOnly: 'dateOnly',
  TimeZoneIndependent: 'timeZoneIndependent',
  UserLocal: 'userLocal',
}

function lookupParts(
  logicalName: string,
  detail: Unread,
  relations: readonly Unread[],
): Required<Pick<Column, 'navigation' | 'targets'>> {
  const navigation = relations.flatMap((relation) => {
    const property = readText(relation, 'ReferencingEntityNavigationPropertyName')
    const target = readText(relation, 'ReferencedEntity')
    const own = relation['ReferencingAttribute'] === logicalName
    return own && property !== undefined && target !== undefined ? [{ property, target }] : []
  })
  const targets = readTexts(detail, 'Targets')
  return { targets: targets.length > 0 ? targets : navigation.map((one) => one.target), navigation }
}

const LEVELS: Readonly<Record<string, RequiredLevel>> = {
  ApplicationRequired: 'application',
  Recommended: 'recommended',
  SystemRequired: 'system',
}

function requiredLevel(value: unknown): RequiredLevel {
  return (typeof value === 'string' ? LEVELS[value] : undefined) ?? 'none'
}
