import type { AccessToken, TokenSource } from '../../src/dataverse/index.ts'
import { isObject, Secret } from '../../src/kernel/index.ts'
import { ComponentError } from './component-error.ts'
import type { PlatformApi, PlatformSecret } from './platform-api.ts'

interface Renewal {
  /** The token that the service refused. */
  readonly failed: AccessToken
  readonly renewed: Promise<PlatformSecret>
}

/** Tokens of credentials that the platform keeps: read once, and refreshed once for all that need it. */
export class PlatformTokens {
  readonly #api: PlatformApi
  readonly #known = new Map<string, Promise<PlatformSecret>>()
  readonly #renewals = new Map<string, Renewal>()

  constructor(api: PlatformApi) {
    this.#api = api
  }

  /** Reads a credential; an answer that is on its way, or was read before, is shared. */
  read(id: string): Promise<PlatformSecret> {
    return this.#known.get(id) ?? this.#keep(id, this.#api.readSecret(id))
  }

  source(id: string): TokenSource {
    return {
      token: async () => tokenOf(await this.read(id)),
      replace: async (failed) => tokenOf(await this.#renewed(id, failed)),
    }
  }

  // Messages that are worked on at once have clients of their own, whose tokens fail at the same time.
  #renewed(id: string, failed: AccessToken): Promise<PlatformSecret> {
    const last = this.#renewals.get(id)
    if (last !== undefined && isSame(last.failed, failed)) return last.renewed
    const renewal = { failed, renewed: this.#renew(id, failed) }
    this.#renewals.set(id, renewal)
    renewal.renewed.catch(() => {
      if (this.#renewals.get(id) === renewal) this.#renewals.delete(id)
    })
    return renewal.renewed
  }

  async #renew(id: string, failed: AccessToken): Promise<PlatformSecret> {
    const known = await this.#known.get(id)
    if (known !== undefined && !isSame(known, failed)) return known
    return this.#keep(id, this.#readOrRefresh(id, failed))
  }

  // Another process may have refreshed it already: its token is read before a new one is asked for.
  async #readOrRefresh(id: string, failed: AccessToken): Promise<PlatformSecret> {
    const read = await this.#api.readSecret(id)
    return isSame(read, failed) ? this.#api.refreshSecret(id) : read
  }

  #keep(id: string, reading: Promise<PlatformSecret>): Promise<PlatformSecret> {
    this.#known.set(id, reading)
    reading.catch(() => {
      if (this.#known.get(id) === reading) this.#known.delete(id)
    })
    return reading
  }
}

/** The token that the platform put into the step's configuration; it cannot be replaced from here. */
export function configuredToken(oauth: unknown): TokenSource | undefined {
  const text = isObject(oauth) ? oauth['access_token'] : undefined
  if (typeof text !== 'string' || text === '') return undefined
  const token = tokenOf({ value: new Secret(text) })
  return { token: async () => token, replace: async () => Promise.reject(expired()) }
}

// When it ends the platform does not say: the service will.
function tokenOf({ value }: Pick<PlatformSecret, 'value'>): AccessToken {
  return { value, expiresAt: Number.MAX_SAFE_INTEGER }
}

function isSame(one: Pick<AccessToken, 'value'>, other: Pick<AccessToken, 'value'>): boolean {
  return one.value.reveal() === other.value.reveal()
}

function expired(): ComponentError {
  return new ComponentError('token_expired', {
    what: 'Dynamics CRM refused the access token of this credential.',
    why: 'It has expired, and the platform keeps the credential in a way that does not let the component renew it.',
    remedy: 'Run it again; if that does not help, open the credential and authenticate again.',
    retry: { when: 'later' },
  })
}
