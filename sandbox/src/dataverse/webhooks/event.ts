import type { Exchange } from '../../exchange.ts'
import type { OrganizationIdentity } from '../../identity.ts'
import type { Caller } from '../access/membership.ts'
import type { Options } from '../query/options.ts'
import type { Column, Table } from '../schema/model.ts'
import type { Database } from '../store/database.ts'
import type { Value } from '../store/value.ts'

export type Message = 'Create' | 'Update' | 'Delete'

/** A write that steps may be registered for. */
export interface Event {
  readonly message: Message
  readonly table: Table
  readonly id: string
  /** What the caller set. */
  readonly given: ReadonlyMap<Column, Value>
  /** That, and what the service has added. */
  readonly written: ReadonlyMap<Column, Value>
}

/** What is told of the request that wrote. */
export interface Cause {
  readonly exchange: Exchange
  readonly identity: OrganizationIdentity
  readonly database: Database
  readonly caller: Caller
  readonly options: Options
  readonly now: number
}
