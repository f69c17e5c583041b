import { json } from '../../answers.ts'
import type { Answer } from '../../exchange.ts'
import { aadsts } from '../aadsts.ts'
import { mintAccessToken } from '../access-tokens.ts'
import type { EntraContext } from '../context.ts'
import { tenantById } from '../directory.ts'
import { required } from '../request.ts'
import { findResource } from '../resources.ts'
import { readScope } from '../scopes.ts'
import { NO_STORE } from '../token-answers.ts'
import { proveClient, type TokenRequest } from '../token-request.ts'

/** Gives a token to the app itself: no user, no refresh token, no id_token. */
export async function grantToApp(context: EntraContext, token: TokenRequest): Promise<Answer> {
  const { app, version } = token
  const spelling = version === 1 ? required(token.parameters, 'resource') : resourceOfScope(token)
  const proof = await proveClient(context, token, false)
  const tenantId = tenantOf(context, token)
  const tenant = tenantById(context, tenantId)
  if (token.choice.kind === 'tenant' && !app.servicePrincipals[tenantId]) {
    throw aadsts(7000229, { appId: app.appId, tenant: tenantId })
  }
  const resource = findResource(context, spelling, tenantId) ?? anyTenant(context, token, spelling)
  if (!resource) throw aadsts(500011, { resource: spelling, tenant: tenant.displayName })
  const access = await mintAccessToken(context, { app, tenantId, audience: spelling, proof })
  const seconds = access.expiresAt - access.issuedAt - 1
  if (version === 2) {
    const body = { token_type: 'Bearer', expires_in: seconds, ext_expires_in: seconds }
    return json(200, { ...body, access_token: access.value }, NO_STORE)
  }
  const body = {
    token_type: 'Bearer',
    expires_in: String(seconds),
    ext_expires_in: String(seconds),
    expires_on: String(access.expiresAt),
    not_before: String(access.notBefore),
    resource: spelling,
    access_token: access.value,
  }
  return json(200, body, NO_STORE)
}

function resourceOfScope(token: TokenRequest): string {
  const scope = required(token.parameters, 'scope')
  const { resource, permissions, protocol } = readScope(scope)
  const isDefault = permissions.length === 1 && permissions[0] === '.default'
  if (resource === undefined || !isDefault || protocol.length > 0) throw aadsts(1002012, { scope })
  return resource
}

/** App-only needs a tenant; the switch shows the useless token that /common has been seen to give. */
function tenantOf(context: EntraContext, token: TokenRequest): string {
  if (token.choice.kind === 'tenant') return token.choice.tenant.id
  if (!token.app.appOnlyOnCommon)
    throw aadsts(token.choice.alias === 'organizations' ? 50059 : 9001023)
  const foreign = context.state.tenants.find((tenant) => tenant.id !== token.app.tenantId)
  return foreign?.id ?? token.app.tenantId
}

function anyTenant(context: EntraContext, token: TokenRequest, spelling: string) {
  if (token.choice.kind === 'tenant') return undefined
  return findResource(context, spelling, token.app.tenantId)
}
