import { actions, type Entry, manifest, triggers } from '../../src/connector/index.ts'
import { DataverseClient } from '../../src/dataverse/index.ts'
import { createClient, type HubClient } from '../../src/http/client/index.ts'
import { createHttp, type Http, type Hub } from '../../src/http/index.ts'
import { createAccess } from '../../src/hub/access/index.ts'
import { createAlerts } from '../../src/hub/alerts/index.ts'
import { createAttachments } from '../../src/hub/attachments/index.ts'
import { createAuditLog } from '../../src/hub/audit/index.ts'
import { createConnect, readGuide } from '../../src/hub/connect/index.ts'
import {
  type RunHost,
  readForm,
  readOptions,
  readTypes,
  runAction,
} from '../../src/hub/runs/index.ts'
import type { Store } from '../../src/hub/store/index.ts'
import { createTriggers } from '../../src/hub/triggers/index.ts'
import { createVault, openKeyring } from '../../src/hub/vault/index.ts'
import { createLogger, Secret, systemRandom } from '../../src/kernel/index.ts'
import { discover, parseCrmAddress } from '../../src/oauth/index.ts'
import { createEgress, createSender } from '../../src/transport/index.ts'
import { PASSWORD, tokenOf } from './access.ts'
import { testDatabase } from './database.ts'
import { MovedClock } from './vault.ts'

export interface TestHttp extends AsyncDisposable {
  readonly http: Http
  readonly hub: Hub
  readonly store: Store
  readonly clock: MovedClock
  readonly publicUrl: URL
  /** Everything that was logged. */
  readonly log: readonly string[]
  /** Calls the server as a program would: without cookies, without Origin. */
  call(path: string, init?: CallInit): Promise<Response>
  /** Ends the work on stored messages, as the end of the process would; answers with what begins it anew. */
  pauseDeliveries(): Promise<() => void>
  /** A typed client, with an API key of the given scopes. */
  client(...scopes: readonly Scope[]): Promise<HubClient>
  key(...scopes: readonly Scope[]): Promise<Secret>
  /** Makes the first user; answers with the Cookie header of the session. */
  signIn(): Promise<string>
}

type Scope = 'read' | 'run' | 'manage' | 'admin'

export interface CallInit extends RequestInit {
  /** Where the call comes from. */
  readonly address?: string
}

export interface TestHttpOptions {
  readonly publicUrl?: string
  readonly platformName?: string
  /** Origins that may be called. */
  readonly allow?: readonly string[]
  readonly trustedProxies?: number
  /** More than the connector has. */
  readonly entries?: readonly Entry[]
  /** How many messages of one trigger are kept. */
  readonly backlog?: { readonly messages: number; readonly bytes: number }
  /** Replaces parts of the hub: to show what the server makes of what a room does. */
  readonly replace?: (hub: Hub) => Partial<Hub>
}

/** Builds the whole hub behind its HTTP server, on a database of its own and without a socket. */
export async function testHttp(options: TestHttpOptions = {}): Promise<TestHttp> {
  const publicUrl = new URL(options.publicUrl ?? 'http://localhost:4000')
  const database = await testDatabase()
  const store = await database.open()
  const clock = new MovedClock()
  const log: string[] = []
  const logger = createLogger({ clock, level: 'debug', write: (line) => log.push(line) })
  const entries = [...triggers, ...actions, ...(options.entries ?? [])]
  const parts = { store, clock, logger, publicUrl }
  const { backlog, allow = [] } = options
  const { rooms, pauseDeliveries, close } = await buildHub(parts, allow, entries, backlog)
  const hub = { ...rooms, ...options.replace?.(rooms) }
  const http = createHttp({
    ...{ hub, publicUrl, clock, logger, random: systemRandom },
    platformName: options.platformName ?? 'Fairlead',
    trustedProxies: options.trustedProxies ?? 0,
  })
  const call: TestHttp['call'] = async (path, { address = '192.0.2.1', ...init } = {}) =>
    await http.fetch(new Request(new URL(path, publicUrl), { redirect: 'manual', ...init }), {
      incoming: { socket: { remoteAddress: address } },
    })
  const key: TestHttp['key'] = async (...scopes) =>
    (await hub.access.issueApiKey({ name: 'test', scopes, validMs: 3_600_000 })).key
  return {
    ...{ http, hub, store, clock, publicUrl, log, call, key, pauseDeliveries },
    client: async (...scopes) =>
      createClient({
        url: publicUrl,
        key: await key(...scopes),
        fetch: async (request) => await http.fetch(request, {}),
      }),
    signIn: async () => {
      const token = tokenOf((await hub.access.firstLink())?.url)
      const signedIn = await hub.access.useSetupLink({ token, name: 'Ada', password: PASSWORD })
      const secure = publicUrl.protocol === 'https:'
      const name = secure ? '__Host-fairlead_session' : `fairlead_session_${publicUrl.port}`
      return `${name}=${signedIn.token.reveal()}`
    },
    [Symbol.asyncDispose]: async () => {
      await close()
      await store.close()
      await database.drop()
    },
  }
}

async function buildHub(
  parts: {
    readonly store: Store
    readonly clock: MovedClock
    readonly logger: ReturnType<typeof createLogger>
    readonly publicUrl: URL
  },
  allow: readonly string[],
  entries: readonly Entry[],
  backlog: TestHttpOptions['backlog'],
) {
  const { store, clock, logger, publicUrl } = parts
  const random = systemRandom
  const { send, close } = createSender({ egress: createEgress({ allow }), clock, logger })
  const text = new Secret(`test:${Buffer.from(random.bytes(32)).toString('base64')}`)
  const keyring = await openKeyring({ store, clock, random, logger, source: { text } })
  const alerts = createAlerts({ store, clock, random, logger })
  const audit = createAuditLog({ store, clock })
  const common = { store, send, clock, random, logger, keyring }
  const vault = createVault({ ...common, alerts, audit })
  const trusted = { trustedLoginOrigins: allow }
  const connect = createConnect({ ...common, vault, audit, publicUrl, ...trusted })
  const passwordCost = { ln: 4, r: 8, p: 1 }
  const access = createAccess({ store, clock, random, audit, publicUrl, passwordCost })
  const attachments = createAttachments({ store, publicUrl, clock, random })
  const host: RunHost = {
    entries,
    credentials: {
      find: (workspaceId, id) => vault.credentials.get(workspaceId, id),
      tokenSource: (workspaceId, id, environmentUrl) =>
        vault.tokenSource(workspaceId, id, environmentUrl),
    },
    createClient: ({ environmentUrl, apiVersion }, tokens) =>
      new DataverseClient({ environmentUrl, apiVersion, tokens, send, clock, logger, random }),
    attachments: (workspaceId) => attachments.of(workspaceId),
    limits: { maxMessageBytes: 10_000_000, maxCursorBytes: 5_000, maxRunMs: 60_000 },
    clock,
    logger,
  }
  const leaseMs = 2_000
  const stored = createTriggers({
    ...{ ...common, alerts, audit, publicUrl, host, leaseMs },
    ...(backlog && { backlog }),
  })
  const deliveries = { worker: stored.begin() }
  const rooms: Hub = {
    access,
    connect,
    alerts,
    audit,
    attachments,
    triggers: stored,
    authClients: vault.authClients,
    credentials: vault.credentials,
    actions: {
      list: [...manifest.triggers, ...manifest.actions],
      run: (run) => runAction(host, run),
      form: (form) => readForm(host, form),
      options: (form) => readOptions(host, form),
      types: (request) => readTypes(host, request),
    },
    discover: async (address, signal) => {
      const found = await discover(address, { send, clock, signal, ...trusted })
      const { cloud: _, ...rest } = found
      return { ...rest, notes: parseCrmAddress(address).notes }
    },
    readGuide: (values) => {
      const { redirectUri } = connect
      return readGuide({ ...values, redirectUri, platformName: 'Fairlead', now: clock.now() })
    },
    ping: () => store.ping(),
  }
  return {
    rooms,
    pauseDeliveries: async () => {
      await deliveries.worker.stop()
      return () => {
        deliveries.worker = stored.begin()
      }
    },
    close: async () => {
      await deliveries.worker.stop()
      await connect.close()
      await close()
    },
  }
}
