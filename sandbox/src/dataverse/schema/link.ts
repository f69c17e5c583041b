import { SchemaChanges } from './changes.ts'
import {
  type RelationFacts,
  readChoice,
  readColumn,
  readRelation,
  type SchemaFacts,
  type TableFacts,
} from './facts.ts'
import type {
  AlternateKey,
  Collection,
  Column,
  ManyToMany,
  Relation,
  Schema,
  Single,
  Table,
} from './model.ts'

interface Draft {
  readonly table: Table
  readonly singles: Map<string, Single>
  readonly collections: Map<string, Collection>
}

type Drafts = ReadonlyMap<string, Draft>

/** Makes tables that know their columns and how they lead to each other. */
export function link(facts: SchemaFacts, source?: Schema['source']): Schema {
  const drafts: Drafts = new Map(facts.tables.map((table) => [table.name, draft(table)]))
  const relations = facts.relations.map((fact) => {
    const relation = readRelation(fact)
    linkLookup(drafts, fact, relation)
    return relation
  })
  for (const relation of facts.manyToMany) linkManyToMany(drafts, relation)
  inherit(drafts)
  const tables = [...drafts.values()].map(({ table }) => table)
  const shared = Object.entries(facts.globalChoices ?? {})
  return {
    tables: new Map(tables.map((table) => [table.name, table])),
    sets: new Map(
      tables.filter(({ set }) => set !== '').map((table) => [table.set, table] as const),
    ),
    relations,
    manyToMany: facts.manyToMany,
    unserved: new Map(Object.entries(facts.unserved)),
    globalChoices: new Map(
      shared.map(([name, { label, choices }]) => [
        name,
        { name, label, choices: choices.map(readChoice) },
      ]),
    ),
    changes: new SchemaChanges(),
    ...(source === undefined ? {} : { source }),
  }
}

function linkLookup(drafts: Drafts, fact: RelationFacts, relation: Relation): void {
  const many = drafts.get(fact.many)
  const column = many?.table.byName.get(fact.column)
  if (!many || !column) return
  for (const name of [fact.manyNav, fact.inherited]) {
    if (name) many.singles.set(name, { name, column, target: fact.one, relation })
  }
  if (fact.oneNav === '') return
  const collection: Collection = {
    name: fact.oneNav,
    table: fact.many,
    column,
    partner: fact.manyNav,
    relation,
  }
  // Users and teams inherit what the abstract owner has.
  const owners =
    fact.one === 'owner'
      ? [...drafts.values()].filter(({ table }) => table.base === 'principal')
      : [drafts.get(fact.one)]
  for (const owner of owners) owner?.collections.set(fact.oneNav, collection)
}

function linkManyToMany(drafts: Drafts, relation: ManyToMany): void {
  const { between, first, second, firstNavigation, secondNavigation } = relation
  const middle = drafts.get(between)?.table
  const here = middle?.byName.get(relation.firstColumn)
  const there = middle?.byName.get(relation.secondColumn)
  if (!here || !there) return
  const common = { relation: undefined }
  drafts.get(first)?.collections.set(firstNavigation, {
    ...common,
    name: firstNavigation,
    table: second,
    column: here,
    partner: secondNavigation,
    through: { table: between, there },
  })
  drafts.get(second)?.collections.set(secondNavigation, {
    ...common,
    name: secondNavigation,
    table: first,
    column: there,
    partner: firstNavigation,
    through: { table: between, there: here },
  })
}

/** An activity has, beside its own, the navigation properties of activitypointer. */
function inherit(drafts: Drafts): void {
  const base = drafts.get('activitypointer')
  if (!base) return
  for (const { table, singles, collections } of drafts.values()) {
    if (table.base !== 'activitypointer') continue
    for (const [name, single] of base.singles) {
      const column = table.byName.get(single.column.name)
      if (column && !singles.has(name)) singles.set(name, { ...single, column })
    }
    for (const [name, collection] of base.collections) {
      if (!collections.has(name)) collections.set(name, collection)
    }
  }
}

function draft(facts: TableFacts): Draft {
  const columns = facts.columns.map((column, index) => readColumn(column, facts.name, index))
  const byName = new Map(columns.map((column) => [column.name, column]))
  const named = (name: string): Column => {
    const column = byName.get(name)
    if (!column) throw new Error(`the table ${facts.name} has no column ${name}`)
    return column
  }
  const keys: AlternateKey[] = (facts.keys ?? []).map((key) => ({
    name: key.name,
    schemaName: key.schema,
    label: key.label,
    columns: key.columns.map(named),
  }))
  const singles = new Map<string, Single>()
  const collections = new Map<string, Collection>()
  const table: Table = {
    name: facts.name,
    schemaName: facts.schema,
    set: facts.set,
    label: facts.label,
    plural: facts.plural,
    typeCode: facts.code,
    id: named(facts.id),
    title: facts.title === undefined ? undefined : named(facts.title),
    ownership: facts.owner,
    base: facts.base,
    isActivity: facts.activity ?? false,
    isIntersect: facts.intersect ?? false,
    changeTracking: facts.tracked ?? false,
    columns,
    byName,
    byProperty: new Map(columns.map((column) => [column.property, column])),
    singles,
    collections,
    keys,
  }
  return { table, singles, collections }
}
