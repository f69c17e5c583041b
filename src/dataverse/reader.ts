import type { RowKey } from './address/row-key.ts'
import { type CallOptions, callOptions } from './call-options.ts'
import {
  type ChangeOptions,
  type ChangePage,
  countChanges,
  readChanges,
} from './changes/read-changes.ts'
import type { ClientParts } from './client-parts.ts'
import { type FetchOptions, type FetchPage, readFetchPages } from './fetch/fetch-pages.ts'
import type { Limits } from './limits/limits.ts'
import type { Metadata } from './metadata/metadata.ts'
import type { Filter } from './query/filter.ts'
import type { Query } from './query/query.ts'
import { type CountOptions, countRows } from './read/count-rows.ts'
import { type Organization, organization, type WhoAmI, whoAmI } from './read/identity.ts'
import { type Page, type ReadOptions, type Row, readPages } from './read/pages.ts'
import { type Count, type RowParts, rowOperation } from './read/read-operations.ts'
import type { Session } from './session.ts'

/** How to read one row. */
export interface RowOptions extends CallOptions, RowParts {}

/** Reads one Dataverse environment: the part of a `DataverseClient` that changes nothing. */
export class DataverseReader {
  /** Definitions of tables, columns, keys and choices. */
  readonly metadata: Metadata
  /** Keeps the requests below the service protection limits, and tells how much is used. */
  readonly limits: Limits
  readonly #session: Session

  constructor({ session, metadata, limits }: Pick<ClientParts, 'limits' | 'metadata' | 'session'>) {
    this.#session = session
    this.metadata = metadata
    this.limits = limits
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
    const operation = rowOperation(entitySetName, key, options)
    const row: object = await this.#session.perform(operation, callOptions(options))
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
}
