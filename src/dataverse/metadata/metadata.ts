import type { Clock, Logger } from '../../kernel/index.ts'
import type { CallOptions } from '../call-options.ts'
import { callOptions } from '../call-options.ts'
import type { Session } from '../session.ts'
import type { MetadataCache } from './cache.ts'
import type { CsdlModel } from './csdl/model.ts'
import { pickTables } from './csdl/pick-tables.ts'
import { readModel } from './csdl/read-model.ts'
import { createDefinitionSource } from './definition-source.ts'
import { keepDefinitions } from './kept-definitions.ts'
import { type Operations, operationsOf } from './operations.ts'
import type { TableDefinition, TableSummary } from './table.ts'

/** Reads the definitions of an environment: what is asked for, nothing more. */
export interface Metadata {
  /** All tables, without their columns. */
  tables(options?: CallOptions): Promise<readonly TableSummary[]>
  /** One table with its columns, choices, keys and relations. @throws DataverseError `unknown_table` */
  table(logicalName: string, options?: CallOptions): Promise<TableDefinition>
  /**
   * The whole `$metadata` document as a model, read while it arrives. Asked for some tables, it holds
   * only them. Nothing of it is cached: it is for tools, and forms ask for one table.
   *
   * @throws DataverseError `metadata_unreadable`
   */
  model(options?: ModelOptions): Promise<CsdlModel>
  /**
   * The functions and actions, with what calling them takes; read from `$metadata` and kept. With `fresh` they
   * are read anew, for when what is kept does not know one.
   *
   * @throws DataverseError `metadata_unreadable`
   */
  operations(options?: CallOptions & { readonly fresh?: boolean }): Promise<Operations>
  /** The whole `$metadata` document in XML, as it arrives: several megabytes. */
  document(options?: CallOptions): Promise<ReadableStream<Uint8Array>>
}

/** How to read the `$metadata` document. */
export interface ModelOptions extends CallOptions {
  /** The logical names of the tables to keep; all without it. */
  readonly tables?: readonly string[]
}

/** Makes the reader of definitions over a session. With a cache they are kept, as its keeper tells. */
export function createMetadata(
  session: Session,
  parts: {
    readonly cache?: MetadataCache
    readonly clock: Clock
    readonly logger: Logger
  },
): Metadata {
  const { cache, clock, logger } = parts
  const source = createDefinitionSource(session)
  const environment = session.api.root.href
  const document = async (options: CallOptions) => {
    const url = new URL('$metadata', session.api.root)
    const headers = { accept: 'application/xml' }
    const answer = await session.request({ ...callOptions(options), method: 'GET', url, headers })
    return answer.stream()
  }
  const readOperations = async (options: CallOptions) =>
    operationsOf(await readModel(await document(options)))
  const kept =
    cache && keepDefinitions({ source, readOperations, cache, environment, clock, logger })
  return {
    tables: async (options = {}) => {
      const call = session.begin(options)
      const list = kept ? await kept.list(call) : (await source.list(call)).value
      return list.map(({ summary }) => summary)
    },
    table: async (logicalName, options = {}) => {
      const call = session.begin(options)
      return kept ? kept.table(logicalName, call) : (await source.table(logicalName, call)).value
    },
    operations: async ({ fresh = false, ...options } = {}) =>
      kept ? kept.operations({ ...options, fresh }) : readOperations(options),
    model: async ({ tables, ...options } = {}) => {
      const model = await readModel(await document(options))
      return tables === undefined ? model : pickTables(model, tables)
    },
    document: (options = {}) => document(options),
  }
}
