import type { RowKey } from './address/row-key.ts'
import type { BatchItem, BatchOutcomes } from './batch/batch-item.ts'
import { type BatchOptions, sendBatch } from './batch/send-batch.ts'
import type { Bulk } from './bulk/bulk.ts'
import { type CallOptions, callOptions } from './call-options.ts'
import { clientParts, type DataverseClientOptions } from './client-parts.ts'
import type { Files } from './files/files.ts'
import type { Operation } from './operation.ts'
import { type RawRequest, type RawResponse, sendRaw } from './raw-request.ts'
import { DataverseReader } from './reader.ts'
import type { Session } from './session.ts'
import { createRow } from './write/create-row.ts'
import type { InputRow } from './write/encoding.ts'
import type {
  LinkWriteOptions,
  PrepareWrite,
  RowName,
  RowWriteOptions,
} from './write/prepare-write.ts'
import type {
  Conditional,
  Created,
  Upserted,
  UpsertOptions,
  Written,
} from './write/row-operations.ts'
import type { StateChange } from './write/state-row.ts'

/**
 * Reads and writes one Dataverse environment in one user's name.
 *
 * It holds no state but its options, so that any number of calls may run at once. Reading requests
 * are repeated after passing faults; a token that the service refuses is replaced once.
 *
 * @example
 * ```ts
 * import { DataverseClient, literal, type Query, type TokenSource, where } from 'fairlead/dataverse'
 * import { createSender } from 'fairlead/transport'
 *
 * declare const tokens: TokenSource
 *
 * const sender = createSender()
 * const client = new DataverseClient({
 *   environmentUrl: 'https://org1.crm4.dynamics.com',
 *   tokens,
 *   send: sender.send,
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
 * await sender.close()
 * ```
 * @see https://learn.microsoft.com/power-apps/developer/data-platform/webapi/overview
 */
export class DataverseClient extends DataverseReader {
  /** Prepares writes as operations, to be sent by {@link perform} or in a {@link batch}. */
  readonly prepare: PrepareWrite
  /** Writes of many rows, with an outcome for every single one. */
  readonly bulk: Bulk
  /** Uploads, downloads and deletes the files and images of rows. */
  readonly files: Files
  readonly #session: Session

  constructor(options: DataverseClientOptions) {
    const parts = clientParts(options)
    super(parts)
    const { session, prepare, bulk, files } = parts
    this.#session = session
    this.prepare = prepare
    this.bulk = bulk
    this.files = files
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
    const call = { ...options, ...this.#session.begin(options) }
    const operation = await this.prepare.create(table, row, call)
    return createRow(this.#session, operation, callOptions(call))
  }

  /** Updates a row that exists. @throws InvalidRow; DataverseError `not_found`, `precondition_failed` */
  update(
    table: string,
    key: RowKey,
    row: InputRow,
    options: RowWriteOptions & Conditional = {},
  ): Promise<Written> {
    return this.#write(options, (own) => this.prepare.update(table, key, row, own))
  }

  /** Updates a row or creates it, and tells which of the two happened. @throws InvalidRow */
  upsert(
    table: string,
    key: RowKey,
    row: InputRow,
    options: RowWriteOptions & UpsertOptions = {},
  ): Promise<Upserted> {
    return this.#write(options, (own) => this.prepare.upsert(table, key, row, own))
  }

  /** Deletes a row. @throws DataverseError `not_found`, `precondition_failed` */
  delete(table: string, key: RowKey, options: LinkWriteOptions & Conditional = {}): Promise<void> {
    return this.#write(options, (own) => this.prepare.delete(table, key, own))
  }

  /** Changes the state of a row, by number or label. @throws InvalidRow */
  setState(
    table: string,
    key: RowKey,
    change: StateChange,
    options: RowWriteOptions & Conditional = {},
  ): Promise<Written> {
    return this.#write(options, (own) => this.prepare.setState(table, key, change, own))
  }

  /** Links two rows by a navigation property, or lookup column, of the first. */
  associate(
    from: RowName,
    property: string,
    to: RowName,
    options: LinkWriteOptions = {},
  ): Promise<void> {
    return this.#write(options, (own) => this.prepare.associate(from, property, to, own))
  }

  /** Parts two rows; without `to`, clears a lookup whatever it refers to. */
  disassociate(
    from: RowName,
    property: string,
    to?: RowName,
    options: LinkWriteOptions = {},
  ): Promise<void> {
    return this.#write(options, (own) => this.prepare.disassociate(from, property, to, own))
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

  /** Prepares an operation and sends it, before one deadline. */
  async #write<Options extends CallOptions, Result>(
    options: Options,
    prepare: (own: Options) => Promise<Operation<Result>>,
  ): Promise<Result> {
    const own = { ...options, ...this.#session.begin(options) }
    return this.perform(await prepare(own), own)
  }
}
