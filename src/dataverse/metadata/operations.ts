import type { CsdlModel, CsdlOperation, EntitySet, EnumType } from './csdl/model.ts'

/** What can be called in an environment, and what its parameters are written with. JSON can carry it. */
export interface Operations {
  /** The service's own namespace, such as `Microsoft.Dynamics.CRM`. */
  readonly namespace: string
  /** Functions and actions that are called on rows, on the rows of a table, or on nothing. */
  readonly operations: readonly CsdlOperation[]
  /** Those that parameters have. */
  readonly enumTypes: readonly EnumType[]
  readonly entitySets: readonly Pick<EntitySet, 'name' | 'entityType'>[]
}

/** Takes the operations out of a model, a small part of it. */
export function operationsOf(model: CsdlModel): Operations {
  const operations = model.operations.filter(
    ({ bound, parameters: [first] }) =>
      !bound || (first !== undefined && model.entityTypes.has(first.type)),
  )
  const types = new Set(operations.flatMap(({ parameters }) => parameters.map(({ type }) => type)))
  return {
    namespace: model.namespace,
    operations,
    enumTypes: [...model.enumTypes.values()].filter(({ name }) => types.has(name)),
    entitySets: [...model.entitySets.values()].map(({ name, entityType }) => ({
      name,
      entityType,
    })),
  }
}
