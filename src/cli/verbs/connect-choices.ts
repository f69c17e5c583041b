import type { HubClient } from '../../http/client/index.ts'
import type { Answer } from '../../http/contract/index.ts'
import { textOption } from '../read-arguments.ts'
import { pick } from '../references.ts'
import { UsageError } from '../usage-error.ts'
import type { Call, Verb } from '../verb.ts'
import { labelled } from '../view.ts'
import { demandProof, namesProof, readProof } from './auth-client-proof.ts'
import type { AuthClient, Credential } from './describe.ts'

type Discovery = Answer<'discover'>

/** Finds the Auth Client that is meant, or stores it. @throws UsageError `usage` */
export async function chooseAuthClient(
  verb: Verb,
  call: Call,
  client: HubClient,
  found: Discovery,
): Promise<AuthClient> {
  const { terminal, signal } = call
  const { items } = await client.call('listAuthClients', {}, { signal })
  const named = textOption(call, 'auth-client')
  if (named !== undefined) return pick('Auth Client', items, named)
  const clientId = textOption(call, 'client-id')
  const fitting = items.filter(
    (item) =>
      item.tokenEndpoint.includes(found.tenantId) &&
      // Without a person only an app that can prove itself gets tokens.
      !(call.options['app'] === true && item.authentication === 'none') &&
      (clientId === undefined || item.clientId.toLowerCase() === clientId.toLowerCase()),
  )
  const [only] = fitting
  if (only && fitting.length === 1) {
    terminal.note(`Using the Auth Client "${only.name}".`)
    return namesProof(call) ? renewProof(verb, call, client, only) : only
  }
  if (clientId !== undefined && fitting.length === 0)
    return storeAuthClient(verb, call, client, { found, clientId })
  throw unclear(verb, fitting)
}

interface Wish {
  readonly authClient: AuthClient
  readonly found: Discovery
  readonly address: string
  readonly grant: 'app' | 'delegated'
}

/**
 * Connecting again the same environment on the same Auth Client renews the Credential that is there. One of
 * the same name that never came about, with a wrong Client Id perhaps, is taken for the new attempt.
 */
export async function chooseCredential(
  call: Call,
  client: HubClient,
  { authClient, found, address, grant }: Wish,
): Promise<Credential> {
  const { terminal, signal } = call
  const named = textOption(call, 'name')
  const { items } = await client.call('listCredentials', {}, { signal })
  const same = items.find(
    (item) =>
      item.authClientId === authClient.id &&
      item.environmentUrl === found.environmentUrl &&
      item.grant === grant &&
      (named === undefined || item.name === named),
  )
  if (same) {
    terminal.note(`Reconnecting the Credential "${same.name}".`)
    return same
  }
  const { host } = new URL(found.environmentUrl)
  const name = named ?? (grant === 'app' ? `${host} app` : host)
  const body = { authClientId: authClient.id, name, baseUrl: address, grant }
  const unfinished = items.find(
    (item) =>
      item.state === 'new' &&
      item.environmentUrl === found.environmentUrl &&
      item.grant === grant &&
      item.name === name,
  )
  if (unfinished)
    return await client.call(
      'editCredential',
      { params: { id: unfinished.id }, body: { ...body, version: unfinished.version } },
      { signal },
    )
  return await client.call('createCredential', { body }, { signal })
}

async function renewProof(
  verb: Verb,
  call: Call,
  client: HubClient,
  { id, version }: AuthClient,
): Promise<AuthClient> {
  const { authentication: _kept, ...proof } = await readProof(verb, call)
  const request = { params: { id }, body: { version, ...proof } }
  return await client.call('editAuthClient', request, { signal: call.signal })
}

async function storeAuthClient(
  verb: Verb,
  call: Call,
  client: HubClient,
  { found, clientId }: { readonly found: Discovery; readonly clientId: string },
): Promise<AuthClient> {
  const { terminal, signal } = call
  const { authorization, token, device } = found.endpoints.v2
  // A device code is for public clients: unless a proof is named, none is asked for.
  const isPublic = call.options['device-code'] === true && !namesProof(call)
  const proof = isPublic ? { authentication: 'none' as const } : await demandProof(verb, call)
  const body = {
    name: `${clientId.slice(0, 8)} in ${found.tenantId.slice(0, 8)}`,
    clientId,
    ...proof,
    tokenEndpoint: token,
    ...(authorization !== undefined && { authorizationEndpoint: authorization }),
    ...(device !== undefined && { deviceEndpoint: device }),
  }
  const { authClient, warnings } = await client.call('createAuthClient', { body }, { signal })
  for (const { what, remedy } of warnings)
    for (const line of labelled('! ', `${what} ${remedy}`, terminal.notes)) terminal.note(line)
  return authClient
}

function unclear(verb: Verb, fitting: readonly AuthClient[]): UsageError {
  if (fitting.length === 0)
    return new UsageError(verb, 'No Auth Client is stored for the tenant of this environment.', {
      remedy:
        'Register an app in that tenant, as docs/connecting.md tells (a hub shows it at /guide), and give --client-id <its Application (client) ID>; its secret is then asked for.',
    })
  const names = fitting.map(({ id, name }) => `${name} (${id})`).join(', ')
  return new UsageError(verb, `Several Auth Clients are stored for this tenant: ${names}.`, {
    remedy: 'Name one of them with --auth-client <name or id>.',
  })
}
