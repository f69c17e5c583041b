import type { ColumnFacts } from '../facts.ts'
import { type ColumnType, edmOf, storageOf } from '../model.ts'
import type { CsdlProperty } from './read-document.ts'

const READ_ONLY =
  /^(createdon|modifiedon|versionnumber|createdby|modifiedby|createdonbehalfby|modifiedonbehalfby|owninguser|owningteam|owningbusinessunit|organizationid|exchangerate|activitytypecode|fullname|address\d_composite)$|_base$/

/** What surrounds a property in its type, as far as it tells what the property is. */
export interface Surroundings {
  readonly key: string
  readonly names: ReadonlySet<string>
  /** Tables that each lookup can lead to, by the property that carries it. */
  readonly targets: ReadonlyMap<string, readonly string[]>
}

const EDM_TYPES: Readonly<Record<string, ColumnType>> = {
  'Edm.String': 'String',
  'Edm.Guid': 'Uniqueidentifier',
  'Edm.Int16': 'Integer',
  'Edm.Int32': 'Integer',
  'Edm.Int64': 'BigInt',
  'Edm.Decimal': 'Decimal',
  'Edm.Double': 'Double',
  'Edm.Boolean': 'Boolean',
  'Edm.DateTimeOffset': 'DateTime',
  'Edm.Date': 'DateTime',
  'Edm.Binary': 'Image',
}

/**
 * Works out what a property's type, name and neighbours tell about its column. Whether a whole number
 * is a choice cannot be told; what is known of the table wins where it has the same type on the wire.
 */
export function inferColumn(
  property: CsdlProperty,
  around: Surroundings,
  known: ColumnFacts | undefined,
): ColumnFacts | undefined {
  const edmType = EDM_TYPES[property.type]
  if (edmType === undefined) return undefined
  const lookup = /^_(.+)_value$/.exec(property.name)?.[1]
  const dateOnly = property.type === 'Edm.Date'
  const targets = lookup === undefined ? undefined : (around.targets.get(property.name) ?? [])
  if (known && isSameKind(known.type, edmType, lookup !== undefined, dateOnly)) {
    const { targets: before = [], dateOnly: _, ...kept } = known
    return {
      ...kept,
      ...(targets === undefined ? {} : { targets: targets.length > 0 ? targets : before }),
      ...(dateOnly ? { dateOnly } : {}),
    }
  }
  const name = lookup ?? property.name
  const type = lookup === undefined ? refine(edmType, property, around) : lookupType(name, targets)
  const isPlain = !READ_ONLY.test(name) && !isCompanion(name, around.names)
  const writable = isPlain && type !== 'File'
  return {
    name,
    schema: name,
    type,
    ...(targets === undefined ? {} : { targets }),
    ...(dateOnly ? { dateOnly } : {}),
    ...(writable ? {} : { create: false, update: false }),
    ...(name === around.key ? { required: 'SystemRequired' as const, update: false } : {}),
    ...(type === 'State' ? { initial: 0 } : {}),
    ...(type === 'Status' ? { initial: 1 } : {}),
  }
}

function isSameKind(
  known: ColumnType,
  inferred: ColumnType,
  isLookup: boolean,
  dateOnly: boolean,
): boolean {
  if ((storageOf(known) === 'reference') !== isLookup) return false
  return edmOf(known, dateOnly) === edmOf(inferred, dateOnly)
}

function refine(edm: ColumnType, { name }: CsdlProperty, around: Surroundings): ColumnType {
  const { names } = around
  if (edm === 'Integer') {
    return name === 'statecode' ? 'State' : name === 'statuscode' ? 'Status' : edm
  }
  if (edm === 'String' && name === 'description') return 'Memo'
  // A document gives files the type of images; their name stands beside them, those of images do not.
  if (edm === 'Image' && names.has(`${name}_name`)) return 'File'
  if (edm !== 'Decimal' || !names.has('_transactioncurrencyid_value')) return edm
  const isAmount = names.has(`${name}_base`)
  const isBase = name.endsWith('_base') && names.has(name.slice(0, -'_base'.length))
  return isAmount || isBase ? 'Money' : edm
}

function lookupType(name: string, targets: readonly string[] = []): ColumnType {
  if (name === 'ownerid') return 'Owner'
  const customer =
    targets.length === 2 && ['account', 'contact'].every((one) => targets.includes(one))
  return customer ? 'Customer' : 'Lookup'
}

/** `<image>_url`, `<image>_timestamp` and `<file>_name` only tell of the column before them. */
function isCompanion(name: string, names: ReadonlySet<string>): boolean {
  const of = /^(.+)_(url|timestamp|name)$/.exec(name)?.[1]
  return of !== undefined && names.has(of)
}
