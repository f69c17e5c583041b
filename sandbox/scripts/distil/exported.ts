import type { ColumnFacts, GlobalChoices, RelationFacts } from './shape.ts'
import { child, childText, type Element, parseXml } from './xml.ts'

const ENGLISH = '1033'
const RULES = ['Cascade', 'RemoveLink', 'Restrict', 'NoCascade'] as const

/** Reads columns and relationships of one table out of metadata exported from an organization. */
export function readExported(
  source: string,
  table: string,
): {
  columns: ColumnFacts[]
  relations: RelationFacts[]
  globalChoices: Record<string, GlobalChoices>
} {
  const entries = child(parseXml(source), 'MetadataSkeleton', 'EntityMetadata')?.children ?? []
  const entity = child(
    entries.find((entry) => childText(entry, 'Key') === table),
    'Value',
  )
  if (!entity) throw new Error(`no exported metadata of ${table}`)
  const columns = (child(entity, 'Attributes')?.children ?? [])
    .filter((attribute) => childText(attribute, 'IsCustomAttribute') === 'false')
    .filter(isExposed)
    .map(readColumn)
  const relations = ['OneToManyRelationships', 'ManyToOneRelationships']
    .flatMap((group) => child(entity, group)?.children ?? [])
    .filter((relation) => childText(relation, 'IsCustomRelationship') === 'false')
    .map(readRelation)
  const globalChoices: Record<string, GlobalChoices> = {}
  for (const attribute of child(entity, 'Attributes')?.children ?? []) {
    const set = child(attribute, 'OptionSet')
    if (!set) continue
    const column = columns.find(({ global }) => global === childText(set, 'Name'))
    if (!column?.global) continue
    const label = english(child(set, 'DisplayName')) ?? column.global
    globalChoices[column.global] = { label, choices: column.choices ?? [] }
  }
  return { columns, relations, globalChoices }
}

/** Older exports do not carry the flag; there, companion columns name what they belong to. */
function isExposed(attribute: Element): boolean {
  const flag = childText(attribute, 'IsValidODataAttribute')
  if (flag !== '') return flag === 'true'
  const type = childText(attribute, 'AttributeTypeName', 'Value')
  return childText(attribute, 'AttributeOf') === '' && type !== 'VirtualType'
}

function readColumn(attribute: Element): ColumnFacts {
  const type = childText(attribute, 'AttributeTypeName', 'Value').replace(/Type$/, '')
  const level = childText(attribute, 'RequiredLevel', 'Value')
  const column: ColumnFacts = {
    name: childText(attribute, 'LogicalName'),
    schema: childText(attribute, 'SchemaName'),
    type: type === 'Virtual' ? 'Virtual' : type,
  }
  const label = english(child(attribute, 'DisplayName'))
  if (label) column.label = label
  const format = childText(attribute, 'FormatName', 'Value') || childText(attribute, 'Format')
  if (format && format !== 'Text' && format !== 'None') column.format = format
  if (childText(attribute, 'DateTimeBehavior', 'Value') === 'DateOnly') column.dateOnly = true
  if (level === 'Recommended') column.required = level
  if (level === 'ApplicationRequired' || level === 'SystemRequired') column.required = level
  if (childText(attribute, 'IsValidForCreate') === 'false') column.create = false
  if (childText(attribute, 'IsValidForUpdate') === 'false') column.update = false
  const targets = (child(attribute, 'Targets')?.children ?? []).map((target) => target.text)
  if (targets.length > 0) column.targets = targets
  readLimits(attribute, column)
  readChoices(attribute, column)
  return column
}

function readLimits(attribute: Element, column: ColumnFacts): void {
  const number = (name: string): number | undefined => {
    const found = childText(attribute, name)
    return found === '' ? undefined : Number(found)
  }
  const max = number('MaxLength')
  const min = number('MinValue')
  const top = number('MaxValue')
  const precision = number('Precision')
  if (max !== undefined) column.max = max
  if (min !== undefined) column.min = min
  if (top !== undefined) column.top = top
  if (precision !== undefined) column.precision = precision
}

function readChoices(attribute: Element, column: ColumnFacts): void {
  const set = child(attribute, 'OptionSet')
  if (!set) return
  const options = child(set, 'Options')?.children ?? [
    ...[child(set, 'FalseOption')].filter((option) => option !== undefined),
    ...[child(set, 'TrueOption')].filter((option) => option !== undefined),
  ]
  const choices = options.map((option) => {
    const choice = [Number(childText(option, 'Value')), english(child(option, 'Label')) ?? '']
    const state = childText(option, 'State')
    return state === '' ? choice : [...choice, Number(state)]
  })
  if (choices.length > 0) column.choices = choices
  if (childText(set, 'IsGlobal') === 'true') column.global = childText(set, 'Name')
  const initial = Number(childText(attribute, 'DefaultFormValue') || '-1')
  if (initial >= 0) column.initial = initial
}

function readRelation(relation: Element): RelationFacts {
  const rule = childText(relation, 'CascadeConfiguration', 'Delete')
  const onDelete = RULES.find((known) => known === rule)
  return {
    ...(onDelete === undefined || onDelete === 'RemoveLink' ? {} : { onDelete }),
    schema: childText(relation, 'SchemaName'),
    one: childText(relation, 'ReferencedEntity'),
    many: childText(relation, 'ReferencingEntity'),
    column: childText(relation, 'ReferencingAttribute'),
    manyNav: childText(relation, 'ReferencingEntityNavigationPropertyName'),
    oneNav: childText(relation, 'ReferencedEntityNavigationPropertyName'),
  }
}

function english(labels: Element | undefined): string | undefined {
  const found = (child(labels, 'LocalizedLabels')?.children ?? []).find(
    (label) => childText(label, 'LanguageCode') === ENGLISH,
  )
  return found && childText(found, 'Label')
}
