import { type CsdlOperation, nearNames, type Operations } from '../../../dataverse/index.ts'
import { didYouMean, type FieldName, invalidField, quoted } from '../../connector-error.ts'
import type { Option, OptionsContext } from '../../entry.ts'
import { searchOptions } from '../../fields/search-options.ts'

/** The field that names what is called. */
export const OPERATION: FieldName = { key: 'operation', label: 'Action or Function' }

/** What can be called, and on what. */
export interface Callable {
  /** `Name`, `table/Name` or `table[]/Name`. */
  readonly name: string
  readonly operation: CsdlOperation
  /** The table on whose rows, or on all of whose rows, it is called. */
  readonly bound?: { readonly table: string; readonly collection: boolean }
}

/** Lists the actions and functions of the environment. */
export async function operations(context: OptionsContext): Promise<readonly Option[]> {
  const { dataverse, signal } = context
  const model = await dataverse.metadata.operations(signal === undefined ? {} : { signal })
  const options = callables(model).map(({ name, operation: { kind } }) => ({
    value: name,
    label: `${name} (${kind})`,
  }))
  const sorted = options.toSorted((a, b) => a.label.localeCompare(b.label, 'en'))
  return searchOptions(sorted, context)
}

/** Finds an action or function by its name. @throws ConnectorError with the names that are near */
export function findOperation(model: Operations, given: string): Callable {
  const name = given.trim().replaceAll(`${model.namespace}.`, '')
  const all = callables(model)
  const found = all.find((one) => one.name === name)
  if (found !== undefined) return found
  const near = nearNames(
    name,
    all.map((one) => one.name),
  )
  throw invalidField(
    OPERATION,
    `the environment has no action or function ${quoted(name)}`,
    `Give its name, with its table before it where it is bound: account/Name.${didYouMean(near)}`,
  )
}

function callables(model: Operations): readonly Callable[] {
  return model.operations.flatMap((operation) => {
    const [first] = operation.parameters
    if (!operation.bound) return [{ name: operation.name, operation }]
    if (first === undefined) return []
    const { type: table, collection } = first
    const name = `${table}${collection ? '[]' : ''}/${operation.name}`
    return [{ name, operation, bound: { table, collection } }]
  })
}
