import { badQuery, Fault, unknownSegment } from '../fault.ts'
import { NAMESPACE } from '../query/expression.ts'
import { asGuid } from '../query/operands.ts'
import type { Schema, Table } from '../schema/model.ts'
import { attributeClass, baseAttribute, optionSet, specificAttribute } from './attributes.ts'
import {
  entityDefinition,
  keyDefinition,
  manyToManyDefinitions,
  relationDefinitions,
} from './entities.ts'
import type { Plain } from './labels.ts'

/** A list of definitions, and how each of its members leads on. */
export interface Listing {
  readonly type: string
  readonly items: readonly Plain[]
  /** What `$expand` can ask of an item. */
  expand(item: Plain, name: string): Listing | Plain | null | undefined
  /** The item with what its own type adds. */
  cast?(item: Plain): Plain
}

/** All tables served. */
export function entities(schema: Schema): Listing {
  const tables = [...schema.tables.values()]
  return {
    type: 'EntityMetadata',
    items: tables.map(entityDefinition),
    expand(item, name) {
      const table = tables.find((candidate) => candidate.name === item['LogicalName'])
      if (!table) return undefined
      switch (name) {
        case 'Attributes':
          return attributes(table)
        case 'Keys':
          return leaf(
            'EntityKeyMetadata',
            table.keys.map((key) => keyDefinition(table, key)),
          )
        case 'OneToManyRelationships':
          return leaf('OneToManyRelationshipMetadata', relationDefinitions(schema, table, 'one'))
        case 'ManyToOneRelationships':
          return leaf('OneToManyRelationshipMetadata', relationDefinitions(schema, table, 'many'))
        case 'ManyToManyRelationships':
          return leaf('ManyToManyRelationshipMetadata', manyToManyDefinitions(schema, table))
        default:
          return undefined
      }
    },
  }
}

/** All columns with what they have in common; a cast shows the rest. */
function attributes(table: Table): Listing {
  return {
    type: 'AttributeMetadata',
    items: table.columns.map((column) => ({
      '@odata.type': `#${NAMESPACE}${attributeClass(column.type)}`,
      ...baseAttribute(table, column),
    })),
    cast(item) {
      const column = table.byName.get(String(item['LogicalName']))
      return column ? { ...baseAttribute(table, column), ...specificAttribute(column) } : item
    },
    expand(item, name) {
      const column = table.byName.get(String(item['LogicalName']))
      if (!column || '@odata.type' in item) return undefined
      if (name === 'OptionSet') return optionSet(table, column)
      return name === 'GlobalOptionSet' ? null : undefined
    },
  }
}

/** Only the columns of one type, in full. */
export function castListing(listing: Listing, cast: string): Listing {
  if (cast === `${NAMESPACE}EnumAttributeMetadata`) {
    throw badQuery(`The type '${cast}' cannot be used to cast attributes.`)
  }
  const items = listing.items.filter((item) => item['@odata.type'] === `#${cast}`)
  return {
    ...listing,
    type: cast.slice(NAMESPACE.length),
    items: items.map((item) => listing.cast?.(item) ?? item),
  }
}

/** One column in full; not found when it is of another type. */
export function castItem(listing: Listing, item: Plain, cast: string): Plain {
  if (listing.type !== 'AttributeMetadata') throw unknownSegment(cast)
  if (item['@odata.type'] !== `#${cast}`) throw unknownSegment(cast)
  return listing.cast?.(item) ?? item
}

/** A list whose members lead nowhere. */
export function leaf(type: string, items: readonly Plain[]): Listing {
  return { type, items, expand: () => undefined }
}

/** The listing of one set of choices. */
export function single(item: Plain | null): Listing {
  return leaf('OptionSetMetadata', item ? [item] : [])
}

/** Finds a member by its id or name. */
export function pick(listing: Listing, key: string): Plain {
  const named = /^(LogicalName|SchemaName)='([^']*)'$/.exec(key)
  const id = asGuid(key.replace(/^MetadataId=/, ''))
  if (!named && id === undefined) {
    throw badQuery(
      `The key in the request URI is not valid for resource '${NAMESPACE}${listing.type}'. Ensure that the names and number of key properties match the declared or alternate key properties for the resource '${NAMESPACE}${listing.type}'.`,
    )
  }
  const [name, value] = named ? [named[1] ?? '', named[2]] : ['MetadataId', id]
  const item = listing.items.find((candidate) => candidate[name] === value)
  if (item) return item
  throw new Fault(
    404,
    '0x80041102',
    `The definition with ${name} = '${value}' was not found in the MetadataCache.`,
  )
}

/** Tells a list of definitions from a single one. */
export function isListing(value: Listing | Plain | null): value is Listing {
  return value !== null && 'items' in value && 'expand' in value
}
