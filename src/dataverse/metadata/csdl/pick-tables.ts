import { DataverseError } from '../../errors/dataverse-error.ts'
import { nearNames } from '../../near-names.ts'
import { type CsdlModel, type EntityType, lineage } from './model.ts'

/**
 * Takes some tables out of a model: their types with base types, their sets, and what is bound to them.
 * Whatever else the model held may then be forgotten.
 *
 * @throws DataverseError `invalid_argument` for a table that the model lacks, with near names
 */
export function pickTables(model: CsdlModel, tables: readonly string[]): CsdlModel {
  const entityTypes = new Map<string, EntityType>()
  for (const table of tables) {
    if (!model.entityTypes.has(table)) throw unknownTable(model, table)
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

function unknownTable(model: CsdlModel, table: string): DataverseError {
  const near = nearNames(table, [...model.entityTypes.keys()])
  const name = table.slice(0, 100)
  return new DataverseError('invalid_argument', {
    what: `tables cannot be used: the environment has no table “${name}”.`,
    why: 'The metadata document has no entity type of this logical name.',
    remedy:
      near.length === 0
        ? 'Give logical names, such as account.'
        : `Did you mean ${near.join(' or ')}?`,
    who: 'you',
    retry: { when: 'never' },
    facts: { field: 'tables', table: name, near: [...near] },
  })
}
