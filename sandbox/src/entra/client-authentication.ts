import { timingSafeEqual } from 'node:crypto'
import { aadsts } from './aadsts.ts'
import { verifyClientAssertion } from './client-assertion.ts'
import type { EntraContext } from './context.ts'
import type { App } from './model.ts'
import { hashOpaque } from './opaque.ts'
import type { EntraRequest, Parameters } from './request.ts'

/** How a client proved itself: 0 not at all, 1 by secret, 2 by certificate or federation. */
export type ClientProof = '0' | '1' | '2'

interface BasicCredentials {
  readonly clientId: string
  readonly secret: string
}

const ASSERTION_TYPE = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer'

/** Reads client id and secret from an Authorization header; each is percent-decoded once. */
export function basicCredentials(request: EntraRequest): BasicCredentials | undefined {
  const header = request.exchange.headers.authorization
  const match = /^basic ([A-Za-z0-9+/=_-]+)$/i.exec(header ?? '')
  if (!match?.[1]) return undefined
  const text = Buffer.from(match[1], 'base64').toString('utf8')
  const colon = text.indexOf(':')
  if (colon < 0) return undefined
  try {
    return { clientId: formDecode(text.slice(0, colon)), secret: formDecode(text.slice(colon + 1)) }
  } catch {
    return undefined
  }
}

/** Tells whether a request proves its client in more than one way; no document says which would count. */
export function provesTwice(request: EntraRequest, parameters: Parameters): boolean {
  const { authorization } = request.exchange.headers
  const proofs = [
    parameters.get('client_secret'),
    parameters.get('client_assertion'),
    authorization,
  ]
  return proofs.filter((proof) => proof !== undefined).length > 1
}

/**
 * Checks what the client sent as its proof.
 * @throws AADSTS7000215 wrong, 7000222 expired, 7000218 none, 700025 not allowed, 7000xx assertion
 */
export async function authenticateClient(
  context: EntraContext,
  request: EntraRequest,
  parameters: Parameters,
  app: App,
  publicUse: boolean,
): Promise<ClientProof> {
  const secret = parameters.get('client_secret') ?? basicCredentials(request)?.secret
  const assertion = parameters.get('client_assertion')
  if (secret === undefined && assertion === undefined) {
    if (publicUse) return '0'
    throw aadsts(7000218)
  }
  if (publicUse) throw aadsts(700025)
  if (assertion !== undefined) {
    if (parameters.get('client_assertion_type') !== ASSERTION_TYPE) {
      throw aadsts(900144, { name: 'client_assertion_type' })
    }
    await verifyClientAssertion(context, request, app, assertion)
    return '2'
  }
  checkSecret(app, secret ?? '', request.now)
  return '1'
}

function checkSecret(app: App, presented: string, now: number): void {
  const match = app.secrets.find((secret) => equal(secret.value, presented))
  if (!match || match.startsAt > now) throw aadsts(7000215, { appId: app.appId })
  if (match.endsAt <= now) throw aadsts(7000222, { appId: app.appId })
}

function equal(left: string, right: string): boolean {
  return timingSafeEqual(Buffer.from(hashOpaque(left)), Buffer.from(hashOpaque(right)))
}

function formDecode(text: string): string {
  return decodeURIComponent(text.replaceAll('+', ' '))
}
