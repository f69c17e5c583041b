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
  /** The column that this one goes with: the name of a lookup's row, the address of an image. */
  readonly attributeOf?: string
  /** Set where no form of Dynamics' own apps can show it: it is for machines. */
  readonly hidden?: true
  /** Set where a new row has a value for it that nobody gave. */
  readonly hasDefault?: true
  /** Of an image: whether it is the one of the table, which alone can be given to a new row. */
  readonly primaryImage?: boolean
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
  const attributeOf = readText(attribute, 'AttributeOf')
  // What the Web API does not know can be neither read nor written through it; where the definition
  // does not tell, companions such as the name of a lookup's row count as unknown to it.
  const exists = attribute['IsValidODataAttribute'] ?? attributeOf === undefined
  // Parties are no property of the Web API, and are written along with their activity all the same.
  const writable = exists === true || type === 'partylist'
  return {
    logicalName,
    schemaName: readText(attribute, 'SchemaName') ?? logicalName,
    type,
    ...known('label', readLabel(attribute, 'DisplayName')),
    required: requiredLevel(readValue(attribute, 'RequiredLevel')),
    readable: exists === true && type !== 'partylist' && readFlag(attribute, 'IsValidForRead'),
    creatable: writable && readFlag(attribute, 'IsValidForCreate'),
    updatable: writable && readFlag(attribute, 'IsValidForUpdate'),
    ...known('attributeOf', attributeOf),
    ...(attribute['IsValidForForm'] === false ? { hidden: true } : {}),
    ...(hasDefault(type, detail) ? { hasDefault: true } : {}),
    ...limitsOf(type, detail),
    ...(HAVE_CHOICES.has(type) ? { choices: parseChoices(detail) } : {}),
    ...(isLookup(type) ? lookupParts(logicalName, detail, relations) : {}),
    ...(type === 'partylist' ? { targets: readTexts(detail, 'Targets') } : {}),
    ...(type === 'image' ? { primaryImage: readFlag(detail, 'IsPrimaryImage') } : {}),
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

// The state machine, the caller and the default of the definition fill what a new row leaves out.
function hasDefault(type: ColumnType, detail: Unread): boolean {
  switch (type) {
    case 'boolean':
    case 'owner':
    case 'state':
    case 'status':
      return true
    case 'choice':
      return (readNumber(detail, 'DefaultFormValue') ?? -1) >= 0
    default:
      return false
  }
}

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
