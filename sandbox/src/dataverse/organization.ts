import type { SandboxClock } from '../clock.ts'
import type { Handler } from '../exchange.ts'
import type { TokenInspector } from '../identity.ts'
import { isLoopback } from '../listen/hosts.ts'
import { BackgroundOperations } from './background/operations.ts'
import {
  type Counting,
  createControl,
  type OrganizationControl,
  type OrganizationSwitches,
} from './control.ts'
import { createHandler } from './handler.ts'
import { LimitMeter } from './limits/meter.ts'
import { DOCUMENTED_LIMITS, type LimitSettings } from './limits/settings.ts'
import { WebServers } from './limits/web-servers.ts'
import { Work } from './limits/work.ts'
import { type OrganizationState, type Population, populate } from './population.ts'
import { serveCaller } from './serving.ts'
import { ID_SORTINGS } from './store/id-sorting.ts'
import { createRandom, randomGuid } from './store/random.ts'
import { Deliveries } from './webhooks/deliveries.ts'
import { Jobs } from './webhooks/jobs.ts'
import { serveWithSteps } from './webhooks/serve.ts'

export interface OrganizationOptions extends Population {
  readonly tokens: TokenInspector
  readonly clock: SandboxClock
  /** The documented ones when absent. */
  readonly limits?: LimitSettings
  /** What differs from the first settings of the switches. */
  readonly switches?: Partial<OrganizationSwitches>
  readonly webhooks?: {
    /** Whether webhooks may go there; only to this machine when absent. */
    readonly isAllowed?: (hostname: string) => boolean
    /** 60 seconds when absent, as the documents say. */
    readonly timeoutMs?: number
  }
}

/** One Dataverse environment. */
export interface Organization {
  /** Serves the organization's origins. */
  readonly handler: Handler
  /** What tests and the control API do behind the service's back. */
  readonly control: OrganizationControl
  /** Gives up webhooks that are under way. */
  close(): void
}

const WEBHOOK_TIMEOUT_MS = 60_000
const NO_COUNTERS: Counting = { count: () => undefined, countInner: () => undefined }

const FIRST_SWITCHES: Readonly<OrganizationSwitches> = {
  skip: 'ignored',
  propertyErrorCode: '0x0',
  timeZone: 'UTC',
  delayMs: 0,
  failedChangeSet: 'wrapped',
  acceptedStatus: 200,
  changeRetentionDays: 7,
  deltaLink: 'always',
  securedColumns: [],
  countDistinct: 'answered',
  idOrder: 'uniqueidentifier',
}

/** Creates an organization; its rows are made when the first caller is let in. */
export function createOrganization(options: OrganizationOptions): Organization {
  const { identity, tokens, clock, seed = 1 } = options
  const switches: OrganizationSwitches = { ...FIRST_SWITCHES, ...options.switches }
  let state: OrganizationState | undefined
  let { schema } = options
  let jobs: Jobs | undefined
  const use = (): OrganizationState => {
    state ??= populate(
      { ...options, ...(schema ? { schema } : {}) },
      () => ID_SORTINGS[switches.idOrder],
    )
    return state
  }
  const meter = new LimitMeter(clock.now)
  const { isAllowed = isLoopback, timeoutMs = WEBHOOK_TIMEOUT_MS } = options.webhooks ?? {}
  const deliveries = new Deliveries({ isAllowed, timeoutMs })
  const { control, counters, limits } = createControl(use, switches, {
    deliveries,
    meter,
    settings: options.limits ?? DOCUMENTED_LIMITS,
    setSchema(next) {
      schema = next
      state = undefined
      jobs = undefined
    },
  })
  const random = createRandom(seed + 1)
  const newGuid = () => randomGuid(random)
  const { plugins, duplicateRules } = control
  const background = new BackgroundOperations()
  const serving = {
    identity,
    switches,
    counters,
    now: clock.now,
    newGuid,
    plugins,
    duplicateRules,
    background,
    limits,
    isWebhookHost: isAllowed,
  }
  const handler = createHandler({
    identity,
    tokens,
    clock,
    switches,
    limits,
    meter,
    servers: new WebServers(identity.id, createRandom(seed + 2)),
    random,
    use,
    serve(exchange, caller, work) {
      const { database } = use()
      jobs ??= new Jobs(database, clock.now)
      const each = { ...serving, state: use() }
      // A rehearsal is not counted, and takes no time.
      const unheard = { counters: NO_COUNTERS, background: new BackgroundOperations() }
      return serveWithSteps({
        database,
        jobs,
        deliveries,
        newGuid,
        rehearse: (outbox) =>
          serveCaller({ ...each, ...unheard, outbox }, exchange, caller, new Work(limits())),
        serve: (outbox) => serveCaller({ ...each, outbox }, exchange, caller, work),
      })
    },
  })
  return { handler, control, close: () => deliveries.close() }
}
