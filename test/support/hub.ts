import { createAlerts } from '../../src/hub/alerts/index.ts'
import { createAuditLog, hubActor } from '../../src/hub/audit/index.ts'
import { type Connect, createConnect, type FlowResult } from '../../src/hub/connect/index.ts'
import type { Store } from '../../src/hub/store/index.ts'
import {
  type AuthClientInput,
  createVault,
  openKeyring,
  type Vault,
} from '../../src/hub/vault/index.ts'
import {
  type Clock,
  createLogger,
  Secret,
  systemClock,
  systemRandom,
} from '../../src/kernel/index.ts'
import { createEgress, createSender, type Sender } from '../../src/transport/index.ts'
import { type TestDatabase, testDatabase } from './database.ts'
import { type Behaviour, type Ending, Person } from './person.ts'
import type { Sandbox } from './sandbox.ts'

const WORKSPACE = 'default'
const KEYS = new Secret(`k1:${Buffer.from('0123456789abcdef0123456789abcdef').toString('base64')}`)

/** The rooms of a hub over a sandbox, without its HTTP server. */
export interface TestHub extends AsyncDisposable {
  readonly database: TestDatabase
  readonly store: Store
  readonly vault: Vault
  readonly connect: Connect
  readonly by: ReturnType<typeof hubActor>
  /** Everything that was logged. */
  readonly log: readonly string[]
  /** Stores an Auth Client and a Credential on it; the sandbox's named app unless told otherwise. */
  credential(wish?: CredentialWish): Promise<{ credentialId: string; authClientId: string }>
  /** Signs in: link, pages, callback. */
  signIn(credentialId: string, behaviour: Behaviour): Promise<SignedIn>
}

export interface HubOptions {
  readonly clock?: Clock
  readonly timeoutMs?: number
  readonly beside?: TestHub
}

export interface CredentialWish {
  readonly client?: Partial<AuthClientInput>
  readonly baseUrl?: string
  readonly grant?: 'delegated' | 'app'
}

/** How a sign-in went, and what is needed to repeat its end. */
export interface SignedIn {
  readonly flowId: string
  readonly ending: Ending
  readonly cookies: Readonly<Record<string, string>>
  /** `undefined` when the pages led nowhere. */
  readonly result: FlowResult | undefined
}

/** Builds a hub on a database of its own, or as one more process `beside` another. */
export async function testHub(sandbox: Sandbox, options: HubOptions = {}): Promise<TestHub> {
  const { clock = systemClock, timeoutMs = 5_000, beside } = options
  const { authority, organizations } = sandbox.description
  const database = beside?.database ?? (await testDatabase())
  const store = await database.open()
  const log: string[] = []
  const logger = createLogger({ clock, level: 'debug', write: (line) => log.push(line) })
  const egress = createEgress({ allow: [authority, ...organizations.map(({ url }) => url)] })
  const sender = createSender({ egress, clock, logger, timeoutMs })
  const parts = { store, send: sender.send, clock, random: systemRandom, logger }
  const keyring = await openKeyring({ ...parts, source: { text: KEYS } })
  const alerts = createAlerts(parts)
  const audit = createAuditLog(parts)
  const vault = createVault({ ...parts, keyring, alerts, audit })
  const connect = createConnect({
    ...parts,
    keyring,
    vault,
    audit,
    publicUrl: new URL('http://localhost:4000'),
    trustedLoginOrigins: [authority],
  })
  const by = hubActor(WORKSPACE)
  return {
    database,
    store,
    vault,
    connect,
    by,
    log,
    credential: (wish) => storeCredential(vault, sandbox, wish),
    signIn: (credentialId, behaviour) => signIn(connect, credentialId, behaviour),
    [Symbol.asyncDispose]: () => end({ connect, sender, store, ...(!beside && { database }) }),
  }
}

async function end(parts: {
  readonly connect: Connect
  readonly sender: Sender
  readonly store: Store
  /** Dropped with the hub that made it. */
  readonly database?: TestDatabase
}): Promise<void> {
  await parts.connect.close()
  await parts.sender.close()
  await parts.store.close()
  await parts.database?.drop()
}

async function storeCredential(vault: Vault, sandbox: Sandbox, wish: CredentialWish = {}) {
  const { orgUrl, clientId, clientSecret, authority, tenantId } = sandbox.description
  const by = hubActor(WORKSPACE)
  const resource = encodeURIComponent(`${orgUrl}/`)
  const { authClient } = await vault.authClients.create(by, {
    name: 'Hub',
    clientId,
    authentication: 'secret',
    secret: new Secret(clientSecret),
    authorizationEndpoint: `${authority}/${tenantId}/oauth2/authorize?resource=${resource}`,
    tokenEndpoint: `${authority}/${tenantId}/oauth2/token`,
    ...wish.client,
  })
  const { credential } = await vault.credentials.create(by, {
    name: 'CRM',
    authClientId: authClient.id,
    baseUrl: wish.baseUrl ?? orgUrl,
    grant: wish.grant ?? 'delegated',
  })
  return { credentialId: credential.id, authClientId: authClient.id }
}

async function signIn(
  connect: Connect,
  credentialId: string,
  behaviour: Behaviour,
): Promise<SignedIn> {
  const { flowId, url } = await connect.startFlow({ by: hubActor(WORKSPACE), credentialId })
  const { location, cookie } = await connect.openTicket(url.split('/').at(-1) ?? '')
  const cookies = { [cookie.name]: cookie.value }
  const ending = await new Person(behaviour).visit(location)
  if (ending.kind === 'page') return { flowId, ending, cookies, result: undefined }
  const result = await connect.finish({ query: ending.url.searchParams, cookies })
  return { flowId, ending, cookies, result }
}
