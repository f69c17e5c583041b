import { isLookup, nearNames, type TableDefinition } from '../../dataverse/index.ts'
import { didYouMean, invalidField, quoted } from '../connector-error.ts'
import type { Option, OptionsContext } from '../entry.ts'
import { dynamicSelectField } from '../field.ts'
import { readChosenTable } from './object-type.ts'
import { searchOptions } from './search-options.ts'

/** The field that says by what two rows are linked. */
export const RELATIONSHIP = { key: 'relationship', label: 'Relationship' }

/** The field that names a navigation property of the table, with the options `relationships`. */
export function relationshipField() {
  return dynamicSelectField({
    label: RELATIONSHIP.label,
    help: 'The way from the row to the related one.',
    order: 20,
    options: 'relationships',
    requires: ['objectType'],
  })
}

/** A way from a row of a table to one or many others. */
export interface Relationship {
  readonly property: string
  readonly target: string
  readonly many: boolean
}

/** Lists the ways from rows of the chosen table to others. */
export async function relationships(context: OptionsContext): Promise<readonly Option[]> {
  const options = relationshipsOf(await readChosenTable(context)).map((one) => ({
    value: one.property,
    label: `${one.property} (${one.many ? 'many of ' : ''}${one.target})`,
  }))
  const sorted = options.toSorted((a, b) => a.label.localeCompare(b.label, 'en'))
  return searchOptions(sorted, context)
}

/** Finds a way by its navigation property, or a lookup by its column. @throws ConnectorError */
export function findRelationship(table: TableDefinition, name: string): Relationship {
  const all = relationshipsOf(table)
  const wanted = name.toLowerCase()
  const own = all.find((one) => one.property === name)
  const found = own ?? all.find((one) => one.property.toLowerCase() === wanted)
  if (found !== undefined) return found
  const near = nearNames(name, new Set(all.map(({ property }) => property)))
  throw invalidField(
    RELATIONSHIP,
    `the table ${table.logicalName} has no relationship ${quoted(name)}`,
    `Choose a navigation property of the table.${didYouMean(near)}`,
  )
}

function relationshipsOf(table: TableDefinition): readonly Relationship[] {
  // Who owns a row is not known by a relationship, but by a table that is told beside the id.
  const lookups = table.columns.filter(
    ({ type, updatable }) => isLookup(type) && type !== 'owner' && updatable,
  )
  const single = lookups.flatMap(({ navigation = [] }) => navigation)
  const many = [...table.oneToMany, ...table.manyToMany]
  return [
    ...single.map(({ property, target }) => ({ property, target, many: false })),
    ...many.map(({ property, target }) => ({ property, target, many: true })),
  ]
}
