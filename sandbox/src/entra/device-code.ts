import { randomInt } from 'node:crypto'
import { json } from '../answers.ts'
import type { Answer } from '../exchange.ts'
import { AadstsError, aadsts } from './aadsts.ts'
import type { EntraContext } from './context.ts'
import { canonicalPath, chooseTenant, findApp } from './directory.ts'
import type { Interactions } from './interaction.ts'
import { mintOpaque } from './opaque.ts'
import { deviceCodePage, errorPage } from './pages/message-pages.ts'
import {
  type EntraRequest,
  formParameters,
  type Parameters,
  queryParameters,
  required,
} from './request.ts'
import { findResource } from './resources.ts'
import { readScope } from './scopes.ts'
import { openSession, withCookie } from './sessions.ts'
import { nextStep } from './sign-in-steps.ts'
import { NO_STORE, tokenFailure } from './token-answers.ts'
import { refuseResource } from './token-request.ts'

/** 15 minutes, in ms. */
export const DEVICE_CODE_LIFETIME = 900_000
const MOST = 1_000
const ALPHABET = 'ABCDEFGHJKLMNPQRSTUVWXYZ23456789'

/** Serves `/{tenant}/oauth2/v2.0/devicecode`, and the v1 form with its own names and string numbers. */
export function serveDeviceCode(
  context: EntraContext,
  request: EntraRequest,
  version: 1 | 2,
): Answer {
  try {
    const { exchange } = request
    // v1 takes its parameters from the query as well.
    const fromQuery = version === 1 && exchange.method === 'GET'
    const parameters = fromQuery ? queryParameters(exchange) : formParameters(exchange)
    const { device, value } = startDevice(context, request, parameters, version)
    const address = `${request.origin}/devicelogin`
    const message = `To sign in, use a web browser to open the page ${address} and enter the code ${device.userCode} to authenticate.`
    if (version === 1) {
      const body = { user_code: device.userCode, device_code: value, verification_url: address }
      return json(
        200,
        { ...body, expires_in: '900', interval: String(context.deviceInterval), message },
        NO_STORE,
      )
    }
    const body = { user_code: device.userCode, device_code: value, verification_uri: address }
    return json(
      200,
      { ...body, expires_in: 900, interval: context.deviceInterval, message },
      NO_STORE,
    )
  } catch (error) {
    if (error instanceof AadstsError) return tokenFailure(request, error)
    throw error
  }
}

/** Serves `/devicelogin`: the code goes in here, then the ordinary sign-in follows. */
export function serveDeviceLogin(
  context: EntraContext,
  interactions: Interactions,
  request: EntraRequest,
): Answer {
  try {
    const { exchange } = request
    if (exchange.method !== 'POST') {
      const given = exchange.url.searchParams.get('otc')
      return deviceCodePage(given === null ? {} : { code: given })
    }
    const code = (formParameters(exchange).get('otc') ?? '').trim().toUpperCase()
    const device = context.state.deviceCodes.find((one) => one.userCode === code)
    const open =
      device?.outcome === 'pending' && request.now - device.issuedAt < DEVICE_CODE_LIFETIME
    if (!device || !open) {
      return deviceCodePage({
        code,
        problem: "That code didn't work. Check the code and try again.",
      })
    }
    const choice = chooseTenant(context, device.tenantPath)
    const app = findApp(context, device.appId, choice)
    const session = openSession(context, request)
    const interaction = interactions.start(session, app, choice, { kind: 'device', device })
    return withCookie(
      request,
      session,
      nextStep({ context, request, interactions, interaction, session }),
    )
  } catch (error) {
    if (error instanceof AadstsError) return errorPage(request, error)
    throw error
  }
}

function startDevice(
  context: EntraContext,
  request: EntraRequest,
  parameters: Parameters,
  version: 1 | 2,
) {
  const choice = chooseTenant(context, request.tenantPath)
  const app = findApp(context, required(parameters, 'client_id'), choice)
  const wish =
    version === 1
      ? { resource: required(parameters, 'resource'), permissions: [], protocol: ['openid'] }
      : v2Wish(parameters)
  if (choice.kind === 'tenant' && wish.resource !== undefined) {
    const known = findResource(context, wish.resource, choice.tenant.id)
    if (!known) throw aadsts(500011, { resource: wish.resource, tenant: choice.tenant.displayName })
  }
  const { value, hash } = mintOpaque('DAQ', 120)
  const device = {
    hash,
    userCode: Array.from({ length: 9 }, () => ALPHABET[randomInt(ALPHABET.length)]).join(''),
    appId: app.appId,
    version,
    tenantPath: canonicalPath(choice),
    ...(wish.resource === undefined ? {} : { resource: wish.resource }),
    scopes: [...wish.permissions, ...wish.protocol],
    issuedAt: request.now,
    outcome: 'pending' as const,
  }
  context.state.deviceCodes = [...context.state.deviceCodes.slice(1 - MOST), device]
  context.touch()
  return { device, value }
}

function v2Wish(parameters: Parameters) {
  if (parameters.has('resource')) refuseResource(parameters)
  return readScope(required(parameters, 'scope'))
}
