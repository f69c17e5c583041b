import { unknownTable } from '../../errors/unknown-table.ts'
import { type CsdlModel, type EntityType, lineage } from './model.ts'

/**
 * Takes some tables out of a model: their types with base types, their sets, and what is bound to them.
 * Whatever else the model held may then be forgotten.
 *
 * @throws DataverseError `unknown_table`, with the names that are near
 */
export function pickTables(model: CsdlModel, tables: readonly string[]): CsdlModel {
  const entityTypes = new Map<string, EntityType>()
  for (const table of tables) {
    if (!model.entityTypes.has(table)) throw unknownTable(table, model.entityTypes.keys())
    for (const type of lineage(model, table)) entityTypes.set(type.name, type)
  }
  const sets = [...model.entitySets].filter(([, set]) => entityTypes.has(set.entityType))
  const operations = model.operations.filter(({ bound, parameters: [first] }) => {
    return bound && first !== undefined && entityTypes.has(first.type)
  })
  return {
    ...model,
    entityTypes,
    complexTypes: new Map(),
    enumTypes: new Map(),
    operations,
    entitySets: new Map(sets),
    imports: new Map(),
  }
}
