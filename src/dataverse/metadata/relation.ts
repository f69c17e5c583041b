import { readObjects, readText, type Unread } from '../answer/answer-fields.ts'

/** A way from a row to many rows of another table. */
export interface OneToMany {
  readonly schemaName: string
  /** The navigation property of this table, in the service's own case. */
  readonly property: string
  /** The table that it leads to. */
  readonly target: string
  /** The lookup of that table which refers back. */
  readonly column: string
}

/** A way between two tables of which each row may have many of the other. */
export interface ManyToMany {
  readonly schemaName: string
  /** The navigation property of this table, in the service's own case. */
  readonly property: string
  /** The table that it leads to. */
  readonly target: string
  /** The table that joins the two. */
  readonly intersect: string
}

/** Reads the relations in which a table's rows have many of another's. */
export function parseOneToMany(definition: Unread): readonly OneToMany[] {
  return readObjects(definition, 'OneToManyRelationships').flatMap((relation) => {
    const schemaName = readText(relation, 'SchemaName')
    const property = readText(relation, 'ReferencedEntityNavigationPropertyName')
    const target = readText(relation, 'ReferencingEntity')
    const column = readText(relation, 'ReferencingAttribute')
    // Without a navigation property there is no way for the Web API.
    if (!(schemaName && property && target && column)) return []
    return [{ schemaName, property, target, column }]
  })
}

/** Reads a table's relations to many; one that joins it with itself leads both ways. */
export function parseManyToMany(definition: Unread, table: string): readonly ManyToMany[] {
  return readObjects(definition, 'ManyToManyRelationships').flatMap((relation) => {
    const schemaName = readText(relation, 'SchemaName')
    const intersect = readText(relation, 'IntersectEntityName')
    if (!(schemaName && intersect)) return []
    return SIDES.flatMap(([own, other]) => {
      const property = readText(relation, `${own}NavigationPropertyName`)
      const target = readText(relation, `${other}LogicalName`)
      const isOwn = relation[`${own}LogicalName`] === table
      return isOwn && property && target ? [{ schemaName, property, target, intersect }] : []
    })
  })
}

const SIDES = [
  ['Entity1', 'Entity2'],
  ['Entity2', 'Entity1'],
] as const
