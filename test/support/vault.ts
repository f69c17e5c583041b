import { createAlerts } from '../../src/hub/alerts/index.ts'
import { type Actor, createAuditLog } from '../../src/hub/audit/index.ts'
import type { Store } from '../../src/hub/store/index.ts'
import {
  type AuthClientInput,
  createVault,
  type KeySource,
  openKeyring,
  type VaultOptions,
} from '../../src/hub/vault/index.ts'
import {
  type Clock,
  Secret,
  silentLogger,
  systemClock,
  systemRandom,
} from '../../src/kernel/index.ts'
import { createEgress, createSender, type Send } from '../../src/transport/index.ts'
import { type TestDatabase, testDatabase } from './database.ts'
import type { GrantServer } from './grant-server.ts'

export const ada: Actor = { workspaceId: 'default', kind: 'user', id: 'ada', ip: '127.0.0.1' }

/** Ada in a workspace of her own. */
export async function newActor(store: Store): Promise<Actor> {
  const workspaceId = systemRandom.id()
  await store.db.insertInto('workspaces').values({ id: workspaceId, name: 'Test' }).execute()
  return { ...ada, workspaceId }
}
export const environmentUrl = 'https://org1.crm4.dynamics.com'
export const identity = {
  tenantId: '11111111-1111-4111-8111-111111111111',
  organizationId: '22222222-2222-4222-8222-222222222222',
  userId: '33333333-3333-4333-8333-333333333333',
  userPrincipalName: 'ada@example.com',
}
const KEYS = new Secret(`k1:${Buffer.from('0123456789abcdef0123456789abcdef').toString('base64')}`)
const CLIENT_ID = '44444444-4444-4444-8444-444444444444'

/** The machine's clock, moved by hand; sleeping is real, as the database's time is. */
export class MovedClock implements Clock {
  offset = 0

  now(): number {
    return Date.now() + this.offset
  }

  sleep(ms: number, signal?: AbortSignal): Promise<void> {
    return systemClock.sleep(ms, signal)
  }
}

/** One hub process's vault over a store. */
export async function vaultOver(
  store: Store,
  options: {
    readonly clock?: MovedClock
    readonly allow?: readonly string[]
    readonly times?: VaultOptions['times']
    readonly source?: KeySource
    /** Put on every request. */
    readonly headers?: Readonly<Record<string, string>>
  } = {},
) {
  const clock = options.clock ?? new MovedClock()
  const parts = { store, clock, random: systemRandom, logger: silentLogger }
  const alerts = createAlerts(parts)
  const audit = createAuditLog(parts)
  const keyring = await openKeyring({ ...parts, source: options.source ?? { text: KEYS } })
  const egress = createEgress({ allow: options.allow ?? [] })
  const sender = createSender({ egress, ...parts })
  const send: Send = (request) =>
    sender.send({ ...request, headers: { ...request.headers, ...options.headers } })
  const vault = createVault({
    ...{ ...parts, alerts, audit, keyring, send },
    ...(options.times && { times: options.times }),
  })
  return { vault, alerts, audit, keyring, clock, store, close: () => sender.close() }
}

export type TestVault = Awaited<ReturnType<typeof vaultOver>>

/** A vault over a database of its own, gone at the end of the test. */
export async function testVault(
  server?: GrantServer,
  options: { readonly clock?: MovedClock; readonly times?: VaultOptions['times'] } = {},
) {
  const database: TestDatabase = await testDatabase()
  const store = await database.open()
  const made = await vaultOver(store, { ...options, allow: server ? [server.origin] : [] })
  return {
    ...made,
    database,
    [Symbol.asyncDispose]: async () => {
      await made.close()
      await store.close()
      await database.drop()
    },
  }
}

/** What to fill in for an Auth Client on a token server. */
export function clientInput(
  server?: Pick<GrantServer, 'authorizationEndpoint' | 'tokenEndpoint'>,
): AuthClientInput {
  return {
    name: 'CRM app',
    clientId: CLIENT_ID,
    authentication: 'secret',
    secret: new Secret('secret-value-that-is-right'),
    authorizationEndpoint:
      server?.authorizationEndpoint ?? 'https://login.windows.net/common/oauth2/authorize',
    tokenEndpoint: server?.tokenEndpoint ?? 'https://login.windows.net/common/oauth2/token',
  }
}

/** A connected delegated Credential whose access token has ended. */
export async function expiredCredential(made: TestVault, server: GrantServer, by: Actor = ada) {
  const { authClient } = await made.vault.authClients.create(by, clientInput(server))
  return await connect(made, server, { by, authClientId: authClient.id, name: 'CRM' })
}

/** The same in a workspace of its own, on a server that has forgotten what tests did before. */
export async function freshCredential(
  made: TestVault,
  server: GrantServer,
  options: { readonly strict?: boolean } = {},
) {
  server.reset(options)
  const by = await newActor(made.store)
  return { ...(await expiredCredential(made, server, by)), by, workspaceId: by.workspaceId }
}

/** Connects one more Credential on an Auth Client; its access token has ended. */
export async function connect(
  { vault, clock }: TestVault,
  server: GrantServer,
  {
    by = ada,
    authClientId,
    name = 'Other',
  }: { readonly by?: Actor; readonly authClientId: string; readonly name?: string },
) {
  const { credential } = await vault.credentials.create(by, {
    name,
    authClientId,
    baseUrl: environmentUrl,
  })
  await vault.storeGrant(by, credential.id, {
    tokens: {
      accessToken: new Secret(`access-expired-${credential.id}`),
      refreshToken: new Secret(server.signIn()),
      expiresAt: clock.now() - 1,
    },
    identity,
    obtainedFor: credential,
  })
  return {
    authClientId,
    id: credential.id,
    tokens: vault.tokenSource(by.workspaceId, credential.id),
  }
}
