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
  const { authority, organizations, orgUrl, clientId, clientSecret } = sandbox.description
  const allow = [authority, ...organizations.map(({ url }) => url)]
  const hub = await testHttp({ allow, ...more })
  const admin = await hub.client('admin')
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
  return {
    sandbox,
    hub,
    credentialId: id,
    [Symbol.asyncDispose]: async () => {
      await hub[Symbol.asyncDispose]()
      await sandbox.close()
    },
  }
}
