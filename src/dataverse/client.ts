import { type Clock, type Logger, type Random, systemRandom } from '../kernel/index.ts'
import { chain, retry, type Send } from '../transport/index.ts'
import { webApi } from './address/address.ts'
import type { RowKey } from './address/row-key.ts'
import type { BatchItem, BatchOutcomes } from './batch/batch-item.ts'
import { type BatchOptions, sendBatch } from './batch/send-batch.ts'
import { type Bulk, createBulk } from './bulk/bulk.ts'
import { createStopwatch } from './bulk/stopwatch.ts'
import {
  type ChangeOptions,
  type ChangePage,
  countChanges,
  readChanges,
} from './changes/read-changes.ts'
import { type FetchOptions, type FetchPage, readFetchPages } from './fetch/fetch-pages.ts'
import { Files } from './files/files.ts'
import { createLimits, type Limits } from './limits/limits.ts'
import type { MetadataCache } from './metadata/cache.ts'
import { createMetadata, type Metadata } from './metadata/metadata.ts'
import type { Operation } from './operation.ts'
import type { Filter } from './query/filter.ts'
import type { Query } from './query/query.ts'
import { type RawRequest, type RawResponse, sendRaw } from './raw-request.ts'
import { type CountOptions, countRows } from './read/count-rows.ts'
import { type Organization, organization, type WhoAmI, whoAmI } from './read/identity.ts'
import { callOptions, type Page, type ReadOptions, type Row, readPages } from './read/pages.ts'
import { type Count, type RowParts, rowOperation } from './read/read-operations.ts'
import { type CallOptions, Session } from './session.ts'
import type { TokenSource } from './token-source.ts'
import { createRow } from './write/create-row.ts'
import type { InputRow } from './write/encoding.ts'
import {
  type LinkWriteOptions,
  PrepareWrite,
  type RowName,
  type RowWriteOptions,
} from './write/prepare-write.ts'
import type {
  Conditional,
  Created,
  Upserted,
  UpsertOptions,
  Written,
} from './write/row-operations.ts'
import { Schema } from './write/schema.ts'
import type { StateChange } from './write/state-row.ts'

/** What a client is made of. */
export interface DataverseClientOptions {
  /** The bare address of the environment. */
  readonly environmentUrl: string | URL
  /** Such as `v9.2`. */
  readonly apiVersion: string
  readonly tokens: TokenSource
  readonly send: Send
  readonly clock: Clock
  readonly logger: Logger
  readonly random?: Random
  /** Where definitions are kept; without it each is read whenever it is asked for. */
  readonly metadataCache?: MetadataCache
  /** Shared by all clients of this environment and user; without it the client has one for itself. */
  readonly limits?: Limits
}

/** How to read one row. */
export interface RowOptions extends CallOptions, RowParts {}

const RETRIES = { attempts: 4, budgetMs: 120_000 }

/**
 * Reads and writes one Dataverse environment in one user's name.
 *
 * It holds no state but its options, so that any number of calls may run at once. Reading requests
 * are repeated after passing faults; a token that the service refuses is replaced once.
 *
 * @example
 * ```ts
 * import { systemClock, silentLogger } from 'fairlead/kernel'
 * import { DataverseClient, literal, type Query, type TokenSource, where } from 'fairlead/dataverse'
 * import type { Send } from 'fairlead/transport'
 *
 * declare const tokens: TokenSource
 * declare const send: Send
 *
 * const client = new DataverseClient({
 *   environmentUrl: 'https://org1.crm4.dynamics.com',
 *   apiVersion: 'v9.2',
 *   tokens,
 *   send,
 *   clock: systemClock,
 *   logger: silentLogger,
 * })
 * const { userId } = await client.whoAmI()
 * const query: Query = {
 *   select: ['name', 'revenue'],
 *   filter: where.and(where.gt('revenue', 100_000), where.eq('_ownerid_value', literal('guid', userId))),
 *   orderby: [{ column: 'name' }],
 * }
 * for await (const account of client.rows('accounts', query, { pageSize: 500 })) {
 *   console.log(account['name'])
 * }
 * ```
 * @see https://learn.microsoft.com/power-apps/developer/data-platform/webapi/overview
 */
export class DataverseClient {
  /** Definitions of tables, columns, keys and choices. */
  readonly metadata: Metadata
  /** Keeps the requests below the service protection limits, and tells how much is used. */
  readonly limits: Limits
  /** Prepares writes as operations, to be sent by {@link perform} or in a {@link batch}. */
  readonly prepare: PrepareWrite
  /** Writes of many rows, with an outcome for every single one. */
  readonly bulk: Bulk
  /** Uploads, downloads and deletes the files and images of rows. */
  readonly files: Files
  readonly #session: Session

  constructor(options: DataverseClientOptions) {
    const { environmentUrl, apiVersion, tokens, clock, logger, random = systemRandom } = options
    this.limits = options.limits ?? createLimits({ clock })
    const send = chain([this.limits.caller('calls')], options.send)
    const again = retry({ ...RETRIES, clock, random })
    const api = webApi(environmentUrl, apiVersion)
    this.#session = new Session({ api, tokens, send, retry: again, clock, logger })
    this.metadata = createMetadata(this.#session, {
      ...(options.metadataCache === undefined ? {} : { cache: options.metadataCache }),
      clock,
      logger,
    })
    const stopwatch = createStopwatch(clock)
    const ahead = this.limits.caller('bulk', { background: true })
    const bulkSend = chain([ahead, stopwatch.policy], options.send)
    this.bulk = createBulk({
      session: new Session({ api, tokens, send: bulkSend, retry: again, clock, logger }),
      ...{ metadata: this.metadata, limits: this.limits, stopwatch, clock, random },
    })
    const schema = new Schema(this.metadata, clock)
    this.prepare = new PrepareWrite(schema, api.root.href)
    this.files = new Files(this.#session, schema)
  }

  /** The Web API's address, which ends in a slash. */
  get address(): string {
    return this.#session.api.root.href
  }

  /** Tells who the service takes the caller for. */
  whoAmI(options: CallOptions = {}): Promise<WhoAmI> {
    return whoAmI(this.#session, options)
  }

  /** Tells the organization's names, version and tenant. */
  organization(options: CallOptions = {}): Promise<Organization> {
    return organization(this.#session, options)
  }

  /**
   * Reads rows page by page, each as it is taken. `query` is typed, or the text after the `?`.
   *
   * @throws DataverseError `repeated_page`, `unsafe_link`, and what the service's errors mean
   */
  pages(
    entitySetName: string,
    query: Query | string = {},
    options: ReadOptions = {},
  ): AsyncGenerator<Page, void, undefined> {
    return readPages(this.#session, entitySetName, query, options)
  }

  /**
   * Reads rows one by one over all pages. `rows<Account>('accounts')` takes their type from what
   * `fairlead types` wrote; nothing is checked for it.
   */
  async *rows<Found extends object = Row>(
    entitySetName: string,
    query: Query | string = {},
    options: ReadOptions = {},
  ): AsyncGenerator<Found, void, undefined> {
    for await (const page of this.pages(entitySetName, query, options)) {
      yield* page.rows as readonly object[] as readonly Found[]
    }
  }

  /**
   * Reads a FetchXML query row by row over all pages; its rows leave nulls out.
   *
   * @throws DataverseError `paging_limit`, `repeated_page`, `invalid_argument`
   * @see https://learn.microsoft.com/power-apps/developer/data-platform/use-fetchxml-web-api
   */
  async *fetch(
    entitySetName: string,
    xml: string,
    options: FetchOptions = {},
  ): AsyncGenerator<Row, void, undefined> {
    for await (const page of this.fetchPages(entitySetName, xml, options)) yield* page.rows
  }

  /** Reads a FetchXML query page by page, each as it is taken. */
  fetchPages(
    entitySetName: string,
    xml: string,
    options: FetchOptions = {},
  ): AsyncGenerator<FetchPage, void, undefined> {
    return readFetchPages(this.#session, entitySetName, xml, options)
  }

  /**
   * Reads what has changed in a table, deletions too: all rows at first, then with the cursor of the
   * last page whatever has changed since. Each page’s cursor leads on, also from the middle; see {@link ChangePage}.
   *
   * @throws DataverseError `tracking_expired`, `tracking_disabled`, `tracking_lost`, `forbidden`
   * @see https://learn.microsoft.com/power-apps/developer/data-platform/use-change-tracking-synchronize-data-external-systems
   */
  changes(
    entitySetName: string,
    options: ChangeOptions = {},
  ): AsyncGenerator<ChangePage, void, undefined> {
    return readChanges(this.#session, entitySetName, options)
  }

  /** Counts what has changed since the cursor of a last page; the service counts up to 5000. */
  countChanges(entitySetName: string, since: string, options: CallOptions = {}): Promise<number> {
    return countChanges(this.#session, entitySetName, since, options)
  }

  /** Reads one row by its id or an alternate key. @throws DataverseError `not_found` */
  async row<Found extends object = Row>(
    entitySetName: string,
    key: RowKey,
    options: RowOptions = {},
  ): Promise<Found> {
    const row: object = await this.perform(rowOperation(entitySetName, key, options), options)
    return row as Found
  }

  /** Counts the rows that match; from 5000 on the service stops, unless an exact number is wanted. */
  count(
    entitySetName: string,
    filter?: Filter | string,
    options: CountOptions = {},
  ): Promise<Count> {
    return countRows(this.#session, entitySetName, filter, options)
  }

  /**
   * Creates a row, with the rows nested in it, and tells its id.
   *
   * Lookups are given as an id, `{ table, id }`, `{ table, key }` or the values of an alternate key,
   * choices by number or label. Only a row that brings its own id can be sent again after an unknown
   * outcome.
   *
   * @example
   * ```ts
   * import type { DataverseClient } from 'fairlead/dataverse'
   *
   * declare const client: DataverseClient
   *
   * const { id } = await client.create('account', {
   *   name: 'Contoso',
   *   industrycode: 'Accounting',
   *   ownerid: { table: 'team', id: '01234567-89ab-cdef-0123-456789abcdef' },
   *   primarycontactid: { lastname: 'Smith' },
   * })
   * const { outcome } = await client.upsert('account', { accountnumber: 'A-1' }, { name: 'Contoso' })
   * console.log(id, outcome)
   * ```
   * @throws InvalidRow with all that is wrong with the row, before anything is sent
   */
  async create(table: string, row: InputRow, options: RowWriteOptions = {}): Promise<Created> {
    const operation = await this.prepare.create(table, row, options)
    return createRow(this.#session, operation, callOptions(options))
  }

  /** Updates a row that exists. @throws InvalidRow; DataverseError `not_found`, `precondition_failed` */
  async update(
    table: string,
    key: RowKey,
    row: InputRow,
    options: RowWriteOptions & Conditional = {},
  ): Promise<Written> {
    return this.perform(await this.prepare.update(table, key, row, options), options)
  }

  /** Updates a row or creates it, and tells which of the two happened. @throws InvalidRow */
  async upsert(
    table: string,
    key: RowKey,
    row: InputRow,
    options: RowWriteOptions & UpsertOptions = {},
  ): Promise<Upserted> {
    return this.perform(await this.prepare.upsert(table, key, row, options), options)
  }

  /** Deletes a row. @throws DataverseError `not_found`, `precondition_failed` */
  async delete(
    table: string,
    key: RowKey,
    options: LinkWriteOptions & Conditional = {},
  ): Promise<void> {
    return this.perform(await this.prepare.delete(table, key, options), options)
  }

  /** Changes the state of a row, by number or label. @throws InvalidRow */
  async setState(
    table: string,
    key: RowKey,
    change: StateChange,
    options: RowWriteOptions & Conditional = {},
  ): Promise<Written> {
    return this.perform(await this.prepare.setState(table, key, change, options), options)
  }

  /** Links two rows by a navigation property, or lookup column, of the first. */
  async associate(
    from: RowName,
    property: string,
    to: RowName,
    options: LinkWriteOptions = {},
  ): Promise<void> {
    return this.perform(await this.prepare.associate(from, property, to, options), options)
  }

  /** Parts two rows; without `to`, clears a lookup whatever it refers to. */
  async disassociate(
    from: RowName,
    property: string,
    to?: RowName,
    options: LinkWriteOptions = {},
  ): Promise<void> {
    return this.perform(await this.prepare.disassociate(from, property, to, options), options)
  }

  /** Sends an operation on its own. @throws DataverseError what the service's errors mean */
  perform<Result>(operation: Operation<Result>, options: CallOptions = {}): Promise<Result> {
    return this.#session.perform(operation, callOptions(options))
  }

  /**
   * Sends up to 1,000 operations in one request; each has an outcome, in order. Those in a change set
   * happen all together or not at all. A batch stops at the first failure, unless told to go on.
   *
   * @throws DataverseError `batch_too_large`, `invalid_argument`
   * @see https://learn.microsoft.com/power-apps/developer/data-platform/webapi/execute-batch-operations-using-web-api
   */
  batch<const Items extends readonly BatchItem[]>(
    operations: Items,
    options: BatchOptions = {},
  ): Promise<BatchOutcomes<Items>> {
    return sendBatch(this.#session, operations, options)
  }

  /**
   * Sends a request that the caller wrote. Its address is resolved first and then checked: it must
   * stay within this environment's Web API.
   *
   * @throws DataverseError `unsafe_address`, `invalid_argument`, and what the service's errors mean
   */
  raw(request: RawRequest): Promise<RawResponse> {
    return sendRaw(this.#session, request)
  }
}
