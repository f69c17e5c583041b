import type { JsonObject } from '../../kernel/index.ts'
import { readObjects, type Unread } from '../answer/answer-fields.ts'
import { unexpectedAnswer } from '../answer/json-answer.ts'
import { invalidArgument } from '../errors/dataverse-error.ts'
import { propertyName } from '../query/filter.ts'
import { callOptions } from '../read/pages.ts'
import type { CallOptions, Session } from '../session.ts'
import type { MetadataCache } from './cache.ts'
import { type Choice, choicesCast, parseChoices } from './choices.ts'
import {
  type Column,
  parseSummary,
  parseTable,
  type TableDefinition,
  type TableSummary,
} from './table.ts'

/** Reads the definitions of an environment: what is asked for, nothing more. */
export interface Metadata {
  /** All tables, without their columns. */
  tables(options?: CallOptions): Promise<readonly TableSummary[]>
  /** One table with its columns and keys. @throws DataverseError `not_found` */
  table(logicalName: string, options?: CallOptions): Promise<TableDefinition>
  /** The options of one choice, state, status or yes/no column. */
  choices(
    logicalName: string,
    column: Pick<Column, 'logicalName' | 'type'>,
    options?: CallOptions,
  ): Promise<readonly Choice[]>
}

const SUMMARY =
  'LogicalName,SchemaName,EntitySetName,DisplayName,DisplayCollectionName,PrimaryIdAttribute,PrimaryNameAttribute,IsIntersect'
const ATTRIBUTES =
  'LogicalName,SchemaName,AttributeType,AttributeTypeName,DisplayName,RequiredLevel,IsValidForRead,IsValidForCreate,IsValidForUpdate,AttributeOf'
const RELATIONS = 'ReferencingAttribute,ReferencedEntity,ReferencingEntityNavigationPropertyName'

// What only the derived types of columns have, one type for each request.
// https://learn.microsoft.com/power-apps/developer/data-platform/webapi/query-metadata-web-api
const DETAILS: readonly (readonly [type: string, select: string])[] = [
  ['StringAttributeMetadata', 'LogicalName,MaxLength'],
  ['MemoAttributeMetadata', 'LogicalName,MaxLength'],
  ['LookupAttributeMetadata', 'LogicalName,Targets'],
  ['DateTimeAttributeMetadata', 'LogicalName,DateTimeBehavior'],
]

/** Makes the reader of definitions over a session. */
export function createMetadata(session: Session, cache: MetadataCache | undefined): Metadata {
  const get = async (path: string, options: CallOptions): Promise<JsonObject> => {
    const url = new URL(path, session.api.root)
    const known = await cache?.read(url.href)
    if (known !== undefined) return known
    const answer = await session.json({ ...callOptions(options), url })
    await cache?.write(url.href, answer)
    return answer
  }
  return {
    tables: async (options = {}) => {
      const answer = await get(`EntityDefinitions?$select=${SUMMARY}`, options)
      return readObjects(answer, 'value').flatMap((one) => parseSummary(one) ?? [])
    },
    table: async (logicalName, options = {}) => readTable(session, logicalName, options, get),
    choices: async (logicalName, column, options = {}) => {
      const cast = choicesCast(column.type)
      if (cast === undefined) throw noChoices(column.logicalName)
      const name = propertyName(column.logicalName)
      const expand =
        cast === 'PicklistAttributeMetadata' ? 'OptionSet,GlobalOptionSet' : 'OptionSet'
      const path = `${address(logicalName)}/Attributes(LogicalName='${name}')/Microsoft.Dynamics.CRM.${cast}?$select=LogicalName&$expand=${expand}`
      return parseChoices(await get(path, options))
    },
  }
}

async function readTable(
  session: Session,
  logicalName: string,
  options: CallOptions,
  get: (path: string, options: CallOptions) => Promise<JsonObject>,
): Promise<TableDefinition> {
  const table = address(logicalName)
  const expand = `Attributes($select=${ATTRIBUTES}),Keys($select=LogicalName,KeyAttributes,EntityKeyIndexStatus),ManyToOneRelationships($select=${RELATIONS})`
  const definition = await get(`${table}?$select=${SUMMARY}&$expand=${expand}`, options)
  const details = await Promise.all(
    DETAILS.map(([type, select]) =>
      get(`${table}/Attributes/Microsoft.Dynamics.CRM.${type}?$select=${select}`, options),
    ),
  )
  const values: readonly Unread[] = details.flatMap((answer) => readObjects(answer, 'value'))
  const parsed = parseTable({ definition, details: values })
  if (parsed !== undefined) return parsed
  throw unexpectedAnswer(new URL(table, session.api.root), 'a definition without a name')
}

function address(logicalName: string): string {
  return `EntityDefinitions(LogicalName='${propertyName(logicalName, 'table')}')`
}

function noChoices(column: string) {
  return invalidArgument(
    column,
    'the column has no choices',
    'Ask for those of a choice, state, status or yes/no column.',
  )
}
