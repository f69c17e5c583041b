import type { SandboxClock } from '../clock.ts'
import type { Answer, Exchange, Handler } from '../exchange.ts'
import type { OrganizationIdentity, TokenInspector } from '../identity.ts'
import { readCaller } from './access/challenge.ts'
import { type Caller, Membership } from './access/membership.ts'
import { readPreferences } from './answer/prefer.ts'
import { createControl, type OrganizationControl, type OrganizationSwitches } from './control.ts'
import { Fault, noResource, notSupported } from './fault.ts'
import { readAddress } from './http/address.ts'
import { dress, faultAnswer, pack, UsageMeter } from './http/envelope.ts'
import { checkAccept } from './http/media.ts'
import { parseOptions } from './query/options.ts'
import { route } from './routes.ts'
import { loadSchema } from './schema/load.ts'
import { generateRows, type RowCounts } from './seed/generate.ts'
import { createInsert } from './seed/insert.ts'
import { insertMember, type Member, seedPeople } from './seed/people.ts'
import { Database } from './store/database.ts'
import { createIds, createRandom } from './store/random.ts'

export interface OrganizationOptions {
  readonly identity: OrganizationIdentity
  readonly tokens: TokenInspector
  readonly clock: SandboxClock
  readonly members: readonly Member[]
  /** How many generated rows; 5,000 accounts and 10,000 contacts when absent. */
  readonly rows?: Partial<RowCounts>
  /** The same seed gives the same rows. */
  readonly seed?: number
}

/** One Dataverse environment. */
export interface Organization {
  /** Serves the organization's origins. */
  readonly handler: Handler
  /** What tests and the control API do behind the service's back. */
  readonly control: OrganizationControl
}

/** What an organization is once someone has used it. */
export interface OrganizationState {
  readonly database: Database
  readonly membership: Membership
  addMember(member: Member): void
}

const MAX_ADDRESS = 32_768
const VERSIONS = new Set(['v9.0', 'v9.1', 'v9.2'])
const METHODS = 'OPTIONS,GET,HEAD,POST,PATCH,PUT,DELETE'

/** Creates an organization; its rows are made when the first caller is let in. */
export function createOrganization(options: OrganizationOptions): Organization {
  const { identity, tokens, clock } = options
  const random = createRandom((options.seed ?? 1) + 1)
  const usage = new UsageMeter()
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
  const serve = (exchange: Exchange, caller: Caller): Answer => {
    const { url, method, headers } = exchange
    const address = readAddress(url.pathname)
    if (!address?.version || !VERSIONS.has(address.version)) throw noResource(url.href)
    refuseImpersonation(exchange)
    checkAccept(exchange, address.segments[0]?.name === '$metadata')
    counters.count(method, address.segments[0]?.name ?? '')
    const request = {
      exchange,
      method,
      identity,
      database: use().database,
      caller,
      options: parseOptions(url.search, switches),
      preferences: readPreferences(single(headers['prefer'])),
      base: `${url.origin}/api/data/${address.version}`,
      version: address.version,
      now: clock.now(),
      timeZone: switches.timeZone,
      metadataVersion: '74343461',
    }
    return route(request, address.segments)
  }
  const handler: Handler = async (exchange) => {
    const began = performance.now()
    let user = ''
    try {
      const early = beforeSignIn(exchange)
      if (early) return early
      const claims = await readCaller(exchange, identity, tokens)
      const caller = use().membership.enter(claims)
      user = caller.user.id
      if (switches.delayMs > 0) await clock.sleep(switches.delayMs, exchange.signal)
      const answer = serve(exchange, caller)
      const spent = usage.add(user, clock.now(), performance.now() - began)
      return await pack(dress(answer, random, spent, exchange.url.protocol), exchange)
    } catch (error) {
      if (!(error instanceof Fault)) throw error
      const fault = withSwitch(error, switches)
      const spent =
        user === '' ? undefined : usage.add(user, clock.now(), performance.now() - began)
      return await pack(dress(faultAnswer(fault), random, spent, exchange.url.protocol), exchange)
    }
  }
  return { handler, control }
}

function populate(options: OrganizationOptions): OrganizationState {
  const { identity, members, rows, seed = 1 } = options
  const random = createRandom(seed)
  const database = new Database(loadSchema(), createIds(random, 0x10000000))
  const insert = createInsert(database)
  const anchors = seedPeople(database, insert, { id: identity.id, name: identity.friendlyName })
  const membership = new Membership(database)
  const addMember = (member: Member): void => {
    membership.add(member, insertMember(insert, member, anchors))
  }
  for (const member of members) addMember(member)
  generateRows(database, insert, anchors, random, {
    accounts: rows?.accounts ?? 5_000,
    contacts: rows?.contacts ?? 10_000,
  })
  return { database, membership, addMember }
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

function refuseImpersonation({ headers }: Exchange): void {
  for (const name of ['callerobjectid', 'mscrmcallerid']) {
    if (headers[name] !== undefined) throw notSupported(`impersonation (${name})`)
  }
}

/** Newer builds give another code for unknown properties; a switch chooses. */
function withSwitch(fault: Fault, switches: OrganizationSwitches): Fault {
  if (fault.code !== '0x0' || !fault.message.startsWith('Could not find a property')) return fault
  return new Fault(fault.status, switches.propertyErrorCode, fault.message, fault.headers)
}

function single(header: string | string[] | undefined): string | undefined {
  return Array.isArray(header) ? header.join(',') : header
}
