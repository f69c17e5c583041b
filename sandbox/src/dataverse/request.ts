import type { Answer, Exchange } from '../exchange.ts'
import type { OrganizationIdentity } from '../identity.ts'
import type { Caller, Membership } from './access/membership.ts'
import { sightOf } from './access/reach.ts'
import type { Preferences } from './answer/prefer.ts'
import type { BackgroundOperations } from './background/operations.ts'
import { JSON_TYPE } from './http/envelope.ts'
import type { Plugin } from './plugins/model.ts'
import type { Options } from './query/options.ts'
import type { Scope } from './query/scope.ts'
import type { Table } from './schema/model.ts'
import type { Database } from './store/database.ts'
import type { Outbox } from './webhooks/outbox.ts'
import type { DuplicateRule } from './write/duplicate-rule.ts'

/** One authenticated request, with all that was read of it before its meaning is looked for. */
export interface Request {
  readonly exchange: Exchange
  readonly method: string
  readonly identity: OrganizationIdentity
  readonly database: Database
  readonly caller: Caller
  readonly membership: Membership
  /** `table.column` of each column that not everybody may read. */
  readonly securedColumns: readonly string[]
  readonly duplicateRules: readonly DuplicateRule[]
  readonly options: Options
  readonly preferences: Preferences
  /** `https://host/api/data/v9.2`, as the client named the host. */
  readonly base: string
  readonly version: string
  /** ms since 1970. */
  readonly now: number
  readonly timeZone: string
  /** Whether `$apply` knows `countdistinct`. */
  readonly countDistinct: boolean
  /** How changes are tracked. */
  readonly tracking: {
    readonly retentionDays: number
    readonly deltaLink: 'always' | 'lostWithLookups'
  }
  readonly metadataVersion: string
  /** Addresses that a change set of a batch knows under their Content-ID. */
  readonly references: ReadonlyMap<string, string>
  /** How many rows it reads or writes, which its simulated server time is made of. */
  readonly tally: { rows: number }
  readonly plugins: readonly Plugin[]
  readonly pluginMegabytes: number
  /** Takes the webhooks of what the request writes. */
  readonly outbox: Outbox
  readonly isWebhookHost: (hostname: string) => boolean
  readonly background: {
    readonly operations: BackgroundOperations
    readonly newId: () => string
    readonly acceptedStatus: 200 | 202
  }
}

/** The scope in which this request's filter speaks of the rows of a table. */
export function scopeOf(request: Request, table: Table): Scope {
  return {
    database: request.database,
    aliases: request.options.aliases,
    bindings: [{ name: '', table, depth: 0 }],
    caller: request.caller,
    sees: (seen) => sightOf(request.database, request.caller, 'Read', seen),
    now: request.now,
  }
}

/** An answer with a JSON body that is already written. */
export function jsonAnswer(
  request: Request,
  body: string | Buffer,
  { status = 200, headers = {} }: { status?: number; headers?: Record<string, string> } = {},
): Answer {
  return { status, headers: { 'content-type': JSON_TYPE, ...applied(request), ...headers }, body }
}

export function noContent(request: Request, headers: Record<string, string> = {}): Answer {
  return { status: 204, headers: { ...applied(request), ...headers } }
}

function applied(request: Request): Record<string, string | readonly string[]> {
  const { applied: words } = request.preferences
  return words.length === 0 ? {} : { 'preference-applied': words.join(',') }
}
