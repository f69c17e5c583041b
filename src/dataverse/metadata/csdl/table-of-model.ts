import { known } from '../../answer/known.ts'
import type { Column } from '../column.ts'
import type { ColumnType } from '../column-type.ts'
import type { ManyToMany, OneToMany } from '../relation.ts'
import type { TableDefinition } from '../table.ts'
import { type CsdlModel, entitySetOf, type NavigationProperty, resolveType } from './model.ts'

const TYPES: Readonly<Record<string, ColumnType>> = {
  'Edm.Binary': 'image',
  'Edm.Boolean': 'boolean',
  'Edm.Date': 'datetime',
  'Edm.DateTimeOffset': 'datetime',
  'Edm.Decimal': 'decimal',
  'Edm.Double': 'double',
  'Edm.Guid': 'uniqueidentifier',
  'Edm.Int32': 'integer',
  'Edm.Int64': 'bigint',
  'Edm.String': 'string',
}

/**
 * Makes the definition of a table from a `$metadata` document, as far as it tells: no labels, no choices
 * (they are whole numbers), no lengths, and of what can be written only what is computed.
 *
 * @throws RangeError for a table that is not in the model
 */
export function tableOfModel(model: CsdlModel, logicalName: string): TableDefinition {
  const type = resolveType(model, logicalName)
  const [id] = type.key
  const set = entitySetOf(model, logicalName)
  const ways = type.navigation.filter(({ collection }) => !collection)
  return {
    logicalName,
    schemaName: logicalName,
    ...known('entitySetName', set?.name),
    ...known('primaryIdColumn', id),
    intersect: false,
    isActivity: type.properties.some(({ name }) => name === 'activitytypecode'),
    changeTracking: set?.changeTracking ?? false,
    optimisticConcurrency: false,
    columns: type.properties.map((property) => {
      const lookup = /^_(\w+)_value$/.exec(property.name)?.[1]
      const writable = property.computed !== true && property.name !== 'versionnumber'
      const rights = { readable: true, creatable: writable, updatable: writable }
      const own = ways.filter((way) => way.property === property.name)
      if (lookup !== undefined) return { ...rights, ...lookupColumn(model, lookup, own) }
      return {
        ...{ logicalName: property.name, schemaName: property.name },
        type: TYPES[property.type] ?? 'virtual',
        ...(property.type === 'Edm.Date' ? { dateBehavior: 'dateOnly' } : {}),
        required: 'none',
        ...rights,
        updatable: writable && property.name !== id,
      }
    }),
    keys: type.alternateKeys.map((columns) => ({
      logicalName: columns.join('_'),
      columns: columns.map((name) => /^_(\w+)_value$/.exec(name)?.[1] ?? name),
      active: true,
    })),
    ...relationsOf(model, type.navigation),
  }
}

function lookupColumn(
  model: CsdlModel,
  logicalName: string,
  ways: readonly NavigationProperty[],
): Omit<Column, 'creatable' | 'readable' | 'updatable'> {
  const navigation = ways.map(({ name, target }) => ({ property: name, target }))
  return {
    ...{ logicalName, schemaName: logicalName, type: 'lookup', required: 'none' },
    // A principal is a user or a team: what a type without rows of its own stands for.
    targets: navigation.flatMap(({ target }) => {
      const derived = [...model.entityTypes.values()].filter(({ baseType }) => baseType === target)
      return target === 'principal' && derived.length > 0 ? derived.map(({ name }) => name) : target
    }),
    navigation,
  }
}

function relationsOf(
  model: CsdlModel,
  navigation: readonly NavigationProperty[],
): { readonly oneToMany: readonly OneToMany[]; readonly manyToMany: readonly ManyToMany[] } {
  const oneToMany: OneToMany[] = []
  const manyToMany: ManyToMany[] = []
  for (const { name, target, collection, partner } of navigation) {
    if (!collection || !model.entityTypes.has(target)) continue
    const back = resolveType(model, target).navigation.find((one) => one.name === partner)
    const way = { schemaName: name, property: name, target }
    // Of two tables that have many of each other the document does not name the one that joins them.
    if (back?.collection) manyToMany.push({ ...way, intersect: '' })
    else {
      const column = /^_(\w+)_value$/.exec(back?.property ?? '')?.[1] ?? ''
      oneToMany.push({ ...way, column })
    }
  }
  return { oneToMany, manyToMany }
}
