import { randomUUID } from 'node:crypto'
import { text } from 'node:stream/consumers'
import { setTimeout as wait } from 'node:timers/promises'
import { type LocalServer, startServer } from './local-server.ts'

/** An answer put in the way of the next request. */
export interface Fault {
  readonly status: number
  readonly body: string
  readonly headers?: Readonly<Record<string, string>>
}

/** What became of a request. */
export interface Served {
  /** `x-worker` of the request: which process sent it. */
  readonly worker: string
  readonly issued: boolean
}

interface Grant {
  /** All refresh tokens that came from one sign-in. */
  readonly family: { alive: boolean }
  used: boolean
}

/**
 * A token endpoint with Entra's rule (a used refresh token stays good) or a strict one (its second use
 * ends the whole sign-in).
 */
export class GrantServer {
  readonly secrets = new Set(['secret-value-that-is-right'])
  readonly faults: Fault[] = []
  /** Every request's form, in order. */
  readonly requests: URLSearchParams[] = []
  strict = false
  delayMs = 0
  lifetimeS = 3_600
  /** How many answers with tokens were made, whether or not anybody received them. */
  issued = 0
  #server: LocalServer | undefined
  readonly served: Served[] = []
  /** Called when a request has come, and when its answer is made but not yet sent. */
  onMoment: (moment: 'sent' | 'issued', worker: string) => void = () => undefined
  readonly #grants = new Map<string, Grant>()

  static async start(options: { readonly strict?: boolean } = {}): Promise<GrantServer> {
    const made = new GrantServer()
    made.strict = options.strict ?? false
    made.#server = await startServer(async (request, response) => {
      const form = new URLSearchParams(await text(request))
      const worker = String(request.headers['x-worker'] ?? '')
      made.onMoment('sent', worker)
      const answer = await made.#answer(form)
      made.served.push({ worker, issued: answer.status === 200 })
      made.onMoment('issued', worker)
      response.writeHead(answer.status, { 'content-type': 'application/json', ...answer.headers })
      response.end(answer.body)
    })
    return made
  }

  get origin(): string {
    return this.#server?.origin ?? ''
  }

  get authorizationEndpoint(): string {
    return `${this.origin}/tenant/oauth2/v2.0/authorize`
  }

  get tokenEndpoint(): string {
    return `${this.origin}/tenant/oauth2/v2.0/token`
  }

  /** Forgets all that was asked and set. */
  reset({ strict = false }: { readonly strict?: boolean } = {}): void {
    Object.assign(this, { strict, delayMs: 0, lifetimeS: 3_600, issued: 0 })
    this.faults.length = 0
    this.requests.length = 0
    this.served.length = 0
    this.onMoment = () => undefined
    this.secrets.clear()
    this.secrets.add('secret-value-that-is-right')
    this.#grants.clear()
  }

  /** Makes the refresh token of a sign-in. */
  signIn(): string {
    return this.#issue({ alive: true })
  }

  /** Ends every sign-in, as an administrator does who revokes a user's sessions. */
  revokeAll(): void {
    for (const { family } of this.#grants.values()) family.alive = false
  }

  async close(): Promise<void> {
    await this.#server?.close()
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close()
  }

  async #answer(form: URLSearchParams): Promise<Fault> {
    this.requests.push(form)
    const fault = this.faults.shift()
    if (this.delayMs > 0) await wait(this.delayMs)
    if (fault !== undefined) return fault
    if (!this.secrets.has(form.get('client_secret') ?? ''))
      return refused(401, 'invalid_client', 7000215)
    if (form.get('grant_type') === 'client_credentials') return this.#tokens()
    const token = form.get('refresh_token') ?? ''
    const grant = this.#grants.get(token)
    if (grant === undefined || !grant.family.alive) return refused(400, 'invalid_grant', 50173)
    if (grant.used && this.strict) {
      grant.family.alive = false
      return refused(400, 'invalid_grant', 50173)
    }
    grant.used = true
    return this.#tokens(this.#issue(grant.family))
  }

  #issue(family: Grant['family']): string {
    const token = `refresh-${randomUUID()}-${randomUUID()}`
    this.#grants.set(token, { family, used: false })
    return token
  }

  #tokens(refreshToken?: string): Fault {
    this.issued += 1
    const body = {
      token_type: 'Bearer',
      access_token: `access-${randomUUID()}-${randomUUID()}`,
      expires_in: this.lifetimeS,
      ...(refreshToken === undefined ? {} : { refresh_token: refreshToken }),
    }
    return { status: 200, body: JSON.stringify(body) }
  }
}

/** An answer as Entra makes it when it refuses. */
export function refused(status: number, error: string, number: number, suberror?: string): Fault {
  const body = {
    error,
    error_description: `AADSTS${number}: Refused.\r\nTrace ID: t\r\nCorrelation ID: c`,
    error_codes: [number],
    trace_id: 't',
    correlation_id: 'c',
    ...(suberror === undefined ? {} : { suberror }),
  }
  return { status, body: JSON.stringify(body) }
}
