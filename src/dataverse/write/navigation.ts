import { invalidArgument } from '../errors/dataverse-error.ts'
import { isLookup } from '../metadata/column-type.ts'
import type { TableDefinition } from '../metadata/table.ts'
import { nearNames } from '../near-names.ts'
import type { NavigationKind } from './link-operations.ts'
import { waysOf } from './lookup-field.ts'
import { columnOfProperty } from './row-address.ts'

/** A way from a row to others, by the property that the service knows in this case only. */
export interface FoundNavigation {
  readonly property: string
  readonly target: string
  readonly kind: NavigationKind
}

/**
 * Finds a navigation property by its name in any case, or by the name of its lookup column.
 *
 * @param target the table that it must lead to, where that is told
 * @throws DataverseError `invalid_argument`, with the names that are near
 */
export function findNavigation(
  table: TableDefinition,
  name: string,
  target: string | undefined,
): FoundNavigation {
  const all = navigations(table)
  const wanted = columnOfProperty(name).toLowerCase()
  const exact = all.filter((one) => one.property === name)
  const named = exact.length > 0 ? exact : all.filter((one) => one.names.includes(wanted))
  const fitting = named.filter((one) => target === undefined || one.target === target)
  const [found] = fitting
  if (found !== undefined && new Set(fitting.map((one) => one.property)).size === 1) return found
  if (named.length === 0) {
    const near = nearNames(name, new Set(all.map((one) => one.property)))
    throw invalidArgument(
      'property',
      `${table.logicalName} has no navigation property “${name.slice(0, 100)}”`,
      near.length === 0
        ? 'Give a lookup column, or a navigation property as the definition has it.'
        : `Did you mean ${near.join(' or ')}?`,
    )
  }
  const targets = [...new Set(named.map((one) => one.target))].join(', ')
  throw invalidArgument(
    'property',
    fitting.length === 0
      ? `it does not lead to ${target}`
      : `it leads to several tables: ${targets}`,
    `Give a row of ${targets}.`,
  )
}

function navigations(
  table: TableDefinition,
): readonly (FoundNavigation & { readonly names: readonly string[] })[] {
  const single = table.columns.flatMap((column) =>
    isLookup(column.type)
      ? waysOf(column).map((way) => ({
          ...way,
          kind: 'single' as const,
          names: [way.property.toLowerCase(), column.logicalName],
        }))
      : [],
  )
  const many = [...table.oneToMany, ...table.manyToMany].map(({ property, target }) => ({
    property,
    target,
    kind: 'collection' as const,
    names: [property.toLowerCase()],
  }))
  return [...single, ...many]
}
