import type { SandboxClock } from '../clock.ts'
import type { Answer, Exchange, Handler } from '../exchange.ts'
import type { TokenInspector } from '../identity.ts'
import { readCaller } from './access/challenge.ts'
import type { Caller } from './access/membership.ts'
import { createControl, type OrganizationControl, type OrganizationSwitches } from './control.ts'
import { Fault, noResource } from './fault.ts'
import { dress, pack, UsageMeter } from './http/envelope.ts'
import { type OrganizationState, type Population, populate } from './population.ts'
import { refusal, serveCaller } from './serving.ts'
import { createRandom, type Random, randomGuid } from './store/random.ts'

export interface OrganizationOptions extends Population {
  readonly tokens: TokenInspector
  readonly clock: SandboxClock
}

/** One Dataverse environment. */
export interface Organization {
  /** Serves the organization's origins. */
  readonly handler: Handler
  /** What tests and the control API do behind the service's back. */
  readonly control: OrganizationControl
}

const MAX_ADDRESS = 32_768
const METHODS = 'OPTIONS,GET,HEAD,POST,PATCH,PUT,DELETE'

/** Creates an organization; its rows are made when the first caller is let in. */
export function createOrganization(options: OrganizationOptions): Organization {
  const switches: OrganizationSwitches = {
    skip: 'ignored',
    propertyErrorCode: '0x0',
    timeZone: 'UTC',
    delayMs: 0,
    failedChangeSet: 'wrapped',
    changeRetentionDays: 7,
    deltaLink: 'always',
  }
  let state: OrganizationState | undefined
  const use = (): OrganizationState => {
    state ??= populate(options)
    return state
  }
  const { control, counters } = createControl(use, switches)
  const random = createRandom((options.seed ?? 1) + 1)
  const serve = (exchange: Exchange, caller: Caller): Answer => {
    const { identity, clock } = options
    const newGuid = () => randomGuid(random)
    const serving = { identity, switches, state: use(), counters, now: clock.now, newGuid }
    return serveCaller(serving, exchange, caller)
  }
  return { handler: createHandler(options, switches, use, serve, random), control }
}

/** Lets callers in, measures what they use, and gives every answer the service's headers. */
function createHandler(
  { identity, tokens, clock }: OrganizationOptions,
  switches: Readonly<OrganizationSwitches>,
  use: () => OrganizationState,
  serve: (exchange: Exchange, caller: Caller) => Answer,
  random: Random,
): Handler {
  const usage = new UsageMeter()
  return async (exchange) => {
    const began = performance.now()
    let user: string | undefined
    let answer: Answer
    try {
      const early = beforeSignIn(exchange)
      if (early) return early
      const claims = await readCaller(exchange, identity, tokens)
      const caller = use().membership.enter(claims)
      user = caller.user.id
      if (switches.delayMs > 0) await clock.sleep(switches.delayMs, exchange.signal)
      answer = serve(exchange, caller)
    } catch (error) {
      if (!(error instanceof Fault)) throw error
      answer = refusal(switches, error, exchange)
    }
    const spent = user && usage.add(user, clock.now(), performance.now() - began)
    return pack(dress(answer, random, spent || undefined, exchange.url.protocol), exchange)
  }
}

/** What is answered to anyone: too long an address, OPTIONS, and what is not the Web API. */
function beforeSignIn({ url, method }: Exchange): Answer | undefined {
  if (url.href.length > MAX_ADDRESS) {
    throw new Fault(414, '', `The request URI is longer than ${MAX_ADDRESS} characters.`)
  }
  if (method === 'OPTIONS') return { status: 200, headers: { allow: METHODS, public: METHODS } }
  if (!/^\/api(\/|$)/i.test(url.pathname)) throw noResource(url.href)
  return undefined
}
