import {
  readColumn,
  readManyToMany,
  readRelation,
  type SchemaFacts,
  type TableFacts,
} from './facts.ts'
import type { AlternateKey, Collection, Column, Schema, Single, Table } from './model.ts'

interface Draft {
  readonly table: Table
  readonly singles: Map<string, Single>
  readonly collections: Map<string, Collection>
}

/** Makes tables that know their columns and how they lead to each other. */
export function link(facts: SchemaFacts): Schema {
  const drafts = new Map(facts.tables.map((table) => [table.name, draft(table)]))
  for (const fact of facts.relations) {
    const many = drafts.get(fact.many)
    const column = many?.table.byName.get(fact.column)
    if (!many || !column) continue
    const relation = readRelation(fact)
    for (const name of [fact.manyNav, fact.inherited]) {
      if (name) many.singles.set(name, { name, column, target: fact.one, relation })
    }
    const collection = { name: fact.oneNav, table: fact.many, column, relation }
    drafts.get(fact.one)?.collections.set(fact.oneNav, collection)
  }
  const tables = [...drafts.values()].map(({ table }) => table)
  return {
    tables: new Map(tables.map((table) => [table.name, table])),
    sets: new Map(tables.map((table) => [table.set, table])),
    relations: facts.relations.map(readRelation),
    manyToMany: facts.manyToMany.map(readManyToMany),
    unserved: new Map(Object.entries(facts.unserved)),
  }
}

function draft(facts: TableFacts): Draft {
  const columns = facts.columns.map((column, index) => readColumn(column, facts.name, index))
  const byName = new Map(columns.map((column) => [column.name, column]))
  const named = (name: string): Column => {
    const column = byName.get(name)
    if (!column) throw new Error(`tables.json: ${facts.name} has no column ${name}`)
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
