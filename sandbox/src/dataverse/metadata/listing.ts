import { badQuery, Fault, unknownSegment } from '../fault.ts'
import { NAMESPACE } from '../query/expression.ts'
import { asGuid } from '../query/operands.ts'
import type { Column, Schema, Table } from '../schema/model.ts'
import { attributeClass, baseAttribute, specificAttribute } from './attributes.ts'
import { type Listed, listedColumns } from './companions.ts'
import {
  allRelationDefinitions,
  entityDefinition,
  keyDefinition,
  manyToManyDefinitions,
  relationDefinitions,
} from './entities.ts'
import type { Plain } from './labels.ts'
import { globalOptionSet, optionSet } from './option-sets.ts'

/** A list of definitions, and how each of its members leads on. */
export interface Listing {
  readonly type: string
  readonly items: readonly Plain[]
  /** Finds an item by one of its properties without making all of them. */
  find?(name: string, value: unknown): Plain | undefined
  /** Properties that only a cast lets a query name. */
  readonly ofCast?: ReadonlySet<string>
  /** What `$expand` can ask of an item. */
  expand(item: Plain, name: string): Listing | Plain | null | undefined
  /** The item with what its own type adds. */
  cast?(item: Plain): Plain
}

/** All tables served. */
export function entities(schema: Schema): Listing {
  let made: readonly Plain[] | undefined
  return {
    type: 'EntityMetadata',
    get items() {
      made ??= [...schema.tables.values()].map(entityDefinition)
      return made
    },
    find(name, value) {
      if (name !== 'LogicalName') return this.items.find((item) => item[name] === value)
      const table = schema.tables.get(String(value))
      return table && entityDefinition(table)
    },
    expand(item, name) {
      const table = schema.tables.get(String(item['LogicalName']))
      if (!table) return undefined
      switch (name) {
        case 'Attributes':
          return attributes(schema, table)
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
function attributes(schema: Schema, table: Table): Listing {
  const listed = listedColumns(schema, table)
  const byName = new Map<unknown, Listed>(listed.map((one) => [one.column.name, one]))
  return {
    type: 'AttributeMetadata',
    items: listed.map((one) => ({
      '@odata.type': `#${NAMESPACE}${attributeClass(one.column.type)}`,
      ...baseAttribute(table, one),
    })),
    cast(item) {
      const one = byName.get(item['LogicalName'])
      return one ? { ...baseAttribute(table, one), ...specificAttribute(one.column) } : item
    },
    expand(item, name) {
      const column = byName.get(item['LogicalName'])?.column
      if (!column || '@odata.type' in item) return undefined
      if (column.choices.length === 0 && !isChoice(column)) return undefined
      if (name === 'OptionSet') return optionSet(table, column)
      if (name !== 'GlobalOptionSet') return undefined
      const shared = schema.globalChoices.get(column.globalChoices ?? '')
      return shared ? globalOptionSet(shared) : null
    },
  }
}

function isChoice({ type }: Column): boolean {
  return ['Boolean', 'Picklist', 'State', 'Status', 'MultiSelectPicklist'].includes(type)
}

/** All relationships with what both kinds have in common; a cast shows the rest. */
export function relationships(schema: Schema): Listing {
  const full = new Map(
    allRelationDefinitions(schema).map((item) => [String(item['MetadataId']), item]),
  )
  return {
    type: 'RelationshipMetadataBase',
    items: [...full.values()].map(shared),
    expand: () => undefined,
    cast: (item) => full.get(String(item['MetadataId'])) ?? item,
  }
}

const SHARED = [
  'HasChanged',
  'IntroducedVersion',
  'IsCustomRelationship',
  'IsCustomizable',
  'IsManaged',
  'IsValidForAdvancedFind',
  'MetadataId',
  'RelationshipType',
  'SchemaName',
  'SecurityTypes',
]

function shared(item: Plain): Plain {
  const kind = item['RelationshipType'] === 'ManyToManyRelationship' ? 'ManyToMany' : 'OneToMany'
  return {
    '@odata.type': `#${NAMESPACE}${kind}RelationshipMetadata`,
    ...Object.fromEntries(SHARED.map((name) => [name, item[name]])),
  }
}

/** The choices that several columns share. */
export function globalOptionSets(schema: Schema): Listing {
  const sets = [...schema.globalChoices.values()].map(globalOptionSet)
  return {
    type: 'OptionSetMetadataBase',
    items: sets.map((set) => ({ '@odata.type': `#${NAMESPACE}OptionSetMetadata`, ...set })),
    expand: () => undefined,
    ofCast: new Set(['Options']),
    cast(item) {
      const { '@odata.type': _, ...rest } = item
      return rest
    },
  }
}

/** Only the members of one type, in full. */
export function castListing(listing: Listing, cast: string): Listing {
  if (cast === `${NAMESPACE}EnumAttributeMetadata`) {
    throw badQuery(`The type '${cast}' cannot be used to cast attributes.`)
  }
  const items = listing.items.filter((item) => item['@odata.type'] === `#${cast}`)
  const { find: _, ofCast: __, ...kept } = listing
  return {
    ...kept,
    type: cast.slice(NAMESPACE.length),
    items: items.map((item) => listing.cast?.(item) ?? item),
  }
}

/** One column in full; not found when it is of another type. */
export function castItem(listing: Listing, item: Plain, cast: string): Plain {
  if (!listing.cast) throw unknownSegment(cast)
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
  const named = /^(LogicalName|SchemaName|Name)='([^']*)'$/.exec(key)
  const id = asGuid(key.replace(/^MetadataId=/, ''))
  if (!named && id === undefined) {
    throw badQuery(
      `The key in the request URI is not valid for resource '${NAMESPACE}${listing.type}'. Ensure that the names and number of key properties match the declared or alternate key properties for the resource '${NAMESPACE}${listing.type}'.`,
    )
  }
  const [name, value] = named ? [named[1] ?? '', named[2]] : ['MetadataId', id]
  const item = listing.find
    ? listing.find(name, value)
    : listing.items.find((candidate) => candidate[name] === value)
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
