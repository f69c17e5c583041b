import {
  readFlag,
  readLabel,
  readObjects,
  readText,
  readTexts,
  type Unread,
} from '../answer/answer-fields.ts'
import { known } from '../answer/known.ts'
import { type Column, parseColumn } from './column.ts'
import { type ManyToMany, type OneToMany, parseManyToMany, parseOneToMany } from './relation.ts'

/** An alternate key. */
export interface TableKey {
  readonly logicalName: string
  readonly columns: readonly string[]
  /** Whether its index is built, so that it can be used. */
  readonly active: boolean
}

/** A table without its columns. */
export interface TableSummary {
  readonly logicalName: string
  readonly schemaName: string
  /** What stands in addresses; a few tables have none. */
  readonly entitySetName?: string
  readonly label?: string
  readonly collectionLabel?: string
  readonly primaryIdColumn?: string
  readonly primaryNameColumn?: string
  /** A table that only joins two others. */
  readonly intersect: boolean
  /** A task, an e-mail, a call …: its rows are rows of `activitypointer` as well, and have parties. */
  readonly isActivity: boolean
  /** Whether the service tells what has changed in it. */
  readonly changeTracking: boolean
  /** Whether a write can be made conditional on the version of a row. */
  readonly optimisticConcurrency: boolean
}

/** A table's definition. */
export interface TableDefinition extends TableSummary {
  readonly columns: readonly Column[]
  readonly keys: readonly TableKey[]
  readonly oneToMany: readonly OneToMany[]
  readonly manyToMany: readonly ManyToMany[]
}

/** The answers that a table's definition is made of. */
export interface TableAnswers {
  readonly definition: Unread
  /** What the columns' derived types tell, where the definition does not tell it itself. */
  readonly details?: readonly Unread[]
}

/** Reads a table's definition from the service's answers; none without a name. */
export function parseTable({
  definition,
  details = [],
}: TableAnswers): TableDefinition | undefined {
  const summary = parseSummary(definition)
  if (summary === undefined) return undefined
  const byName = new Map<string, Unread>()
  for (const detail of details) byName.set(readText(detail, 'LogicalName') ?? '', detail)
  const relations = readObjects(definition, 'ManyToOneRelationships')
  const columns = readObjects(definition, 'Attributes').flatMap((attribute) => {
    const detail = byName.get(readText(attribute, 'LogicalName') ?? '') ?? attribute
    return parseColumn(attribute, detail, relations) ?? []
  })
  return {
    ...summary,
    columns,
    keys: readObjects(definition, 'Keys').flatMap(parseKey),
    oneToMany: parseOneToMany(definition),
    manyToMany: parseManyToMany(definition, summary.logicalName),
  }
}

/** Reads what a list of tables tells of one; none without a name. */
export function parseSummary(definition: Unread): TableSummary | undefined {
  const logicalName = readText(definition, 'LogicalName')
  if (logicalName === undefined) return undefined
  return {
    logicalName,
    schemaName: readText(definition, 'SchemaName') ?? logicalName,
    ...known('entitySetName', readText(definition, 'EntitySetName')),
    ...known('label', readLabel(definition, 'DisplayName')),
    ...known('collectionLabel', readLabel(definition, 'DisplayCollectionName')),
    ...known('primaryIdColumn', readText(definition, 'PrimaryIdAttribute')),
    ...known('primaryNameColumn', readText(definition, 'PrimaryNameAttribute')),
    intersect: readFlag(definition, 'IsIntersect'),
    isActivity: readFlag(definition, 'IsActivity'),
    changeTracking: readFlag(definition, 'ChangeTrackingEnabled'),
    optimisticConcurrency: readFlag(definition, 'IsOptimisticConcurrencyEnabled'),
  }
}

function parseKey(key: Unread): readonly TableKey[] {
  const logicalName = readText(key, 'LogicalName')
  const columns = readTexts(key, 'KeyAttributes')
  if (logicalName === undefined || columns.length === 0) return []
  return [{ logicalName, columns, active: readText(key, 'EntityKeyIndexStatus') === 'Active' }]
}
