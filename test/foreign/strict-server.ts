import { createPublicKey } from 'node:crypto'
import { readFileSync } from 'node:fs'
import type { RequestListener } from 'node:http'
import { exportJWK, type JWK } from 'jose'
import { Provider } from 'oidc-provider'
import { silentLogger, systemClock } from '../../src/kernel/index.ts'
import { type ParsedEndpoints, parseEndpoints } from '../../src/oauth/index.ts'
import { createEgress, createSender, type Send } from '../../src/transport/index.ts'
import { certificatePath, startServer } from '../support/local-server.ts'

export const REDIRECT = 'http://localhost:4000/callback/oauth2'
export const SECRET = 'a secret: with~every+kind/of=sign&%20+"'

/** A standards-strict authorization server that is not Microsoft's, and a way to it. */
export interface StrictServer {
  readonly origin: string
  readonly endpoints: ParsedEndpoints
  readonly send: Send
  close(): Promise<void>
}

/** Starts it with a client for every way to authenticate. */
export async function startStrictServer(): Promise<StrictServer> {
  let listener: RequestListener = (_request, response) => response.writeHead(503).end()
  const server = await startServer((request, response) => listener(request, response))
  const jwk = await exportJWK(createPublicKey(readFileSync(certificatePath('client'), 'utf8')))
  listener = new Provider(server.origin, configuration(jwk)).callback()
  const sender = createSender({
    egress: createEgress({ allow: [server.origin] }),
    clock: systemClock,
    logger: silentLogger,
  })
  return {
    origin: server.origin,
    send: sender.send,
    endpoints: parseEndpoints({
      authorization: `${server.origin}/auth`,
      token: `${server.origin}/token`,
      device: `${server.origin}/device/auth`,
    }),
    close: async () => {
      await sender.close()
      await server.close()
    },
  }
}

const DEVICE = 'urn:ietf:params:oauth:grant-type:device_code'
const CODE = ['authorization_code', 'refresh_token']

function configuration(jwk: JWK) {
  const common = { redirect_uris: [REDIRECT], response_types: ['code'] }
  const app = { redirect_uris: [], response_types: [] }
  return {
    clients: [
      {
        ...common,
        client_id: 'secret-app',
        client_secret: SECRET,
        token_endpoint_auth_method: 'client_secret_post',
        grant_types: [...CODE, 'client_credentials'],
        scope: 'openid offline_access crm',
      },
      {
        ...app,
        client_id: 'certificate-app',
        token_endpoint_auth_method: 'private_key_jwt',
        token_endpoint_auth_signing_alg: 'PS256',
        jwks: { keys: [{ ...jwk, alg: 'PS256', use: 'sig' }] },
        grant_types: ['client_credentials'],
        scope: 'crm',
      },
      {
        ...app,
        client_id: 'device-app',
        token_endpoint_auth_method: 'none',
        application_type: 'native',
        grant_types: [DEVICE, 'refresh_token'],
        scope: 'openid offline_access',
      },
    ],
    scopes: ['openid', 'offline_access', 'crm'],
    features: {
      clientCredentials: { enabled: true },
      deviceFlow: { enabled: true },
      devInteractions: { enabled: true },
    },
    pkce: { required: () => true },
    // A used refresh token is spent; its second use ends the whole grant.
    rotateRefreshToken: true,
    issueRefreshToken: async () => true,
    cookies: { keys: ['only for tests'] },
  }
}
