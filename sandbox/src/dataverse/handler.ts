import type { SandboxClock } from '../clock.ts'
import type { Answer, Exchange, Handler } from '../exchange.ts'
import type { OrganizationIdentity, TokenInspector } from '../identity.ts'
import { readCaller } from './access/challenge.ts'
import type { Caller } from './access/membership.ts'
import type { OrganizationSwitches } from './control.ts'
import { Fault, noResource } from './fault.ts'
import { readAddress } from './http/address.ts'
import { dress, pack } from './http/envelope.ts'
import type { LimitMeter } from './limits/meter.ts'
import type { LimitSettings } from './limits/settings.ts'
import type { WebServers } from './limits/web-servers.ts'
import { kindOf, Work } from './limits/work.ts'
import type { OrganizationState } from './population.ts'
import { refusal } from './serving.ts'
import type { Random } from './store/random.ts'

/** What stands between the wire and the requests of an organization. */
export interface Gate {
  readonly identity: OrganizationIdentity
  readonly tokens: TokenInspector
  readonly clock: SandboxClock
  readonly switches: Readonly<OrganizationSwitches>
  readonly limits: () => LimitSettings
  readonly meter: LimitMeter
  readonly servers: WebServers
  readonly random: Random
  readonly use: () => OrganizationState
  readonly serve: (exchange: Exchange, caller: Caller, work: Work) => Promise<Answer>
}

const MAX_ADDRESS = 32_768
const MEGABYTE = 1_048_576
const METHODS = 'OPTIONS,GET,HEAD,POST,PATCH,PUT,DELETE'

/** Lets callers in below their limits, and gives every answer the service's headers. */
export function createHandler(gate: Gate): Handler {
  const { identity, tokens, switches, servers, meter, random } = gate
  return async (exchange) => {
    const settings = gate.limits()
    const server = servers.choose(exchange.headers.cookie, settings)
    let user: string | undefined
    let answer: Answer
    try {
      const early = beforeSignIn(exchange)
      if (early) return early
      const claims = await readCaller(exchange, identity, tokens)
      const caller = gate.use().membership.enter(claims)
      user = caller.user.id
      answer = await serveWithin(gate, exchange, caller, server, settings)
    } catch (error) {
      if (!(error instanceof Fault)) throw error
      answer = refusal(switches, error, exchange)
    }
    const left = user === undefined ? undefined : meter.remaining(user, server, settings)
    const place = { affinity: servers.affinity(server), protocol: exchange.url.protocol }
    const standing = left && { ...left, dopHint: settings.dopHint }
    return pack(dress(answer, random, standing, place), exchange)
  }
}

/** Serves a request at once and lets the time pass that it takes; others are served meanwhile. */
async function serveWithin(
  { clock, meter, switches, serve }: Gate,
  exchange: Exchange,
  caller: Caller,
  server: number,
  settings: LimitSettings,
): Promise<Answer> {
  const admission = meter.admit(caller.user.id, server, settings)
  const work = new Work(settings)
  const began = performance.now()
  let spent = 0
  try {
    refuseLength(exchange, settings)
    try {
      return await serve(exchange, caller, work)
    } finally {
      spent = performance.now() - began
      const wait = switches.delayMs + work.milliseconds
      if (wait > 0) await clock.sleep(wait, exchange.signal)
    }
  } finally {
    admission.finish(spent + switches.delayMs + work.milliseconds, work.inner)
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

/** Bulk messages and the contents of file columns may be larger than other bodies. */
function refuseLength({ url, method, headers, body }: Exchange, settings: LimitSettings): void {
  if (body.length <= settings.bodyMegabytes * MEGABYTE) return
  if (headers['content-type']?.startsWith('application/octet-stream')) return
  const segments = readAddress(url.pathname)?.segments ?? []
  if (kindOf(method, segments).endsWith('Multiple')) return
  throw new Fault(413, '0x8004418a', 'Request message length is too large.')
}
