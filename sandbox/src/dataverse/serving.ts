import type { Answer, Exchange } from '../exchange.ts'
import type { OrganizationIdentity } from '../identity.ts'
import type { Caller } from './access/membership.ts'
import { readPreferences, wishedAnnotations } from './answer/prefer.ts'
import { acceptRequest } from './background/answer.ts'
import type { BackgroundOperations } from './background/operations.ts'
import { answerBatch } from './batch/run-batch.ts'
import type { Counting, OrganizationSwitches } from './control.ts'
import { Fault, noResource, notSupported } from './fault.ts'
import { type Address, readAddress } from './http/address.ts'
import { faultAnswer } from './http/envelope.ts'
import { checkAccept } from './http/media.ts'
import { refuseHeaders } from './http/request-headers.ts'
import type { LimitSettings, WorkKind } from './limits/settings.ts'
import { kindOf, type Work } from './limits/work.ts'
import type { Plugin } from './plugins/model.ts'
import type { OrganizationState } from './population.ts'
import { parseOptions } from './query/options.ts'
import { route } from './routes.ts'
import type { Outbox } from './webhooks/outbox.ts'
import type { DuplicateRule } from './write/duplicate-rule.ts'

/** What the requests of one organization are served with. */
export interface Serving {
  readonly identity: OrganizationIdentity
  readonly switches: Readonly<OrganizationSwitches>
  readonly state: OrganizationState
  readonly counters: Counting
  readonly now: () => number
  readonly newGuid: () => string
  readonly plugins: () => readonly Plugin[]
  readonly duplicateRules: () => readonly DuplicateRule[]
  readonly background: BackgroundOperations
  readonly limits: () => LimitSettings
  /** Takes the webhooks of the request. */
  readonly outbox: Outbox
  readonly isWebhookHost: (hostname: string) => boolean
}

const VERSIONS = new Set(['v9.0', 'v9.1', 'v9.2'])
const NO_REFERENCES: ReadonlyMap<string, string> = new Map()

/** Serves a request of a caller who has been let in. @throws Fault the service's refusal */
export function serveCaller(
  serving: Serving,
  exchange: Exchange,
  caller: Caller,
  work: Work,
): Answer {
  const address = checkedAddress(exchange.url)
  const first = address.segments[0]?.name ?? ''
  if (first !== '$batch') {
    serving.counters.count(exchange.method, first)
    const turn = { serving, caller, acting: caller, work, references: NO_REFERENCES }
    return serveOne(turn, exchange, address)
  }
  work.add('batch', 0)
  refuseHeaders(exchange)
  serving.counters.count(exchange.method, first)
  if (address.segments.length > 1) throw noResource(exchange.url.href)
  if (exchange.url.search !== '') throw notSupported('query options of $batch')
  const acting = actorOf(serving, exchange, caller) ?? caller
  return answerBatch(exchange, {
    base: baseOf(exchange.url, address),
    origins: serving.identity.origins,
    perform: (inner, references) =>
      performInner({ serving, caller, acting, work, references }, inner),
    refuse: (fault, inner) => refusal(serving.switches, fault, inner),
    atomically: (work) => serving.state.database.atomically(work),
    newGuid: serving.newGuid,
    failedChangeSet: serving.switches.failedChangeSet,
  })
}

/** For whom a request is done, when its headers say; the object id goes before the older user id. */
function actorOf({ state }: Serving, { headers }: Exchange, caller: Caller): Caller | undefined {
  const objectId = headers['callerobjectid']
  const userId = headers['mscrmcallerid']
  if (typeof objectId === 'string') return state.membership.impersonate(caller, { objectId })
  if (typeof userId === 'string') return state.membership.impersonate(caller, { userId })
  return undefined
}

/** Writes a fault as the answer of a request. */
export function refusal(
  switches: Readonly<OrganizationSwitches>,
  fault: Fault,
  exchange: Exchange,
): Answer {
  return faultAnswer(withSwitch(fault, switches), wishedAnnotations(exchange.headers['prefer']))
}

/** What the requests of one HTTP request share. */
interface Turn {
  readonly serving: Serving
  readonly caller: Caller
  /** Whom the headers around a batch name, else the caller. */
  readonly acting: Caller
  readonly work: Work
  readonly references: ReadonlyMap<string, string>
}

function performInner(turn: Turn, exchange: Exchange): Answer {
  const { counters, switches } = turn.serving
  turn.work.addInner()
  try {
    const address = checkedAddress(exchange.url)
    counters.countInner(exchange.method, address.segments[0]?.name ?? '')
    return serveOne(turn, exchange, address)
  } catch (error) {
    if (!(error instanceof Fault)) throw error
    return refusal(switches, error, exchange)
  }
}

function serveOne(
  { serving, caller, acting, work, references }: Turn,
  exchange: Exchange,
  address: Address,
) {
  const { identity, switches, state, now, plugins } = serving
  const { url, method, headers } = exchange
  refuseHeaders(exchange)
  checkAccept(exchange, address.segments[0]?.name === '$metadata')
  const tally = { rows: 1 }
  const request = {
    exchange,
    method,
    identity,
    database: state.database,
    caller: actorOf(serving, exchange, caller) ?? acting,
    membership: state.membership,
    securedColumns: switches.securedColumns,
    duplicateRules: serving.duplicateRules(),
    options: parseOptions(url.search, switches),
    preferences: readPreferences(headers['prefer']),
    base: baseOf(url, address),
    version: address.version ?? '',
    now: now(),
    timeZone: switches.timeZone,
    countDistinct: switches.countDistinct === 'answered',
    tracking: { retentionDays: switches.changeRetentionDays, deltaLink: switches.deltaLink },
    metadataVersion: String(state.database.schema.changes.version),
    references,
    tally,
    plugins: plugins(),
    pluginMegabytes: serving.limits().pluginMegabytes,
    outbox: serving.outbox,
    isWebhookHost: serving.isWebhookHost,
    background: {
      operations: serving.background,
      newId: serving.newGuid,
      acceptedStatus: switches.acceptedStatus,
    },
  }
  const kind = kindOf(method, address.segments)
  // A write that fails half way, or takes too long, leaves nothing behind.
  const run = () =>
    state.database.atomically(() => {
      const answer = spending(work, kind, tally, () => route(request, address.segments))
      work.add(kind, tally.rows)
      return answer
    })
  return request.preferences.respondAsync ? acceptRequest(request, address.segments, run) : run()
}

/** What fails takes its time as well. */
function spending(
  work: Work,
  kind: WorkKind,
  tally: { readonly rows: number },
  serve: () => Answer,
): Answer {
  try {
    return serve()
  } catch (error) {
    work.add(kind, tally.rows)
    throw error
  }
}

function checkedAddress(url: URL): Address {
  const address = readAddress(url.pathname)
  if (!address?.version || !VERSIONS.has(address.version)) throw noResource(url.href)
  return address
}

function baseOf(url: URL, { version }: Address): string {
  return `${url.origin}/api/data/${version}`
}

/** Newer builds give another code for unknown properties; a switch chooses. */
function withSwitch(fault: Fault, switches: Readonly<OrganizationSwitches>): Fault {
  if (fault.code !== '0x0' || !fault.message.startsWith('Could not find a property')) return fault
  return new Fault(fault.status, switches.propertyErrorCode, fault.message, fault.headers)
}
