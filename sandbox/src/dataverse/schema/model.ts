import type { SchemaChanges } from './changes.ts'

export type ColumnType =
  | 'Uniqueidentifier'
  | 'String'
  | 'Memo'
  | 'Integer'
  | 'BigInt'
  | 'Decimal'
  | 'Double'
  | 'Money'
  | 'Boolean'
  | 'DateTime'
  | 'Picklist'
  | 'State'
  | 'Status'
  | 'MultiSelectPicklist'
  | 'Lookup'
  | 'Customer'
  | 'Owner'
  | 'PartyList'
  | 'EntityName'
  | 'File'
  | 'Image'
  | 'Virtual'

/** How a column's values are kept: numbers (choices and times too), text, or a row's id. */
export type Storage = 'number' | 'text' | 'reference'

export interface Choice {
  readonly value: number
  readonly label: string
  /** The state that a status reason belongs to. */
  readonly state?: number
}

export interface Column {
  /** Position among the columns of its table. */
  readonly index: number
  readonly table: string
  readonly name: string
  readonly schemaName: string
  readonly label: string
  readonly type: ColumnType
  readonly storage: Storage
  /** The property that carries it: `_<name>_value` for lookups, the name for the rest. */
  readonly property: string
  /** The primitive type of that property, `Edm.` included. */
  readonly edm: string
  readonly format?: string
  readonly maxLength?: number
  readonly min?: number
  readonly max?: number
  readonly precision?: number
  readonly required: 'None' | 'Recommended' | 'ApplicationRequired' | 'SystemRequired'
  readonly create: boolean
  readonly update: boolean
  readonly choices: readonly Choice[]
  readonly initial?: number
  /** The name of the shared choices it uses. */
  readonly globalChoices?: string
  /** Tables that a lookup can point to. */
  readonly targets: readonly string[]
}

/** A single-valued navigation property: the lookup column read as a way to one row. */
export interface Single {
  readonly name: string
  readonly column: Column
  /** Logical name of the table it leads to, `owner` for users and teams alike. */
  readonly target: string
  readonly relation: Relation
}

/** A collection-valued navigation property: the rows whose lookup points here, or those tied by a table between. */
export interface Collection {
  readonly name: string
  /** The table whose rows it holds. */
  readonly table: string
  /** The column that holds the id of this side's row: a lookup of `table`, or a column of the table between. */
  readonly column: Column
  /** The navigation property on the other side. */
  readonly partner: string
  readonly relation: Relation | undefined
  /** Set for many-to-many: the table between, and its column that holds the id of the other side's row. */
  readonly through?: { readonly table: string; readonly there: Column }
}

/** What happens to the rows on the many side when the one row is deleted. */
export type OnDelete = 'Cascade' | 'RemoveLink' | 'Restrict' | 'NoCascade'

export interface Relation {
  readonly schemaName: string
  readonly one: string
  readonly many: string
  readonly column: string
  readonly manyNavigation: string
  readonly oneNavigation: string
  readonly onDelete: OnDelete
}

export interface ManyToMany {
  readonly schemaName: string
  readonly first: string
  readonly second: string
  /** The table between, and its columns that hold the ids of both sides. */
  readonly between: string
  readonly firstColumn: string
  readonly secondColumn: string
  readonly firstNavigation: string
  readonly secondNavigation: string
}

export interface AlternateKey {
  readonly name: string
  readonly schemaName: string
  readonly label: string
  readonly columns: readonly Column[]
}

export interface Table {
  readonly name: string
  readonly schemaName: string
  /** Empty where the table has no entity set and cannot be addressed. */
  readonly set: string
  readonly label: string
  readonly plural: string
  readonly typeCode: number
  readonly id: Column
  readonly title: Column | undefined
  readonly ownership: 'UserOwned' | 'OrganizationOwned' | 'BusinessOwned' | 'None'
  /** The type it inherits from: `principal` or `activitypointer`. */
  readonly base: string | undefined
  readonly isActivity: boolean
  /** Whether it only stands between two tables of a many-to-many relationship. */
  readonly isIntersect: boolean
  readonly changeTracking: boolean
  readonly columns: readonly Column[]
  readonly byName: ReadonlyMap<string, Column>
  readonly byProperty: ReadonlyMap<string, Column>
  readonly singles: ReadonlyMap<string, Single>
  readonly collections: ReadonlyMap<string, Collection>
  readonly keys: readonly AlternateKey[]
}

export interface Schema {
  readonly tables: ReadonlyMap<string, Table>
  readonly sets: ReadonlyMap<string, Table>
  readonly relations: readonly Relation[]
  readonly manyToMany: readonly ManyToMany[]
  /** Tables that every organization has and the sandbox does not: logical name to set name. */
  readonly unserved: ReadonlyMap<string, string>
  /** Choices that several columns share, by name. */
  readonly globalChoices: ReadonlyMap<string, GlobalChoices>
  /** The CSDL document that the schema was read of; absent for the built-in one. */
  readonly source?: { text: string }
  readonly changes: SchemaChanges
}

export interface GlobalChoices {
  readonly name: string
  readonly label: string
  readonly choices: readonly Choice[]
}

const STORAGE: Readonly<Partial<Record<ColumnType, Storage>>> = {
  Integer: 'number',
  BigInt: 'number',
  Decimal: 'number',
  Double: 'number',
  Money: 'number',
  Boolean: 'number',
  DateTime: 'number',
  Picklist: 'number',
  State: 'number',
  Status: 'number',
  Lookup: 'reference',
  Customer: 'reference',
  Owner: 'reference',
}
const EDM: Readonly<Partial<Record<ColumnType, string>>> = {
  Uniqueidentifier: 'Edm.Guid',
  Integer: 'Edm.Int32',
  BigInt: 'Edm.Int64',
  Decimal: 'Edm.Decimal',
  Double: 'Edm.Double',
  Money: 'Edm.Decimal',
  Boolean: 'Edm.Boolean',
  DateTime: 'Edm.DateTimeOffset',
  Picklist: 'Edm.Int32',
  State: 'Edm.Int32',
  Status: 'Edm.Int32',
  Lookup: 'Edm.Guid',
  Customer: 'Edm.Guid',
  Owner: 'Edm.Guid',
  File: 'Edm.Guid',
  Image: 'Edm.Binary',
}

/** How values of this type are kept. */
export function storageOf(type: ColumnType): Storage {
  return STORAGE[type] ?? 'text'
}

/** The primitive type on the wire; a date without time has one of its own. */
export function edmOf(type: ColumnType, dateOnly: boolean): string {
  return dateOnly ? 'Edm.Date' : (EDM[type] ?? 'Edm.String')
}

/** The values for authentication of a service endpoint can be set and are never told. */
export function isWriteOnly({ table, name }: Column): boolean {
  return table === 'serviceendpoint' && name === 'authvalue'
}
