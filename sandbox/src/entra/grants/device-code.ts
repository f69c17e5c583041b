import type { Answer } from '../../exchange.ts'
import { aadsts } from '../aadsts.ts'
import type { EntraContext } from '../context.ts'
import { answerDelegated } from '../delegated-tokens.ts'
import { DEVICE_CODE_LIFETIME } from '../device-code.ts'
import { hashOpaque } from '../opaque.ts'
import { required } from '../request.ts'
import { isProtocolScope } from '../scopes.ts'
import { proveClient, type TokenRequest } from '../token-request.ts'

/** Answers the poll of a device: still pending, declined, expired, or tokens. */
export async function pollDeviceCode(context: EntraContext, token: TokenRequest): Promise<Answer> {
  // The v1 endpoint calls the parameter `code`.
  const presented = required(token.parameters, token.version === 1 ? 'code' : 'device_code')
  const proof = await proveClient(context, token, token.app.publicClient)
  const hash = hashOpaque(presented)
  const device = context.state.deviceCodes.find((one) => one.hash === hash)
  if (!device || device.appId !== token.app.appId) throw aadsts(70018)
  if (device.outcome === 'declined') throw aadsts(90120)
  if (device.outcome === 'redeemed') throw aadsts(54005)
  if (context.clock.now() - device.issuedAt >= DEVICE_CODE_LIFETIME) throw aadsts(70019)
  const { signIn, tenantId } = device
  if (device.outcome === 'pending' || !signIn || tenantId === undefined) throw aadsts(70016)
  device.outcome = 'redeemed'
  context.touch()
  return answerDelegated(context, {
    token,
    proof,
    tenantId,
    signIn,
    spa: false,
    ...(device.resource === undefined ? {} : { resource: device.resource }),
    permissions:
      device.version === 1 ? 'static' : device.scopes.filter((one) => !isProtocolScope(one)),
    protocol: device.scopes.filter(isProtocolScope),
  })
}
