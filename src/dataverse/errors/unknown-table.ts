import { nearNames } from '../near-names.ts'
import { DataverseError } from './dataverse-error.ts'

/** Makes the error for a table that an environment does not have, with the names that are near. */
export function unknownTable(name: string, names: Iterable<string>): DataverseError {
  const near = nearNames(name, names)
  return new DataverseError('unknown_table', {
    what: `The environment has no table “${name.slice(0, 100)}”.`,
    why: 'No table has this name, or the user may not see it.',
    remedy:
      near.length > 0
        ? `Did you mean ${near.join(' or ')}?`
        : 'Use a logical name such as account, or an entity set name such as accounts.',
    facts: { table: name.slice(0, 100), near: [...near] },
  })
}
