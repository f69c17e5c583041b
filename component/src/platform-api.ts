import { isObject, Secret } from '../../src/kernel/index.ts'
import { explainText } from '../../src/oauth/index.ts'
import { readJson, type Send, TransportError } from '../../src/transport/index.ts'
import { ComponentError } from './component-error.ts'
import type { ComponentEnvironment } from './environment.ts'

/** A credential as the platform keeps it. */
export interface PlatformSecret {
  /** The access token. */
  readonly value: Secret
  /** What the person who made the credential filled in. */
  readonly fields: Readonly<Record<string, unknown>>
}

/** The part of the platform's API that a component needs. Answers are shared: no caller calls one off. */
export interface PlatformApi {
  readSecret(id: string): Promise<PlatformSecret>
  /** Has the platform obtain a new token. */
  refreshSecret(id: string): Promise<PlatformSecret>
  /** What the start of a flow left there; nothing where no start did, or it was taken off. */
  readStartData(flowId: string): Promise<unknown>
}

const TIMEOUT_MS = 20_000
const MOST_BYTES = 256 * 1024

/** Makes the client of the platform's API. */
export function createPlatformApi(
  { uri, user, key, workspaceId }: NonNullable<ComponentEnvironment['api']>,
  send: Send,
): PlatformApi {
  const authorization = `Basic ${Buffer.from(`${user}:${key}`).toString('base64')}`
  const base = uri.href.replace(/\/$/, '')
  const ask = (method: string, path: string) =>
    send({
      method,
      // A token that was refreshed once more is as good.
      idempotent: true,
      url: new URL(`${base}/${path}`),
      headers: { authorization, accept: 'application/json', 'content-type': 'application/json' },
      ...(method === 'POST' ? { body: '{}' } : {}),
      timeoutMs: TIMEOUT_MS,
    }).catch((error: unknown) => {
      throw unreachable(error)
    })
  const call = async (method: string, id: string, ending = '') => {
    const path = `v2/workspaces/${encodeURIComponent(workspaceId)}/secrets/${encodeURIComponent(id)}`
    const response = await ask(method, `${path}${ending}`)
    if (response.status === 200)
      return readSecret(await readJson(response, { maxBytes: MOST_BYTES }))
    throw refused(response.status, await response.text({ maxBytes: MOST_BYTES }).catch(() => ''))
  }
  return {
    readSecret: (id) => call('GET', id),
    refreshSecret: (id) => call('POST', id, '/refresh'),
    readStartData: async (flowId) => {
      const path = `sailor-support/hooks/task/${encodeURIComponent(flowId)}/startup/data`
      const response = await ask('GET', path)
      if (response.status === 200) return readJson(response, { maxBytes: MOST_BYTES })
      await response.discard()
      return undefined
    },
  }
}

function readSecret(answer: unknown): PlatformSecret {
  const data = isObject(answer) ? answer['data'] : undefined
  const attributes = isObject(data) ? data['attributes'] : undefined
  const credentials = isObject(attributes) ? attributes['credentials'] : undefined
  const token = isObject(credentials) ? credentials['access_token'] : undefined
  if (!isObject(credentials) || typeof token !== 'string' || token === '') {
    throw new ComponentError('platform_api_failed', {
      what: 'The platform gave no access token for this credential.',
      why: 'The credential was never authenticated, or authentication was withdrawn.',
      remedy: 'Open the credential on the platform and authenticate again.',
    })
  }
  const fields = credentials['fields']
  return { value: new Secret(token), fields: isObject(fields) ? fields : {} }
}

function unreachable(error: unknown): unknown {
  if (!(error instanceof TransportError)) return error
  return new ComponentError('platform_api_failed', {
    what: 'The API of the platform cannot be reached.',
    why: error.explanation.why,
    remedy: 'Try again later; if it lasts, tell the operator of the platform.',
    who: 'operator',
    retry: { when: 'later' },
    cause: error,
  })
}

// The platform passes on what the token endpoint said, from which the reason can be told.
function refused(status: number, text: string): ComponentError {
  const [explanation] = explainText(text)
  const passing = status === 429 || status >= 500
  return new ComponentError('platform_api_failed', {
    what: `The platform gave no token for this credential (status ${status}).`,
    why: explanation?.why ?? 'It does not know the credential, or could not refresh its token.',
    remedy: explanation?.remedy ?? 'Open the credential on the platform and authenticate again.',
    who: explanation?.who ?? 'you',
    retry: { when: passing && explanation === undefined ? 'later' : 'never' },
    facts: { status, ...(explanation === undefined ? {} : { reason: explanation.code }) },
  })
}
