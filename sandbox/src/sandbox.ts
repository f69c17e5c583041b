import { createControlApi } from './admin/index.ts'
import { type Counters, createCounters } from './counters.ts'
import {
  createOrganization,
  DOCUMENTED_LIMITS,
  type Organization,
  openSchema,
  readLimits,
  readSwitches,
} from './dataverse/index.ts'
import { type Entra, openEntra } from './entra/index.ts'
import { createNamedFailure } from './entra/named-failure.ts'
import { seedTenants } from './entra/seed-directory.ts'
import type { Handler } from './exchange.ts'
import { createFaultQueue, type FaultQueue, readFault, withFaults } from './faults/index.ts'
import { onlyFor } from './host-guard.ts'
import type { OrganizationIdentity } from './identity.ts'
import { isLoopback, LOGIN_HOSTS } from './listen/hosts.ts'
import { createMovableClock, type MovableClock } from './movable-clock.ts'
import {
  hostAliases,
  identify,
  membersOf,
  ORGANIZATION_PLANS,
  withAskedNames,
} from './organizations.ts'
import { type Origins, openOrigins } from './origins.ts'
import { describeSandbox, type SandboxLine } from './sandbox-line.ts'
import { createSeeded, type Seeded } from './seeded.ts'
import { createTrace, type Trace, traced } from './trace.ts'

export interface SandboxOptions {
  readonly host?: string
  /** Entra takes it, the control API and the organizations the next ones; 0 for any free ones. */
  readonly port?: number
  readonly https?: boolean
  readonly rows?: { readonly accounts: number; readonly contacts: number }
  /** Folder in which keys, registrations and grants survive a restart. */
  readonly state?: string
  /** An organization's `$metadata`, plain or compressed, whose tables all organizations then have. */
  readonly schema?: Buffer
  readonly seed?: string
  /** Seconds between the polls of a device; Entra says 5. */
  readonly deviceInterval?: number
  /** Faults to begin with, as the control API takes them. */
  readonly faults?: readonly unknown[]
  /** Limits of every organization that differ from the documented ones, as the control API takes them. */
  readonly limits?: unknown
  /** Switches of every organization, as the control API takes them, but for `adminMode`. */
  readonly switches?: unknown
  /** Hosts beside this machine that webhooks may be sent to. */
  readonly webhookHosts?: readonly string[]
  readonly clock?: MovableClock
  /** Private RSA key in PEM to sign tokens with, which spares making one. */
  readonly signingKey?: string
}

export interface Sandbox {
  readonly line: SandboxLine
  readonly clock: MovableClock
  close(): Promise<void>
}

/** Starts Entra ID, the organizations and the control API; resolves when all of them listen. */
export async function startSandbox(options: SandboxOptions = {}): Promise<Sandbox> {
  const clock = options.clock ?? createMovableClock()
  const seeded = createSeeded(options.seed ?? 'fairlead')
  const origins = await openOrigins(options, clock.now)
  try {
    const identities = identifyAll(seeded, origins)
    const counters = createCounters()
    const entra = await openEntra({
      clock,
      seeded,
      counters,
      organizations: identities,
      folder: options.state,
      signingKey: options.signingKey,
      deviceInterval: options.deviceInterval ?? 5,
    })
    const faults = createFaultQueue()
    for (const fault of options.faults ?? []) faults.add(readFault(fault))
    const parts: Parts = {
      clock,
      counters,
      entra,
      faults,
      identities,
      origins,
      organizations: createOrganizations(options, entra, identities, clock),
      trace: createTrace(),
    }
    serveOrigins(parts)
    serveControl(parts)
    const line = describeSandbox(entra, identities, origins)
    const close = async () => {
      parts.organizations.reset()
      await origins.close()
    }
    return { line, clock, close }
  } catch (error) {
    await origins.close()
    throw error
  }
}

/** Everything that one sandbox is made of. */
interface Parts {
  readonly clock: MovableClock
  readonly counters: Counters
  readonly entra: Entra
  readonly faults: FaultQueue
  readonly identities: readonly OrganizationIdentity[]
  readonly origins: Origins
  readonly organizations: ReturnType<typeof createOrganizations>
  readonly trace: Trace
}

function serveOrigins(parts: Parts): void {
  const { clock, entra, faults, identities, origins, organizations, trace } = parts
  const named = createNamedFailure(clock)
  const wire = (target: string, aliases: readonly string[], handler: Handler) =>
    traced(
      target,
      withFaults(target, onlyFor(aliases, handler), faults, clock, named),
      trace,
      clock.now,
    )
  origins.entra.serve(wire('entra', LOGIN_HOSTS, entra.handler))
  ORGANIZATION_PLANS.forEach((plan, index) => {
    const identity = identities[index]
    if (!identity) return
    const aliases = hostAliases(plan)
    const current: Handler = (exchange) => organizations.find(plan.uniqueName).handler(exchange)
    const handler = withAskedNames(current, identity, aliases)
    origins.organizations[index]?.serve(wire(plan.uniqueName, aliases, handler))
  })
}

function serveControl(parts: Parts): void {
  const { clock, counters, entra, faults, identities, origins, organizations, trace } = parts
  const control = createControlApi({
    entra,
    clock,
    faults,
    trace,
    counters,
    organization: organizations.lookUp,
    line: () => describeSandbox(entra, identities, origins),
    reset() {
      faults.clear()
      trace.clear()
      counters.reset()
      entra.reset()
      organizations.reset()
    },
  })
  const guarded = onlyFor([], control)
  origins.admin.serve(async (exchange) => ({ kind: 'whole', answer: await guarded(exchange) }))
}

function identifyAll(seeded: Seeded, origins: Origins): OrganizationIdentity[] {
  const tenants = seedTenants(seeded)
  return ORGANIZATION_PLANS.flatMap((plan, index) => {
    const address = origins.organizations[index]
    return address
      ? [identify(plan, seeded, tenants[plan.tenant].id, origins.entra.origin, address)]
      : []
  })
}

function createOrganizations(
  options: SandboxOptions,
  entra: Entra,
  identities: readonly OrganizationIdentity[],
  clock: MovableClock,
) {
  let made = new Map<string, Organization>()
  const allowed = new Set(options.webhookHosts)
  const schema = options.schema && openSchema(options.schema)
  const limits = readLimits(options.limits ?? {}, DOCUMENTED_LIMITS)
  const switches = readSwitches(options.switches ?? {})
  const find = (uniqueName: string): Organization => {
    const found = lookUp(uniqueName)
    if (!found) throw new Error(`There is no organization '${uniqueName}'.`)
    return found
  }
  const lookUp = (uniqueName: string): Organization | undefined => {
    const index = identities.findIndex((one) => one.uniqueName === uniqueName)
    const identity = identities[index]
    if (!identity) return undefined
    const known = made.get(uniqueName)
    if (known) return known
    const organization = createOrganization({
      identity,
      tokens: entra.tokens,
      clock,
      members: membersOf(identity.tenantId, entra.context.state.users, entra.apps()),
      seed: index + 1,
      ...(options.rows ? { rows: options.rows } : {}),
      ...(schema ? { schema } : {}),
      limits,
      switches,
      webhooks: { isAllowed: (host) => isLoopback(host) || allowed.has(host) },
    })
    made.set(uniqueName, organization)
    return organization
  }
  return {
    find,
    lookUp,
    reset() {
      for (const organization of made.values()) organization.close()
      made = new Map()
    },
  }
}
