import { aadsts } from './aadsts.ts'
import { authenticateClient, basicCredentials, type ClientProof } from './client-authentication.ts'
import type { EntraContext } from './context.ts'
import { canonicalPath, chooseTenant, findApp, type TenantChoice } from './directory.ts'
import type { App } from './model.ts'
import type { EntraRequest, Parameters } from './request.ts'

/** A POST to a token endpoint whose client is known; not yet proven. */
export interface TokenRequest {
  readonly request: EntraRequest
  readonly parameters: Parameters
  readonly version: 1 | 2
  readonly choice: TenantChoice
  readonly app: App
  /** The Origin header of a browser's call. */
  readonly webOrigin: string | undefined
}

/** Finds tenant and client of a token request. @throws AADSTS900144 and those of `findApp` */
export function readTokenRequest(
  context: EntraContext,
  request: EntraRequest,
  parameters: Parameters,
  version: 1 | 2,
  appOnly: boolean,
): TokenRequest {
  const choice = chooseTenant(context, request.tenantPath)
  const clientId = parameters.get('client_id') ?? basicCredentials(request)?.clientId
  if (clientId === undefined) throw aadsts(900144, { name: 'client_id' })
  const app = findApp(context, clientId, appOnly ? homeOf(context, clientId, choice) : choice)
  if (version === 2 && parameters.has('resource')) refuseResource(parameters)
  return {
    request,
    parameters,
    version,
    choice,
    app,
    webOrigin: request.exchange.headers.origin,
  }
}

/** Checks the client's proof; `publicUse` says that this grant belongs to a public client. */
export function proveClient(
  context: EntraContext,
  token: TokenRequest,
  publicUse: boolean,
): Promise<ClientProof> {
  return authenticateClient(context, token.request, token.parameters, token.app, publicUse)
}

/** The tenant of the address in its one spelling. */
export function pathOf(token: TokenRequest): string {
  return canonicalPath(token.choice)
}

/** v2 has scopes instead. @throws AADSTS9010010 it differs from the scopes, 901002 otherwise */
export function refuseResource(parameters: Parameters): never {
  const resource = (parameters.get('resource') ?? '').replace(/\/$/, '')
  const scope = parameters.get('scope')
  if (scope !== undefined && !scope.includes(resource)) throw aadsts(9010010)
  throw aadsts(901002)
}

/** An app-only request has failures of its own for /common, so there the app is looked up at home. */
function homeOf(context: EntraContext, clientId: string, choice: TenantChoice): TenantChoice {
  if (choice.kind === 'tenant') return choice
  const app = context.state.apps.find((one) => one.appId === clientId.toLowerCase())
  const tenant = context.state.tenants.find((one) => one.id === app?.tenantId)
  return tenant ? { kind: 'tenant', tenant } : choice
}
