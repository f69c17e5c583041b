import type { HubClient } from '../../http/client/index.ts'
import type { Answer } from '../../http/contract/index.ts'
import { type ExitCode, exitCode } from '../exit-code.ts'
import { openBrowser } from '../open-browser.ts'
import { pick } from '../references.ts'
import { paint } from '../terminal.ts'
import { UsageError } from '../usage-error.ts'
import type { Call, Verb } from '../verb.ts'
import { proofOptions, readProof } from './auth-client-proof.ts'
import { followFlow } from './follow-flow.ts'
import { verifyCredential } from './verify.ts'

type Discovery = Answer<'discover'>
type AuthClient = Answer<'getAuthClient'>
type Credential = Answer<'getCredential'>

export const connect: Verb = {
  name: 'connect',
  summary: 'Connect a CRM environment: find its tenant, sign in, verify',
  usage:
    '<crm address> [--auth-client <auth client> | --client-id <id> …] [--device-code | --app] [--name <name>] [--no-browser]',
  options: {
    'auth-client': { type: 'string' },
    'client-id': { type: 'string' },
    ...proofOptions,
    'device-code': { type: 'boolean' },
    app: { type: 'boolean' },
    name: { type: 'string' },
    'no-browser': { type: 'boolean' },
  },
  takes: [1, 1],
  async run(call) {
    const { positionals, options, terminal, signal } = call
    const client = await call.hub()
    const address = positionals[0] ?? ''
    const found = await client.call('discover', { body: { address } }, { signal })
    terminal.note(
      `${found.environmentUrl} belongs to tenant ${found.tenantId}, signed in at ${found.authority}`,
    )
    const authClient = await chooseAuthClient(call, client, found)
    const credential = await chooseCredential(call, client, authClient, found, address)
    const kind =
      options['app'] === true ? 'app' : options['device-code'] === true ? 'device' : 'browser'
    const flow = await client.call(
      'startFlow',
      { params: { id: credential.id }, body: { kind } },
      { signal },
    )
    const connected = await followFlow(client, flow, terminal, signal, async (url) => {
      if (terminal.interactive && options['no-browser'] !== true) await openBrowser(url)
    })
    if (!connected) return exitCode.needsSignIn
    return verifyAndTell(call, client, credential)
  },
}

async function verifyAndTell(
  { terminal, signal }: Call,
  client: HubClient,
  credential: Credential,
): Promise<ExitCode> {
  terminal.note(paint(terminal, 'bold', `Connected: ${credential.name} (${credential.id})`))
  return verifyCredential(client, credential.id, terminal, signal)
}

async function chooseAuthClient(
  call: Call,
  client: HubClient,
  found: Discovery,
): Promise<AuthClient> {
  const { options, terminal, signal } = call
  const { items } = await client.call('listAuthClients', {}, { signal })
  const named = options['auth-client']
  if (typeof named === 'string') return pick('Auth Client', items, named)
  if (typeof options['client-id'] === 'string')
    return storeAuthClient(call, client, found, options['client-id'])
  const fitting = items.filter(({ tokenEndpoint }) => tokenEndpoint.includes(found.tenantId))
  const [only] = fitting
  if (only && fitting.length === 1) {
    terminal.note(`Using the Auth Client "${only.name}".`)
    return only
  }
  throw new UsageError(
    connect,
    fitting.length === 0
      ? 'No Auth Client is stored for this tenant yet.'
      : `${fitting.length} Auth Clients are stored for this tenant.`,
  )
}

async function storeAuthClient(
  call: Call,
  client: HubClient,
  found: Discovery,
  clientId: string,
): Promise<AuthClient> {
  const { authorization, token, device } = found.endpoints.v2
  // A device code is for public clients: a secret is neither needed nor accepted there.
  const isPublic = call.options['device-code'] === true
  const { authentication, ...proof } = isPublic
    ? { authentication: 'none' as const }
    : await readProof(call, true)
  const { authClient, warnings } = await client.call(
    'createAuthClient',
    {
      body: {
        name: `${clientId.slice(0, 8)} in ${found.tenantId.slice(0, 8)}`,
        clientId,
        authentication: authentication ?? 'secret',
        ...proof,
        tokenEndpoint: token,
        ...(authorization !== undefined && { authorizationEndpoint: authorization }),
        ...(device !== undefined && { deviceEndpoint: device }),
      },
    },
    { signal: call.signal },
  )
  for (const { what, remedy } of warnings) call.terminal.note(`! ${what} ${remedy}`)
  return authClient
}

// Connecting again the same environment on the same Auth Client renews the Credential that is there.
async function chooseCredential(
  { options, terminal, signal }: Call,
  client: HubClient,
  authClient: AuthClient,
  found: Discovery,
  address: string,
): Promise<Credential> {
  const grant = options['app'] === true ? 'app' : 'delegated'
  const name = String(options['name'] ?? new URL(found.environmentUrl).host)
  const { items } = await client.call('listCredentials', {}, { signal })
  const same = items.find(
    (item) =>
      item.authClientId === authClient.id &&
      item.environmentUrl === found.environmentUrl &&
      item.grant === grant &&
      (options['name'] === undefined || item.name === name),
  )
  if (same) {
    terminal.note(`Reconnecting the Credential "${same.name}".`)
    return same
  }
  return client.call(
    'createCredential',
    { body: { authClientId: authClient.id, name, baseUrl: address, grant } },
    { signal },
  )
}
