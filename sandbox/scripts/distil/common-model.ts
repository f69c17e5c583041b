import { at, type ColumnFacts, isObject, list, text } from './shape.ts'

/** Logical names of the tables behind the Common Data Model's entity names. */
const TABLES: Readonly<Record<string, string>> = {
  User: 'systemuser',
  Currency: 'transactioncurrency',
  Note: 'annotation',
  Activity: 'activitypointer',
  Case: 'incident',
  PriceList: 'pricelevel',
  Order: 'salesorder',
}
const TYPES: Readonly<Record<string, string>> = {
  entityId: 'Uniqueidentifier',
  guid: 'Uniqueidentifier',
  listLookup: 'Picklist',
  listLookupCorrelated: 'Status',
  boolean: 'Boolean',
  currency: 'Money',
  baseCurrency: 'Money',
  decimal: 'Decimal',
  double: 'Double',
  latitude: 'Double',
  longitude: 'Double',
  integer: 'Integer',
  timezone: 'Integer',
  bigInteger: 'BigInt',
  dateTime: 'DateTime',
  entityName: 'EntityName',
  partylist: 'PartyList',
}
const FORMATS: Readonly<Record<string, string>> = {
  url: 'Url',
  email: 'Email',
  phone: 'Phone',
  tickerSymbol: 'TickerSymbol',
  timezone: 'TimeZone',
}
const LEVELS: Readonly<Record<string, ColumnFacts['required']>> = {
  recommended: 'Recommended',
  required: 'ApplicationRequired',
  systemrequired: 'SystemRequired',
}

/** Reads the columns of one Common Data Model entity; descriptions are left where they are. */
export function readCommonModel(document: unknown): ColumnFacts[] {
  const entity = list(at(document, 'definitions'))[0]
  const columns: ColumnFacts[] = []
  for (const item of list(at(entity, 'hasAttributes'))) {
    const members = at(item, 'attributeGroupReference', 'members')
    for (const attribute of Array.isArray(members) ? members : [item]) {
      const column = isObject(attribute) && readAttribute(attribute)
      if (column) columns.push(column)
    }
  }
  return columns
}

function readAttribute(attribute: Record<string, unknown>): ColumnFacts | undefined {
  if ('entity' in attribute) return readLookup(attribute)
  const name = text(attribute['sourceName'])
  if (!name) return undefined
  const kind = text(attribute['dataType']) ?? text(at(attribute, 'dataType', 'dataTypeReference'))
  const column: ColumnFacts = {
    name,
    schema: schemaName(text(attribute['name']) ?? name),
    type: columnType(attribute, kind ?? 'string'),
  }
  const format = FORMATS[kind ?? '']
  if (format) column.format = format
  if (kind === 'baseCurrency') {
    column.create = false
    column.update = false
  }
  fillCommon(column, attribute)
  if (attribute['purpose'] === 'identifiedBy') column.update = false
  for (const [key, limit] of [
    ['maximumLength', 'max'],
    ['minimumValue', 'min'],
    ['maximumValue', 'top'],
  ] as const) {
    const value = attribute[key]
    if (value !== undefined && value !== '') column[limit] = Number(value)
  }
  const choices = readChoices(attribute)
  if (choices.length > 0) column.choices = choices
  return column
}

function readLookup(attribute: Record<string, unknown>): ColumnFacts | undefined {
  const key = at(attribute, 'resolutionGuidance', 'entityByReference', 'foreignKeyAttribute')
  const name = text(at(key, 'sourceName'))
  const role = text(attribute['name'])
  const entity = at(attribute, 'entity', 'entityReference') ?? attribute['entity']
  if (!name || !isObject(key)) return undefined
  const targets =
    typeof entity === 'string'
      ? [tableName(entity)]
      : list(at(entity, 'hasAttributes'))
          .map((option) => text(at(option, 'entity', 'entityReference')))
          .filter((target) => target !== undefined)
          .map(tableName)
  const column: ColumnFacts = {
    name,
    schema: `${schemaName(role ?? name)}Id`,
    type: attribute['purpose'] === 'referencesCustomer' ? 'Customer' : 'Lookup',
    targets,
  }
  fillCommon(column, key)
  return column
}

function fillCommon(column: ColumnFacts, attribute: Record<string, unknown>): void {
  const label = text(attribute['displayName'])
  if (label) column.label = label
  for (const trait of list(attribute['appliedTraits'])) {
    if (at(trait, 'traitReference') !== 'is.requiredAtLevel') continue
    const level = LEVELS[String(at(list(at(trait, 'arguments'))[0], 'value'))]
    if (level) column.required = level
  }
}

function columnType(attribute: Record<string, unknown>, kind: string): string {
  if (attribute['purpose'] === 'representsStateWith') return 'State'
  const length = Number(attribute['maximumLength'] ?? 0)
  return TYPES[kind] ?? (length >= 2000 || kind === 'partylist' ? 'Memo' : 'String')
}

function readChoices(attribute: Record<string, unknown>): (string | number)[][] {
  return list(at(attribute, 'dataType', 'appliedTraits')).flatMap((trait) => {
    const reference = at(list(at(trait, 'arguments'))[0], 'entityReference')
    const shape = text(at(reference, 'entityShape')) ?? ''
    if (!shape.startsWith('listLookup')) return []
    return list(at(reference, 'constantValues')).map((row) => {
      const [, label, value, , state] = list(row)
      const choice = [Number(value), String(label)]
      return state === undefined ? choice : [...choice, Number(state)]
    })
  })
}

function tableName(entity: string): string {
  return TABLES[entity] ?? entity.toLowerCase()
}

function schemaName(name: string): string {
  const capital = name.charAt(0).toUpperCase() + name.slice(1)
  return capital.replace(/^(Address\d)(?=[A-Z])/, '$1_').replace(/Base$/, '_Base')
}
