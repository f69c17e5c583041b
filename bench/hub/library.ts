import {
  createMetadataCache,
  DataverseClient,
  type TokenSource,
} from '../../src/dataverse/index.ts'
import { Secret, silentLogger, systemClock, systemRandom } from '../../src/kernel/index.ts'
import { Undo } from '../../src/main/undo.ts'
import { createEgress, createSender, type Send } from '../../src/transport/index.ts'
import { testDatabase } from '../../test/support/database.ts'
import { ada, identity, vaultOver } from '../../test/support/vault.ts'
import { withBeside } from '../program.ts'

export const registration = {
  name: 'Bench',
  clientId: '44444444-4444-4444-8444-444444444444',
} as const
export const secret = 'a-secret-that-nobody-checks'

export function endpoints(origin: string) {
  const address = `${origin}/00000000-0000-4000-8000-000000000004/oauth2/v2.0`
  return { authorizationEndpoint: `${address}/authorize`, tokenEndpoint: `${address}/token` }
}

/** What a program has that uses the library, and no hub: a Credential in its vault, and a client on it. */
export interface Library extends AsyncDisposable {
  readonly tokens: TokenSource
  readonly send: Send
  readonly client: DataverseClient
}

/** Does a part's work with a service in a process of its own and a library on it. */
export function withLibrary(
  work: (origin: string, library: Library) => Promise<void>,
): Promise<void> {
  return withBeside('hub/service.ts', {}, async (origin) => {
    const library = await openLibrary(origin)
    try {
      await work(origin, library)
    } finally {
      await library[Symbol.asyncDispose]()
    }
  })
}

async function openLibrary(origin: string): Promise<Library> {
  const undo = new Undo()
  return undo.whole(() => openInto(undo, origin))
}

async function openInto(undo: Undo, origin: string): Promise<Library> {
  const database = await testDatabase()
  undo.defer(() => database.drop())
  const store = await database.open()
  undo.defer(() => store.close())
  const allow = [origin]
  const made = await vaultOver(store, { allow })
  undo.defer(() => made.close())
  const { authClient } = await made.vault.authClients.create(ada, {
    ...registration,
    authentication: 'secret',
    secret: new Secret(secret),
    ...endpoints(origin),
  })
  const { credential } = await made.vault.credentials.create(ada, {
    ...{ name: 'Bench', authClientId: authClient.id, baseUrl: origin, grant: 'app' },
  })
  // Its token has ended, so that the first call obtains one as every later renewal does.
  const accessToken = new Secret('ended-long-ago')
  await made.vault.storeGrant(ada, credential.id, {
    ...{ tokens: { accessToken, expiresAt: 0 }, identity, obtainedFor: credential },
  })
  const parts = { clock: systemClock, random: systemRandom, logger: silentLogger }
  const sender = createSender({ ...parts, egress: createEgress({ allow }) })
  undo.defer(() => sender.close())
  const tokens = made.vault.tokenSource(ada.workspaceId, credential.id)
  const metadataCache = createMetadataCache({ maxEntries: 9 })
  const client = new DataverseClient({
    ...{ ...parts, environmentUrl: origin, apiVersion: 'v9.2', tokens, send: sender.send },
    metadataCache,
  })
  return { tokens, send: sender.send, client, [Symbol.asyncDispose]: () => undo.run() }
}
