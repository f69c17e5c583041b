import { notSupported } from '../answers.ts'
import type { Answer } from '../exchange.ts'
import { AadstsError, aadsts } from './aadsts.ts'
import { provesTwice } from './client-authentication.ts'
import type { EntraContext } from './context.ts'
import { redeemCode } from './grants/authorization-code.ts'
import { grantToApp } from './grants/client-credentials.ts'
import { pollDeviceCode } from './grants/device-code.ts'
import { refresh } from './grants/refresh-token.ts'
import { type EntraRequest, formParameters, required } from './request.ts'
import { tokenFailure } from './token-answers.ts'
import { readTokenRequest, type TokenRequest } from './token-request.ts'

type Grant = (context: EntraContext, token: TokenRequest) => Promise<Answer>

const GRANTS: ReadonlyMap<string, Grant> = new Map([
  ['authorization_code', redeemCode],
  ['refresh_token', refresh],
  ['client_credentials', grantToApp],
  ['urn:ietf:params:oauth:grant-type:device_code', pollDeviceCode],
  // The short name is older; Microsoft's own library sends it to v2 too.
  ['device_code', pollDeviceCode],
])

const FOREIGN_GRANTS = new Set([
  'password',
  'urn:ietf:params:oauth:grant-type:jwt-bearer',
  'urn:ietf:params:oauth:grant-type:saml2-bearer',
  'urn:ietf:params:oauth:grant-type:token-exchange',
])

/** Serves POST `/{tenant}/oauth2/token` (v1) and `/{tenant}/oauth2/v2.0/token`. */
export async function serveToken(
  context: EntraContext,
  request: EntraRequest,
  version: 1 | 2,
): Promise<Answer> {
  try {
    const parameters = formParameters(request.exchange)
    const name = required(parameters, 'grant_type')
    if (FOREIGN_GRANTS.has(name)) return notSupported(`the grant type '${name}'`)
    if (provesTwice(request, parameters)) return notSupported('two proofs of the client at once')
    const grant = GRANTS.get(name)
    if (!grant) throw aadsts(70003, { grant: name })
    const token = readTokenRequest(
      context,
      request,
      parameters,
      version,
      name === 'client_credentials',
    )
    context.count(`token.${name.split(':').at(-1) ?? name}`, token.app.appId)
    const answer = await grant(context, token)
    context.count(`token.${name.split(':').at(-1) ?? name}.granted`, token.app.appId)
    return answer
  } catch (error) {
    if (error instanceof AadstsError) return tokenFailure(request, error)
    throw error
  }
}
