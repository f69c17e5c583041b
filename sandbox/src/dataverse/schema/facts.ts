import {
  type Choice,
  type Column,
  type ColumnType,
  edmOf,
  type ManyToMany,
  type OnDelete,
  type Relation,
  storageOf,
} from './model.ts'

/** A column in `sandbox/data/tables.json`: what is absent is the ordinary case. */
export interface ColumnFacts {
  readonly name: string
  readonly schema: string
  readonly label?: string
  readonly type: ColumnType
  readonly format?: string
  readonly dateOnly?: boolean
  readonly max?: number
  readonly min?: number
  readonly top?: number
  readonly precision?: number
  readonly required?: Column['required']
  readonly create?: boolean
  readonly update?: boolean
  readonly choices?: readonly (readonly [value: number, label: string, state?: number])[]
  readonly initial?: number
  readonly global?: string
  readonly targets?: readonly string[]
}

export interface TableFacts {
  readonly name: string
  readonly schema: string
  readonly set: string
  readonly label: string
  readonly plural: string
  readonly code: number
  readonly id: string
  readonly title?: string
  readonly owner: 'UserOwned' | 'OrganizationOwned' | 'BusinessOwned' | 'None'
  readonly base?: string
  readonly activity?: boolean
  readonly tracked?: boolean
  readonly intersect?: boolean
  readonly keys?: readonly {
    readonly name: string
    readonly schema: string
    readonly label: string
    readonly columns: readonly string[]
  }[]
  readonly columns: readonly ColumnFacts[]
}

export interface RelationFacts {
  readonly schema: string
  readonly one: string
  readonly many: string
  readonly column: string
  readonly manyNav: string
  readonly oneNav: string
  readonly inherited?: string
  /** What deleting the one row does to the many; only the link goes when absent. */
  readonly onDelete?: OnDelete
}

export interface SchemaFacts {
  readonly unserved: Readonly<Record<string, string>>
  readonly manyToMany: readonly ManyToMany[]
  readonly globalChoices?: Readonly<
    Record<
      string,
      { readonly label: string; readonly choices: NonNullable<ColumnFacts['choices']> }
    >
  >
  readonly tables: readonly TableFacts[]
  readonly relations: readonly RelationFacts[]
}

/** Makes one column of its facts. */
export function readColumn(facts: ColumnFacts, table: string, index: number): Column {
  const storage = storageOf(facts.type)
  return {
    index,
    table,
    name: facts.name,
    schemaName: facts.schema,
    label: facts.label ?? facts.name,
    type: facts.type,
    storage,
    property: storage === 'reference' ? `_${facts.name}_value` : facts.name,
    edm: edmOf(facts.type, facts.dateOnly ?? false),
    required: facts.required ?? 'None',
    create: facts.create ?? true,
    update: facts.update ?? true,
    choices: (facts.choices ?? []).map(readChoice),
    targets: facts.targets ?? [],
    ...(facts.format === undefined ? {} : { format: facts.format }),
    ...(facts.max === undefined ? {} : { maxLength: facts.max }),
    ...(facts.min === undefined ? {} : { min: facts.min }),
    ...(facts.top === undefined ? {} : { max: facts.top }),
    ...(facts.precision === undefined ? {} : { precision: facts.precision }),
    ...(facts.initial === undefined ? {} : { initial: facts.initial }),
    ...(facts.global === undefined ? {} : { globalChoices: facts.global }),
  }
}

export function readRelation(facts: RelationFacts): Relation {
  return {
    schemaName: facts.schema,
    one: facts.one,
    many: facts.many,
    column: facts.column,
    manyNavigation: facts.manyNav,
    oneNavigation: facts.oneNav,
    onDelete: facts.onDelete ?? 'RemoveLink',
  }
}

export function readChoice([value, label, state]: readonly [number, string, number?]): Choice {
  return state === undefined ? { value, label } : { value, label, state }
}
