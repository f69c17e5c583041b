import type { HubClient } from '../../src/http/client/index.ts'
import { type TestHttp, type TestHttpOptions, testHttp } from './http.ts'
import { type Sandbox, startSandbox } from './sandbox.ts'

/** A hub over a sandbox with one Credential that is connected. */
export interface ConnectedHub extends AsyncDisposable {
  readonly sandbox: Sandbox
  readonly hub: TestHttp
  readonly credentialId: string
}

/** Starts a sandbox and a hub, and connects an application of it. */
export async function connectedHub(
  options: TestHttpOptions & { readonly rows?: number } = {},
): Promise<ConnectedHub> {
  const { rows = 20, ...more } = options
  const sandbox = await startSandbox({ rows })
  const { authority, organizations } = sandbox.description
  const allow = [authority, ...organizations.map(({ url }) => url)]
  const hub = await testHttp({ allow, ...more })
  const admin = await hub.client('admin')
  const credentialId = await connect(admin, sandbox)
  return {
    sandbox,
    hub,
    credentialId,
    [Symbol.asyncDispose]: async () => {
      await hub[Symbol.asyncDispose]()
      await sandbox.close()
    },
  }
}

/** Connects the sandbox's named app as an application user; answers with the id of its Credential. */
export async function connect(admin: HubClient, { description }: Sandbox): Promise<string> {
  const { orgUrl, clientId, clientSecret } = description
  const { endpoints } = await admin.call('discover', { body: { address: orgUrl } })
  const { authClient } = await admin.call('createAuthClient', {
    body: {
      name: 'Hub',
      clientId,
      clientSecret,
      authorizationEndpoint: endpoints.v2.authorization,
      tokenEndpoint: endpoints.v2.token,
    },
  })
  const { id } = await admin.call('createCredential', {
    body: { authClientId: authClient.id, name: 'CRM', baseUrl: orgUrl, grant: 'app' },
  })
  await admin.call('startFlow', { params: { id }, body: { kind: 'app' } })
  return id
}
