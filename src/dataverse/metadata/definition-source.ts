import { isObject, type JsonObject } from '../../kernel/index.ts'
import { readObjects, readText } from '../answer/answer-fields.ts'
import { unexpectedAnswer } from '../answer/json-answer.ts'
import type { CallOptions } from '../call-options.ts'
import { callOptions } from '../call-options.ts'
import { DataverseError } from '../errors/dataverse-error.ts'
import { unknownTable } from '../errors/unknown-table.ts'
import type { Session } from '../session.ts'
import { listChangesPath, tableChangesPath, tableReadPath } from './change-requests.ts'
import { typeOf } from './column.ts'
import { detailPaths, LIST_PATH, tablePath } from './definition-requests.ts'
import { parseSummary, parseTable, type TableDefinition, type TableSummary } from './table.ts'

/** What was read, and the stamp from which changes to it can be asked for, where the service gives one. */
export interface Stamped<Value> {
  readonly value: Value
  readonly stamp?: string
}

/** A table in the list, under the id by which the service tells that it is gone. */
export interface ListedTable {
  readonly id?: string
  readonly summary: TableSummary
}

/** Reads definitions from the service. */
export interface DefinitionSource {
  list(options: CallOptions): Promise<Stamped<readonly ListedTable[]>>
  /** @throws DataverseError `unknown_table` */
  table(logicalName: string, options: CallOptions): Promise<Stamped<TableDefinition>>
  /** The list brought up to date; read anew where the stamp is too old. */
  updateList(
    list: readonly ListedTable[],
    stamp: string,
    options: CallOptions,
  ): Promise<Stamped<readonly ListedTable[]>>
  /** The table brought up to date; read again only where something of it changed. */
  updateTable(
    table: TableDefinition,
    stamp: string,
    options: CallOptions,
  ): Promise<Stamped<TableDefinition>>
}

// The stamp is older than what the service remembers of deletions, 90 days unless it is told otherwise.
const STAMP_EXPIRED = '0x80044352'

/** Reads definitions over a session. */
export function createDefinitionSource(session: Session): DefinitionSource {
  // An environment that refuses the function is not asked a second time.
  let refuses = false
  const get = (path: string, options: CallOptions) =>
    session.json({ ...callOptions(options), url: new URL(path, session.api.root) })
  const ask = async (path: string, options: CallOptions): Promise<Changes | undefined> => {
    if (refuses) return undefined
    const changes = await get(path, options).then(readChanges, (error: unknown) => {
      if (!isRefusal(error)) throw error
      return undefined
    })
    refuses = changes === undefined
    return changes
  }
  const missing = async (logicalName: string, options: CallOptions) => {
    const tables = await source.list(options).catch(() => ({ value: [] }))
    return unknownTable(
      logicalName,
      tables.value.map(({ summary }) => summary.logicalName),
    )
  }
  const source: DefinitionSource = {
    list: async (options) => {
      const changes = await ask(listChangesPath(), options)
      if (changes !== undefined) return stamped(changes.tables.flatMap(listed), changes)
      const answer = await get(LIST_PATH, options)
      return { value: readObjects(answer, 'value').flatMap(listed) }
    },
    table: async (logicalName, options) => {
      const changes = await ask(tableReadPath(logicalName), options)
      if (changes === undefined) {
        const value = await readByCasts(logicalName, get, options)
        if (value === undefined) throw await missing(logicalName, options)
        return { value }
      }
      const [definition] = changes.tables
      if (definition === undefined) throw await missing(logicalName, options)
      return stamped(requireTable(definition, session), changes)
    },
    updateList: async (list, stamp, options) => {
      const changes = await sinceStamp(() => ask(listChangesPath(stamp), options))
      if (changes === undefined) return source.list(options)
      return stamped(merge(list, changes), changes)
    },
    updateTable: async (table, stamp, options) => {
      const { logicalName } = table
      const changes = await sinceStamp(() => ask(tableChangesPath(logicalName, stamp), options))
      // What is gone is told for all tables together, by ids that say nothing.
      if (changes === undefined || changes.tables.length > 0 || changes.deleted.size > 0) {
        return source.table(logicalName, options)
      }
      return stamped(table, changes)
    },
  }
  return source
}

interface Changes {
  readonly stamp?: string
  readonly tables: readonly JsonObject[]
  readonly deleted: ReadonlySet<string>
}

// An answer without a list of tables is something else's.
function readChanges(answer: JsonObject): Changes | undefined {
  const tables = answer['EntityMetadata']
  if (!Array.isArray(tables)) return undefined
  const stamp = readText(answer, 'ServerVersionStamp')
  const gone = answer['DeletedMetadata']
  const groups = isJsonObject(gone) ? gone : {}
  const deleted = readObjects(groups, 'Values').flatMap((group) => {
    const items = group['Items']
    return Array.isArray(items) ? items.filter((id) => typeof id === 'string') : []
  })
  return {
    ...(stamp === undefined ? {} : { stamp }),
    tables: tables.filter(isJsonObject),
    deleted: new Set(deleted),
  }
}

function isJsonObject(value: unknown): value is JsonObject {
  return isObject(value)
}

async function sinceStamp(ask: () => Promise<Changes | undefined>): Promise<Changes | undefined> {
  try {
    return await ask()
  } catch (error) {
    if (error instanceof DataverseError && error.dataverseCode === STAMP_EXPIRED) return undefined
    throw error
  }
}

function isRefusal(error: unknown): boolean {
  if (!(error instanceof DataverseError) || error.dataverseCode === STAMP_EXPIRED) return false
  return ['bad_request', 'not_found', 'not_supported'].includes(error.code)
}

function stamped<Value>(value: Value, { stamp }: Changes): Stamped<Value> {
  return stamp === undefined ? { value } : { value, stamp }
}

function listed(
  definition: JsonObject | Readonly<Record<string, unknown>>,
): readonly ListedTable[] {
  const summary = parseSummary(definition)
  const id = readText(definition, 'MetadataId')
  if (summary === undefined) return []
  return [id === undefined ? { summary } : { id, summary }]
}

function merge(list: readonly ListedTable[], changes: Changes): readonly ListedTable[] {
  const kept = list.filter(({ id }) => id === undefined || !changes.deleted.has(id))
  const byName = new Map(kept.map((one) => [one.summary.logicalName, one]))
  for (const one of changes.tables.flatMap(listed)) byName.set(one.summary.logicalName, one)
  return [...byName.values()]
}

async function readByCasts(
  logicalName: string,
  get: (path: string, options: CallOptions) => Promise<JsonObject>,
  options: CallOptions,
): Promise<TableDefinition | undefined> {
  const definition = await get(tablePath(logicalName), options).catch(ifThere)
  if (definition === undefined) return undefined
  const types = new Set(readObjects(definition, 'Attributes').map(typeOf))
  const paths = detailPaths(logicalName, types)
  const answers = await Promise.all(paths.map((path) => get(path, options)))
  const details = answers.flatMap((answer) => readObjects(answer, 'value'))
  return parseTable({ definition, details })
}

function ifThere(error: unknown): undefined {
  if (!(error instanceof DataverseError) || error.code !== 'not_found') throw error
}

function requireTable(definition: JsonObject, session: Session): TableDefinition {
  const parsed = parseTable({ definition })
  if (parsed !== undefined) return parsed
  throw unexpectedAnswer(session.api.root, 'a definition without a name')
}
