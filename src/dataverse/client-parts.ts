import {
  type Clock,
  type Logger,
  type Random,
  silentLogger,
  systemClock,
  systemRandom,
} from '../kernel/index.ts'
import { chain, retry, type Send } from '../transport/index.ts'
import { webApi } from './address/address.ts'
import { type Bulk, createBulk } from './bulk/bulk.ts'
import { MultipleMessages } from './bulk/multiple-messages.ts'
import { createStopwatch } from './bulk/stopwatch.ts'
import { Files } from './files/files.ts'
import { createLimits, type InnerRefusal, type Limits } from './limits/limits.ts'
import type { MetadataCache } from './metadata/cache.ts'
import { createMetadata, type Metadata } from './metadata/metadata.ts'
import { suggestNames } from './metadata/suggest-names.ts'
import { Session } from './session.ts'
import { SharedRenewal } from './token-renewal.ts'
import type { TokenSource } from './token-source.ts'
import { PrepareWrite } from './write/prepare-write.ts'
import { Schema } from './write/schema.ts'

/** What a client is made of. */
export interface DataverseClientOptions {
  /** The bare address of the environment. */
  readonly environmentUrl: string | URL
  /** @defaultValue `v9.2` */
  readonly apiVersion?: string
  readonly tokens: TokenSource
  /** How requests are sent: over a sender of the transport, which many clients may share. */
  readonly send: Send
  /** Where definitions are kept; without it each is read whenever it is asked for. */
  readonly metadataCache?: MetadataCache
  /** Shared by all clients of this environment and user; without it the client has one for itself. */
  readonly limits?: Limits
  /** @defaultValue the system's clock */
  readonly clock?: Clock
  /** @defaultValue nothing is logged */
  readonly logger?: Logger
  /** @defaultValue the system's randomness */
  readonly random?: Random
}

/** The rooms of one client, put together. */
export interface ClientParts {
  readonly session: Session
  readonly metadata: Metadata
  readonly limits: Limits
  readonly prepare: PrepareWrite
  readonly bulk: Bulk
  readonly files: Files
}

const RETRIES = { attempts: 4, budgetMs: 120_000 }

/** Puts the rooms of a client together. */
export function clientParts(options: DataverseClientOptions): ClientParts {
  const { clock = systemClock, logger = silentLogger, random = systemRandom } = options
  const api = webApi(options.environmentUrl, options.apiVersion ?? 'v9.2')
  const limits = options.limits ?? createLimits({ clock })
  const tokens = new SharedRenewal(options.tokens, clock)
  const onRefusalWithin = (refusal: InnerRefusal) => limits.refusedWithin(refusal)
  const again = retry({ ...RETRIES, clock, random })
  const shared = { api, tokens, retry: again, clock, logger, onRefusalWithin }
  const send = chain([limits.caller('calls')], options.send)
  const metadata = createMetadata(new Session({ ...shared, send }), {
    ...(options.metadataCache === undefined ? {} : { cache: options.metadataCache }),
    clock,
    logger,
  })
  const schema = new Schema(metadata, clock)
  const session = new Session({
    ...shared,
    send,
    explain: (error, call) => suggestNames(error, schema, call, clock),
  })
  const stopwatch = createStopwatch(clock)
  const background = limits.caller('bulk', { background: true })
  const bulkSend = chain([background, stopwatch.policy], options.send)
  // What follows a failure is the plan's to decide: a second loop would wait twice.
  const once = retry({ attempts: 1, budgetMs: 0, clock, random })
  const bulkSession = new Session({ ...shared, retry: once, send: bulkSend })
  const multiple = new MultipleMessages(session)
  return {
    session,
    metadata,
    limits,
    prepare: new PrepareWrite(schema, api.root.href),
    bulk: createBulk({
      session: bulkSession,
      ...{ metadata, multiple, limits, stopwatch, clock, random },
    }),
    files: new Files(session, schema),
  }
}
