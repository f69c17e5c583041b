import { NAMESPACE } from '../../query/expression.ts'
import type { Schema, Table } from '../../schema/model.ts'
import { attributeClass, baseAttribute, specificAttribute } from '../attributes.ts'
import { type Listed, listedColumns } from '../companions.ts'
import {
  entityDefinition,
  keyDefinition,
  manyToManyDefinitions,
  relationDefinitions,
} from '../entities.ts'
import type { Plain } from '../labels.ts'
import { globalOptionSet, optionSet } from '../option-sets.ts'
import type { DefinitionQuery, MetadataQuery } from './query-expression.ts'

const PARTS = [
  'Attributes',
  'OneToManyRelationships',
  'ManyToOneRelationships',
  'ManyToManyRelationships',
  'Keys',
] as const
/** They are answered whether they were asked for or not. */
const ALWAYS = new Set(['MetadataId', 'LogicalName', 'HasChanged', '@odata.type'])

/** Finds the definitions that fit a query and, where a version is given, changed after it. */
export function findDefinitions(
  schema: Schema,
  query: MetadataQuery,
  since: number | undefined,
): Plain[] {
  const found: Plain[] = []
  for (const table of schema.tables.values()) {
    const own = entityDefinition(table)
    if (!query.matches(own)) continue
    const parts = PARTS.map((name) => {
      const wanted = query.properties === undefined || query.properties.has(name)
      return [name, wanted ? partOf(schema, table, name, query, since) : []] as const
    })
    const entity = mark(schema, own, since)
    const changed = entity['HasChanged'] === true || parts.some(([, items]) => items.length > 0)
    if (since !== undefined && !changed) continue
    const shown = { ...select(entity, query.properties), ...Object.fromEntries(parts) }
    found.push(inLanguages(shown, query.languages))
  }
  return found
}

function partOf(
  schema: Schema,
  table: Table,
  name: (typeof PARTS)[number],
  query: MetadataQuery,
  since: number | undefined,
): Plain[] {
  switch (name) {
    case 'Attributes':
      return chosen(
        schema,
        listedColumns(schema, table).map((one) => attribute(schema, table, one)),
        query.attributes,
        since,
      )
    case 'Keys':
      return chosen(
        schema,
        table.keys.map((key) => keyDefinition(table, key)),
        query.keys,
        since,
      )
    case 'ManyToManyRelationships':
      return chosen(schema, manyToManyDefinitions(schema, table), query.relationships, since)
    case 'OneToManyRelationships':
      return chosen(schema, relationDefinitions(schema, table, 'one'), query.relationships, since)
    case 'ManyToOneRelationships':
      return chosen(schema, relationDefinitions(schema, table, 'many'), query.relationships, since)
  }
}

function chosen(
  schema: Schema,
  items: readonly Plain[],
  query: DefinitionQuery,
  since: number | undefined,
): Plain[] {
  return items
    .filter(query.matches)
    .map((item) => mark(schema, item, since))
    .filter((item) => since === undefined || item['HasChanged'] === true)
    .map((item) => select(item, query.properties))
}

/** A column as the complex type that tells all of its own kind. */
function attribute(schema: Schema, table: Table, listed: Listed): Plain {
  const { column } = listed
  const kind = attributeClass(column.type)
  const shared = schema.globalChoices.get(column.globalChoices ?? '')
  const choices = shared ? globalOptionSet(shared) : optionSet(table, column)
  const isChoice = /^(Boolean|Picklist|State|Status|MultiSelectPicklist)Attribute/.test(kind)
  return {
    ...(kind === 'AttributeMetadata' ? {} : { '@odata.type': `#${NAMESPACE}Complex${kind}` }),
    ...baseAttribute(table, listed),
    ...specificAttribute(column),
    ...(isChoice ? { OptionSet: choices } : {}),
  }
}

/** With a version to compare with, every definition says whether it changed. */
function mark(schema: Schema, item: Plain, since: number | undefined): Plain {
  if (since === undefined) return item
  const changed = schema.changes.versionOf(String(item['MetadataId'])) > since
  return { ...item, HasChanged: changed }
}

/** What was not asked for is there all the same, as null. */
function select(item: Plain, names: ReadonlySet<string> | undefined): Plain {
  if (!names) return item
  return Object.fromEntries(
    Object.entries(item).map(([name, value]) => [
      name,
      names.has(name) || ALWAYS.has(name) ? value : null,
    ]),
  )
}

/** Leaves out the labels of other languages. */
function inLanguages(item: Plain, languages: readonly number[] | undefined): Plain {
  if (!languages) return item
  const text = JSON.stringify(item, (_name, value: unknown) => {
    if (typeof value !== 'object' || value === null || !('LocalizedLabels' in value)) return value
    const { LocalizedLabels: labels } = value
    if (!Array.isArray(labels)) return value
    const kept = labels.filter((label: { LanguageCode?: unknown }) =>
      languages.includes(Number(label.LanguageCode)),
    )
    return { ...value, LocalizedLabels: kept }
  })
  return JSON.parse(text)
}
