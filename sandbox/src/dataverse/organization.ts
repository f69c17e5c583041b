import type { SandboxClock } from '../clock.ts'
import type { Handler } from '../exchange.ts'
import type { TokenInspector } from '../identity.ts'
import { BackgroundOperations } from './background/operations.ts'
import { createControl, type OrganizationControl, type OrganizationSwitches } from './control.ts'
import { createHandler } from './handler.ts'
import { LimitMeter } from './limits/meter.ts'
import { DOCUMENTED_LIMITS, type LimitSettings } from './limits/settings.ts'
import { WebServers } from './limits/web-servers.ts'
import { type OrganizationState, type Population, populate } from './population.ts'
import { serveCaller } from './serving.ts'
import { createRandom, randomGuid } from './store/random.ts'

export interface OrganizationOptions extends Population {
  readonly tokens: TokenInspector
  readonly clock: SandboxClock
  /** The documented ones when absent. */
  readonly limits?: LimitSettings
}

/** One Dataverse environment. */
export interface Organization {
  /** Serves the organization's origins. */
  readonly handler: Handler
  /** What tests and the control API do behind the service's back. */
  readonly control: OrganizationControl
}

/** Creates an organization; its rows are made when the first caller is let in. */
export function createOrganization(options: OrganizationOptions): Organization {
  const { identity, tokens, clock, seed = 1 } = options
  const switches: OrganizationSwitches = {
    skip: 'ignored',
    propertyErrorCode: '0x0',
    timeZone: 'UTC',
    delayMs: 0,
    failedChangeSet: 'wrapped',
    acceptedStatus: 200,
    changeRetentionDays: 7,
    deltaLink: 'always',
    countDistinct: 'answered',
  }
  let state: OrganizationState | undefined
  let { schema } = options
  const use = (): OrganizationState => {
    state ??= populate({ ...options, ...(schema ? { schema } : {}) })
    return state
  }
  const meter = new LimitMeter(clock.now)
  const { control, counters, limits } = createControl(use, switches, {
    meter,
    settings: options.limits ?? DOCUMENTED_LIMITS,
    setSchema(next) {
      schema = next
      state = undefined
    },
  })
  const random = createRandom(seed + 1)
  const newGuid = () => randomGuid(random)
  const { plugins } = control
  const background = new BackgroundOperations()
  const serving = {
    identity,
    switches,
    counters,
    now: clock.now,
    newGuid,
    plugins,
    background,
    limits,
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
    serve: (exchange, caller, work) =>
      serveCaller({ ...serving, state: use() }, exchange, caller, work),
  })
  return { handler, control }
}
