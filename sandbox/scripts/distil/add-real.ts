import type { SchemaFacts } from '../../src/dataverse/schema/facts.ts'
import { relate } from './relation-facts.ts'
import type { RelationFacts, TableFacts } from './shape.ts'
import { ACTIVITIES, MANY_TO_MANY } from './table-facts.ts'

/** Tables whose relationships are taken of the organization's document as they stand there. */
const ACTIVITY_TABLES = new Set(['task', ...ACTIVITIES.map(({ name }) => name)])

/** Adds activities, their parties and the tables between of a real organization to the served tables. */
export function addReal(
  served: readonly TableFacts[],
  real: SchemaFacts,
  exported: readonly RelationFacts[],
) {
  const manyToMany = real.manyToMany.filter(({ schemaName }) => schemaName in MANY_TO_MANY)
  const between = new Map(
    manyToMany.map((one) => [one.between, MANY_TO_MANY[one.schemaName] ?? 0] as const),
  )
  const wanted = new Set([...ACTIVITIES.map(({ name }) => name), ...between.keys()])
  const names = new Set([...served.map(({ name }) => name), ...wanted])
  const added = real.tables
    .filter(({ name }) => wanted.has(name))
    .map((table) => ({
      ...table,
      code: between.get(table.name) ?? table.code,
      ...(between.has(table.name) ? { owner: 'None' } : {}),
      columns: table.columns.map((column) => narrow(column, names)),
    }))
  const relations = [
    ...relate(
      served.filter(({ name }) => name !== 'task'),
      exported,
    ).map((relation) => nameAsThere(relation, real.relations)),
    ...real.relations.filter(
      ({ one, many }) => ACTIVITY_TABLES.has(many) && (names.has(one) || one === 'owner'),
    ),
  ]
  return { tables: [...served, ...added], relations, manyToMany }
}

/** The other end of a relationship has the name that the document gives it; what follows no rule is not guessed. */
function nameAsThere(relation: RelationFacts, real: readonly RelationFacts[]): RelationFacts {
  const there = real.find(
    ({ one, many, column, manyNav }) =>
      one === relation.one &&
      many === relation.many &&
      column === relation.column &&
      manyNav === relation.manyNav,
  )
  if (!there || there.oneNav === '' || there.oneNav === relation.oneNav) return relation
  const { oneNav } = there
  return {
    ...relation,
    oneNav,
    schema: relation.schema === relation.oneNav ? oneNav : relation.schema,
  }
}

/** A lookup leads to the tables that are served, where any of its tables is. */
function narrow<Column extends { readonly targets?: readonly string[] }>(
  column: Column,
  names: ReadonlySet<string>,
): Column {
  const known = column.targets?.filter((target) => names.has(target)) ?? []
  return known.length === 0 ? column : { ...column, targets: known }
}
