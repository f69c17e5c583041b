import { json, notSupported } from '../answers.ts'
import type { Counters } from '../counters.ts'
import { Fault, type Organization } from '../dataverse/index.ts'
import { AadstsError } from '../entra/aadsts.ts'
import type { Entra } from '../entra/index.ts'
import { hashOpaque } from '../entra/opaque.ts'
import { revokeRefreshTokens } from '../entra/refresh-tokens.ts'
import type { Answer, Exchange, Handler } from '../exchange.ts'
import { type FaultQueue, readFault } from '../faults/index.ts'
import {
  allowOnly,
  InputError,
  type JsonObject,
  readObject,
  readOptionalNumber,
  readOptionalString,
  readOptionalTime,
} from '../json-input.ts'
import type { MovableClock } from '../movable-clock.ts'
import type { Trace } from '../trace.ts'
import {
  changeApp,
  changeUser,
  describeApp,
  findAppById,
  findUserByIdOrName,
  readTokenList,
  registerApp,
} from './apps.ts'
import { controlOrganization } from './organization-control.ts'

/** Everything that the control API reaches. */
export interface ControlOptions {
  readonly entra: Entra
  readonly clock: MovableClock
  readonly faults: FaultQueue
  readonly trace: Trace
  readonly counters: Counters
  readonly organization: (uniqueName: string) => Organization | undefined
  /** Back to the seeded directory and fresh organizations. */
  readonly reset: () => void
  /** What the sandbox prints at its start. */
  readonly line: () => unknown
}

type Call = { readonly exchange: Exchange; readonly path: readonly string[]; body(): JsonObject }
type Operation = (options: ControlOptions, call: Call) => Answer | undefined

/** Serves the control API: JSON, loopback only, never from a web page. */
export function createControlApi(options: ControlOptions): Handler {
  return async (exchange) => {
    if (exchange.headers.origin !== undefined) {
      return json(403, { error: { message: 'The control API does not serve web pages.' } })
    }
    try {
      const answer = dispatch(options, exchange)
      await options.entra.save()
      return answer
    } catch (error) {
      const known = [InputError, AadstsError, Fault].find((type) => error instanceof type)
      if (known && error instanceof Error) {
        return json(400, { error: { message: error.message } })
      }
      throw error
    }
  }
}

function dispatch(options: ControlOptions, exchange: Exchange): Answer {
  const [, first = '', ...path] = exchange.url.pathname.split('/').map(decodeSegment)
  const operation = OPERATIONS.get(`${exchange.method} ${first}`)
  const call: Call = { exchange, path, body: () => readBody(exchange) }
  const answer =
    first === 'organizations' ? organizationCall(options, call) : operation?.(options, call)
  return answer ?? notSupported(`${exchange.method} ${exchange.url.pathname} in the control API`)
}

function decodeSegment(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    throw new InputError('The path holds a percent sign that starts no escape.')
  }
}

const OPERATIONS: ReadonlyMap<string, Operation> = new Map<string, Operation>([
  ['GET state', (options) => json(200, describeState(options))],
  ['GET clock', ({ clock }) => json(200, { now: new Date(clock.now()).toISOString() })],
  ['POST clock', setClock],
  ['GET faults', ({ faults }) => json(200, faults.list())],
  ['POST faults', addFaults],
  ['DELETE faults', ({ faults }) => run(() => faults.clear())],
  ['GET apps', ({ entra }, { path }) => showApps(entra, path[0])],
  ['POST apps', addApp],
  ['PATCH apps', patchApp],
  ['DELETE apps', removeApp],
  [
    'POST users',
    ({ entra }, { path, body }) => json(200, changeUser(entra.context, path[0] ?? '', body())),
  ],
  ['POST revoke', revoke],
  ['GET trace', ({ trace }) => json(200, trace.list())],
  ['DELETE trace', ({ trace }) => run(() => trace.clear())],
  ['GET counters', ({ counters }) => json(200, counters.snapshot())],
  ['DELETE counters', ({ counters }) => run(() => counters.reset())],
  ['POST reset', ({ reset }) => run(() => reset())],
])

function describeState({ entra, clock, faults, line }: ControlOptions) {
  const { state } = entra.context
  const now = clock.now()
  return {
    now: new Date(now).toISOString(),
    sandbox: line(),
    tenants: state.tenants,
    users: state.users,
    apps: state.apps.map((app) => describeApp(entra.context, app)),
    consents: state.consents,
    refreshTokens: state.refreshTokens.map(({ hash, ...token }) => ({ id: hash, ...token })),
    faults: faults.list(),
  }
}

function setClock({ clock }: ControlOptions, { body }: Call): Answer {
  const wish = body()
  allowOnly(wish, ['advanceMs', 'now'], 'The clock')
  const advance = readOptionalNumber(wish, 'advanceMs')
  const now = readOptionalTime(wish, 'now') ?? clock.now()
  const target = readOptionalTime({ now: now + (advance ?? 0) }, 'now')
  if (target !== undefined) clock.set(target)
  return json(200, { now: new Date(clock.now()).toISOString() })
}

function addFaults({ faults }: ControlOptions, { exchange }: Call): Answer {
  const value = parseBody(exchange)
  const list = Array.isArray(value) ? value : [value]
  for (const fault of list.map(readFault)) faults.add(fault)
  return json(201, faults.list())
}

function showApps({ context }: Entra, id: string | undefined): Answer | undefined {
  if (id === undefined) {
    return json(
      200,
      context.state.apps.map((app) => describeApp(context, app)),
    )
  }
  const app = findAppById(context, id)
  return app ? json(200, describeApp(context, app)) : missing(`app '${id}'`)
}

function addApp({ entra }: ControlOptions, { body }: Call): Answer {
  const app = registerApp(entra.context, body())
  const [secret] = app.secrets
  return json(201, {
    ...describeApp(entra.context, app),
    ...(secret ? { clientSecret: secret.value, secretId: secret.id } : {}),
  })
}

function patchApp({ entra }: ControlOptions, { path, body }: Call): Answer {
  const app = findAppById(entra.context, path[0] ?? '')
  if (!app) return missing(`app '${path[0]}'`)
  const added = changeApp(entra.context, app, body())
  return json(200, {
    ...describeApp(entra.context, app),
    ...(added ? { clientSecret: added.value, secretId: added.id } : {}),
  })
}

function removeApp({ entra }: ControlOptions, { path }: Call): Answer {
  const app = findAppById(entra.context, path[0] ?? '')
  if (!app) return missing(`app '${path[0]}'`)
  entra.context.state.apps = entra.context.state.apps.filter((one) => one !== app)
  entra.context.touch()
  return { status: 204 }
}

/** Revokes by user (all sessions, as an admin does) or by the tokens' ids or values. */
function revoke({ entra, clock }: ControlOptions, { body }: Call): Answer {
  const wish = body()
  allowOnly(wish, ['user', 'refreshTokens'], 'The revocation')
  const name = readOptionalString(wish, 'user')
  if (name !== undefined) {
    const user = findUserByIdOrName(entra.context, name)
    user.tokensValidFrom = clock.now()
    for (const session of entra.context.state.sessions) {
      session.accounts = session.accounts.filter((one) => one.userId !== user.id)
    }
    const revoked = revokeRefreshTokens(entra.context, (token) => token.signIn.userId === user.id)
    return json(200, { revoked })
  }
  const wanted = new Set(readTokenList(wish).flatMap((one) => [one, hashOpaque(one)]))
  return json(200, {
    revoked: revokeRefreshTokens(entra.context, (token) => wanted.has(token.hash)),
  })
}

function organizationCall({ organization }: ControlOptions, call: Call): Answer | undefined {
  const [uniqueName = '', ...path] = call.path
  const found = organization(uniqueName)
  if (!found) return missing(`organization '${uniqueName}'`)
  const { method, url } = call.exchange
  return controlOrganization(found, { method, path, query: url.searchParams, body: call.body })
}

function readBody(exchange: Exchange): JsonObject {
  return readObject(parseBody(exchange), 'The body')
}

function parseBody(exchange: Exchange): unknown {
  const type = exchange.headers['content-type'] ?? ''
  if (!type.startsWith('application/json')) {
    throw new InputError('The body must be JSON, with the content type application/json.')
  }
  try {
    return JSON.parse(exchange.body.toString('utf8'))
  } catch {
    throw new InputError('The body is not JSON.')
  }
}

function run(action: () => void): Answer {
  action()
  return { status: 204 }
}

function missing(what: string): Answer {
  return json(404, { error: { message: `There is no ${what}.` } })
}
