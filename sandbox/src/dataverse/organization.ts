import type { SandboxClock } from '../clock.ts'
import type { Answer, Exchange, Handler } from '../exchange.ts'
import type { TokenInspector } from '../identity.ts'
import { readCaller } from './access/challenge.ts'
import type { Caller } from './access/membership.ts'
import { readPreferences, wishedAnnotations } from './answer/prefer.ts'
import { createControl, type OrganizationControl, type OrganizationSwitches } from './control.ts'
import { Fault, noResource } from './fault.ts'
import { readAddress } from './http/address.ts'
import { dress, faultAnswer, pack, UsageMeter } from './http/envelope.ts'
import { checkAccept } from './http/media.ts'
import { refuseHeaders } from './http/request-headers.ts'
import { type OrganizationState, type Population, populate } from './population.ts'
import { parseOptions } from './query/options.ts'
import { route } from './routes.ts'
import { createRandom } from './store/random.ts'

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
const VERSIONS = new Set(['v9.0', 'v9.1', 'v9.2'])
const METHODS = 'OPTIONS,GET,HEAD,POST,PATCH,PUT,DELETE'

/** Creates an organization; its rows are made when the first caller is let in. */
export function createOrganization(options: OrganizationOptions): Organization {
  const switches: OrganizationSwitches = {
    skip: 'ignored',
    propertyErrorCode: '0x0',
    timeZone: 'UTC',
    delayMs: 0,
  }
  let state: OrganizationState | undefined
  const use = (): OrganizationState => {
    state ??= populate(options)
    return state
  }
  const { control, counters } = createControl(use, switches)
  const serve = (exchange: Exchange, caller: Caller): Answer =>
    serveCaller({ options, switches, state: use(), count: counters.count }, exchange, caller)
  return { handler: createHandler(options, switches, use, serve), control }
}

/** Lets callers in, measures what they use, and gives every answer the service's headers. */
function createHandler(
  { identity, tokens, clock, seed = 1 }: OrganizationOptions,
  switches: Readonly<OrganizationSwitches>,
  use: () => OrganizationState,
  serve: (exchange: Exchange, caller: Caller) => Answer,
): Handler {
  const random = createRandom(seed + 1)
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
      const wishes = wishedAnnotations(exchange.headers['prefer'])
      answer = faultAnswer(withSwitch(error, switches), wishes)
    }
    const spent = user && usage.add(user, clock.now(), performance.now() - began)
    return pack(dress(answer, random, spent || undefined, exchange.url.protocol), exchange)
  }
}

interface Serving {
  readonly options: OrganizationOptions
  readonly switches: Readonly<OrganizationSwitches>
  readonly state: OrganizationState
  readonly count: (method: string, first: string) => void
}

function serveCaller(serving: Serving, exchange: Exchange, caller: Caller): Answer {
  const { options, switches, state, count } = serving
  const { url, method, headers } = exchange
  const address = readAddress(url.pathname)
  if (!address?.version || !VERSIONS.has(address.version)) throw noResource(url.href)
  refuseHeaders(exchange)
  checkAccept(exchange, address.segments[0]?.name === '$metadata')
  count(method, address.segments[0]?.name ?? '')
  const request = {
    exchange,
    method,
    identity: options.identity,
    database: state.database,
    caller,
    options: parseOptions(url.search, switches),
    preferences: readPreferences(headers['prefer']),
    base: `${url.origin}/api/data/${address.version}`,
    version: address.version,
    now: options.clock.now(),
    timeZone: switches.timeZone,
    metadataVersion: '74343461',
  }
  // A write that fails half way leaves nothing behind.
  return state.database.atomically(() => route(request, address.segments))
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

/** Newer builds give another code for unknown properties; a switch chooses. */
function withSwitch(fault: Fault, switches: OrganizationSwitches): Fault {
  if (fault.code !== '0x0' || !fault.message.startsWith('Could not find a property')) return fault
  return new Fault(fault.status, switches.propertyErrorCode, fault.message, fault.headers)
}
