import assert from 'node:assert/strict'
import { createHash, randomBytes } from 'node:crypto'
import type { TestContext } from 'node:test'
import { generateSigningKey } from '../src/entra/signing-keys.ts'
import { type SandboxOptions, startSandbox } from '../src/sandbox.ts'
import type { SandboxLine } from '../src/sandbox-line.ts'
import { Browser, type Shown } from './browser.ts'

export const CALLBACK = 'http://localhost:4000/callback/oauth2'

export type Body = Readonly<Record<string, unknown>>

export interface TokenAnswer {
  readonly status: number
  readonly body: Body
  readonly text: string
  readonly headers: Headers
}

/** A running sandbox with what tests do to it. */
export class Bench {
  readonly line: SandboxLine
  readonly #sandbox: Awaited<ReturnType<typeof startSandbox>>

  constructor(sandbox: Awaited<ReturnType<typeof startSandbox>>) {
    this.#sandbox = sandbox
    this.line = sandbox.line
  }

  /** Making a key takes longer than the rest of the start, so a test file makes one. */
  static readonly #signingKey = generateSigningKey()

  /** Starts one that ends with the test. */
  static async start(t: TestContext, options: SandboxOptions = {}): Promise<Bench> {
    const sandbox = await startSandbox({
      rows: { accounts: 5, contacts: 5 },
      signingKey: await Bench.#signingKey,
      ...options,
    })
    t.after(() => sandbox.close())
    return new Bench(sandbox)
  }

  close(): Promise<void> {
    return this.#sandbox.close()
  }

  advance(ms: number): void {
    this.#sandbox.clock.advance(ms)
  }

  get resource(): string {
    return `${this.line.orgUrl}/`
  }

  user(state: string, tenantId = this.line.tenantId) {
    const user = this.line.users.find(
      (one) => one.state === state && (one.tenantId === tenantId || state === 'guest'),
    )
    assert.ok(user, `no user ${state}`)
    return user
  }

  app(label: string) {
    const app = this.line.apps.find((one) => one.label === label)
    assert.ok(app, `no app ${label}`)
    return app
  }

  async admin(method: string, path: string, body?: unknown): Promise<Body> {
    const response = await fetch(`${this.line.adminUrl}${path}`, {
      method,
      ...(body === undefined
        ? {}
        : { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }),
    })
    const text = await response.text()
    assert.ok(response.ok, `${method} ${path}: ${response.status} ${text}`)
    return text === '' ? {} : JSON.parse(text)
  }

  authorizeUrl(
    values: Record<string, string | undefined> = {},
    path = this.v1('authorize'),
  ): string {
    const url = new URL(`${this.line.authority}${path}`)
    const all = {
      client_id: this.line.clientId,
      response_type: 'code',
      redirect_uri: CALLBACK,
      state: 'state-1',
      ...(path.includes('v2.0')
        ? { scope: `${this.line.orgUrl}/user_impersonation offline_access` }
        : { resource: this.resource }),
      ...values,
    }
    for (const [name, value] of Object.entries(all)) {
      if (value !== undefined) url.searchParams.set(name, value)
    }
    return url.href
  }

  v1(endpoint: string, tenant = this.line.tenantId): string {
    return `/${tenant}/oauth2/${endpoint}`
  }

  v2(endpoint: string, tenant = this.line.tenantId): string {
    return `/${tenant}/oauth2/v2.0/${endpoint}`
  }

  /** Opens the address and goes on by user name and password. */
  async signIn(url: string, state = 'admin', browser = new Browser()): Promise<Shown> {
    const user = this.user(state)
    const shown = await browser.open(url)
    if (shown.callback) return shown
    return browser.press(shown, 'Sign in', { login: user.username, passwd: user.password })
  }

  /** Goes all the way, consent included, and returns the code. */
  async code(url = this.authorizeUrl(), state = 'admin'): Promise<string> {
    const browser = new Browser()
    let shown = await this.signIn(url, state, browser)
    if (shown.text.includes('Approve sign in')) shown = await browser.press(shown, 'Approve')
    if (!shown.callback) shown = await browser.press(shown, 'Accept')
    const code = shown.callback?.searchParams.get('code')
    assert.ok(code, `no code: ${shown.callback?.href ?? shown.text}`)
    return code
  }

  /** Posts to a token endpoint with the named client's proof; undefined takes a value away. */
  async token(
    values: Record<string, string | undefined>,
    path = this.v1('token'),
    headers: Record<string, string> = {},
  ): Promise<TokenAnswer> {
    const form = new URLSearchParams()
    const all = { client_id: this.line.clientId, client_secret: this.line.clientSecret, ...values }
    for (const [name, value] of Object.entries(all)) if (value !== undefined) form.set(name, value)
    return post(`${this.line.authority}${path}`, form.toString(), headers)
  }

  redeem(code: string, values: Record<string, string | undefined> = {}, path?: string) {
    return this.token(
      { grant_type: 'authorization_code', code, redirect_uri: CALLBACK, ...values },
      path,
    )
  }

  refresh(value: unknown, values: Record<string, string | undefined> = {}, path?: string) {
    return this.token(
      { grant_type: 'refresh_token', refresh_token: String(value), ...values },
      path,
    )
  }

  whoAmI(token: unknown, apiUrl = this.line.apiUrl): Promise<Response> {
    return fetch(`${apiUrl}/WhoAmI`, { headers: { authorization: `Bearer ${token}` } })
  }
}

export async function post(
  url: string,
  body: string,
  headers: Record<string, string> = {},
): Promise<TokenAnswer> {
  const response = await fetch(url, {
    method: 'POST',
    body,
    redirect: 'manual',
    headers: { 'content-type': 'application/x-www-form-urlencoded', ...headers },
  })
  const text = await response.text()
  const isJson = response.headers.get('content-type')?.includes('json') ?? false
  return {
    status: response.status,
    body: isJson ? JSON.parse(text) : {},
    text,
    headers: response.headers,
  }
}

/** Checks number, OAuth error and HTTP status of a token endpoint's refusal. */
export function refused(answer: TokenAnswer, number: number, error: string, status = 400): void {
  assert.deepEqual(
    { codes: answer.body['error_codes'], error: answer.body['error'], status: answer.status },
    { codes: [number], error, status },
    answer.text,
  )
  const start = `AADSTS${number}: `
  assert.ok(String(answer.body['error_description']).startsWith(start))
}

/** Checks that the page, and not the callback, shows the number. */
export function onPage(shown: Shown, number: number): void {
  assert.equal(shown.callback, undefined, `went to ${shown.callback}`)
  assert.ok(shown.text.includes(`AADSTS${number}: `), shown.text)
}

/** Checks that the callback, and not the page, hears of the number. */
export function atCallback(shown: Shown, number: number, error: string): void {
  assert.ok(shown.callback, shown.text)
  assert.equal(shown.callback.searchParams.get('error'), error)
  const description = shown.callback.searchParams.get('error_description') ?? ''
  assert.ok(description.startsWith(`AADSTS${number}: `), description)
  assert.match(description, /\r\nTrace ID: .*\r\nCorrelation ID: .*\r\nTimestamp: /)
  assert.equal(shown.callback.searchParams.get('state'), 'state-1')
}

export function pkce() {
  const verifier = randomBytes(32).toString('base64url')
  return { verifier, challenge: createHash('sha256').update(verifier).digest('base64url') }
}

/** The claims of a JWT, unchecked. */
export function claimsOf(token: unknown): Body {
  return JSON.parse(Buffer.from(String(token).split('.')[1] ?? '', 'base64url').toString('utf8'))
}
