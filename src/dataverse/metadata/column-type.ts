import type { LiteralType } from '../query/literal.ts'

/** The types of columns; choices are what the service calls picklists. */
export type ColumnType =
  | 'bigint'
  | 'boolean'
  | 'choice'
  | 'choices'
  | 'customer'
  | 'datetime'
  | 'decimal'
  | 'double'
  | 'entityname'
  | 'file'
  | 'image'
  | 'integer'
  | 'lookup'
  | 'managedproperty'
  | 'memo'
  | 'money'
  | 'owner'
  | 'partylist'
  | 'state'
  | 'status'
  | 'string'
  | 'uniqueidentifier'
  | 'virtual'

/**
 * What a date means: a moment that is shown in the user's time zone, a day, or a wall clock that is the
 * same for everybody.
 */
export type DateBehavior = 'userLocal' | 'dateOnly' | 'timeZoneIndependent'

const BY_NAME: Readonly<Record<string, ColumnType>> = {
  BigInt: 'bigint',
  Boolean: 'boolean',
  Customer: 'customer',
  DateTime: 'datetime',
  Decimal: 'decimal',
  Double: 'double',
  EntityName: 'entityname',
  Integer: 'integer',
  Lookup: 'lookup',
  ManagedProperty: 'managedproperty',
  Memo: 'memo',
  Money: 'money',
  Owner: 'owner',
  PartyList: 'partylist',
  Picklist: 'choice',
  State: 'state',
  Status: 'status',
  String: 'string',
  Uniqueidentifier: 'uniqueidentifier',
}

// These three are all "Virtual" by AttributeType.
const BY_TYPE_NAME: Readonly<Record<string, ColumnType>> = {
  FileType: 'file',
  ImageType: 'image',
  MultiSelectPicklistType: 'choices',
}

/** Names a column's type by the two properties of its definition that tell it. */
export function columnTypeOf(attributeType: unknown, attributeTypeName: unknown): ColumnType {
  return BY_TYPE_NAME[String(attributeTypeName)] ?? BY_NAME[String(attributeType)] ?? 'virtual'
}

const LITERALS: Readonly<Partial<Record<ColumnType, LiteralType>>> = {
  bigint: 'int64',
  boolean: 'boolean',
  choice: 'int32',
  choices: 'string',
  customer: 'guid',
  datetime: 'datetime',
  decimal: 'decimal',
  double: 'double',
  entityname: 'string',
  file: 'guid',
  integer: 'int32',
  lookup: 'guid',
  memo: 'string',
  money: 'decimal',
  owner: 'guid',
  state: 'int32',
  status: 'int32',
  string: 'string',
  uniqueidentifier: 'guid',
}

/** The form in which a column's values are written in expressions; none where it cannot be filtered by. */
export function literalTypeOf(column: {
  readonly type: ColumnType
  readonly dateBehavior?: DateBehavior
}): LiteralType | undefined {
  return column.dateBehavior === 'dateOnly' ? 'date' : LITERALS[column.type]
}

/** Tells whether rows hold the column as a reference to another row. */
export function isLookup(type: ColumnType): boolean {
  return type === 'lookup' || type === 'customer' || type === 'owner'
}
