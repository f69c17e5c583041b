import type { JsonObject } from '../../kernel/index.ts'
import { readObjects } from '../answer/answer-fields.ts'
import { unexpectedAnswer } from '../answer/json-answer.ts'
import { callOptions } from '../read/pages.ts'
import type { CallOptions, Session } from '../session.ts'
import type { MetadataCache } from './cache.ts'
import { typeOf } from './column.ts'
import type { CsdlModel } from './csdl/model.ts'
import { pickTables } from './csdl/pick-tables.ts'
import { readModel } from './csdl/read-model.ts'
import { detailPaths, LIST_PATH, tablePath } from './definition-requests.ts'
import { parseSummary, parseTable, type TableDefinition, type TableSummary } from './table.ts'

/** Reads the definitions of an environment: what is asked for, nothing more. */
export interface Metadata {
  /** All tables, without their columns. */
  tables(options?: CallOptions): Promise<readonly TableSummary[]>
  /** One table with its columns, choices, keys and relations. @throws DataverseError `not_found` */
  table(logicalName: string, options?: CallOptions): Promise<TableDefinition>
  /**
   * The whole `$metadata` document as a model, read while it arrives. Asked for some tables, it holds
   * only them. Nothing of it is cached: it is for tools, and forms ask for one table.
   *
   * @throws DataverseError `metadata_unreadable`
   */
  model(options?: ModelOptions): Promise<CsdlModel>
}

/** How to read the `$metadata` document. */
export interface ModelOptions extends CallOptions {
  /** The logical names of the tables to keep; all without it. */
  readonly tables?: readonly string[]
}

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
      const answer = await get(LIST_PATH, options)
      return readObjects(answer, 'value').flatMap((one) => parseSummary(one) ?? [])
    },
    table: async (logicalName, options = {}) => {
      const path = tablePath(logicalName)
      const definition = await get(path, options)
      const types = new Set(readObjects(definition, 'Attributes').map(typeOf))
      const paths = detailPaths(logicalName, types)
      const answers = await Promise.all(paths.map((one) => get(one, options)))
      const details = answers.flatMap((answer) => readObjects(answer, 'value'))
      const parsed = parseTable({ definition, details })
      if (parsed !== undefined) return parsed
      throw unexpectedAnswer(new URL(path, session.api.root), 'a definition without a name')
    },
    model: async ({ tables, ...options } = {}) => {
      const url = new URL('$metadata', session.api.root)
      const headers = { accept: 'application/xml' }
      const answer = await session.request({ ...callOptions(options), method: 'GET', url, headers })
      const model = await readModel(answer.stream())
      return tables === undefined ? model : pickTables(model, tables)
    },
  }
}
