import type { KeyObject } from 'node:crypto'
import * as oauth from 'oauth4webapi'
import type { Clock } from '../kernel/index.ts'
import { readSigningPair } from './certificate.ts'
import type { ClientAuthentication } from './oauth-client.ts'
import { OAuthError } from './oauth-error.ts'

// Entra accepts at most ten minutes; five leave room for clocks that disagree.
const ASSERTION_SECONDS = 300

/**
 * Makes the way by which a token request is authenticated. An assertion is made for this one request.
 *
 * @see https://learn.microsoft.com/entra/identity-platform/certificate-credentials
 * @throws OAuthError `certificate_unusable`, `federated_assertion_unreadable`
 */
export async function clientAuthOf(
  authentication: ClientAuthentication,
  context: { readonly tokenEndpoint: URL; readonly clock: Clock; readonly signal?: AbortSignal },
): Promise<oauth.ClientAuth> {
  switch (authentication.method) {
    case 'none':
      return oauth.None()
    case 'secret':
      return oauth.ClientSecretPost(authentication.secret.reveal())
    case 'certificate': {
      const { key, thumbprint } = readSigningPair(authentication)
      return await certificateAuth(key, thumbprint, context.tokenEndpoint, context.clock)
    }
    case 'federated': {
      const assertion = await readAssertion(authentication, context.signal)
      return (_as, client, body) => setAssertion(body, client.client_id, assertion)
    }
  }
}

async function certificateAuth(
  key: KeyObject,
  thumbprint: string,
  tokenEndpoint: URL,
  clock: Clock,
): Promise<oauth.ClientAuth> {
  const algorithm = { name: 'RSA-PSS', hash: 'SHA-256' }
  const cryptoKey = key.toCryptoKey(algorithm, false, ['sign'])
  return oauth.PrivateKeyJwt(cryptoKey, {
    [oauth.modifyAssertion]: (header, payload) => {
      const now = Math.floor(clock.now() / 1000)
      header['typ'] = 'JWT'
      header['x5t#S256'] = thumbprint
      delete header['kid']
      payload['aud'] = tokenEndpoint.href
      payload['iat'] = now
      payload['nbf'] = now
      payload['exp'] = now + ASSERTION_SECONDS
    },
  })
}

function setAssertion(body: URLSearchParams, clientId: string, assertion: string): void {
  body.set('client_id', clientId)
  body.set('client_assertion_type', 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer')
  body.set('client_assertion', assertion)
}

async function readAssertion(
  authentication: Extract<ClientAuthentication, { method: 'federated' }>,
  signal: AbortSignal | undefined,
): Promise<string> {
  const assertion = await authentication.readAssertion(signal).then(
    (secret) => secret.reveal().trim(),
    (cause: unknown) => unreadable('The file is missing or not readable.', cause),
  )
  return assertion.split('.').length === 3 ? assertion : unreadable('It holds no JWT.')
}

function unreadable(why: string, cause?: unknown): never {
  throw new OAuthError('federated_assertion_unreadable', {
    what: 'The assertion of the workload identity could not be read.',
    why,
    remedy: 'Check the path of the assertion file, and that the platform writes a token into it.',
    who: 'operator',
    retry: { when: 'later' },
    affects: 'auth-client',
    ...(cause === undefined ? {} : { cause }),
  })
}
