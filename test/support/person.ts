import { createCookieJar } from './cookie-jar.ts'
import { type Form, readForms } from './forms.ts'

/** What a person does on the sign-in pages. */
export interface Behaviour {
  readonly username: string
  readonly password: string
  /** Whether the permissions are accepted; `cancel` presses Cancel on that page. */
  readonly consent?: 'accept' | 'cancel'
  /** What to type where a device code is asked for. */
  readonly userCode?: string
  /** The name of the button to press first on the sign-in page, if not the main one. */
  readonly signIn?: 'signin' | 'cancel'
}

/** Where a sign-in has led: back to the app, or to a page that leads no further. */
export type Ending =
  | { readonly kind: 'callback'; readonly url: URL }
  | { readonly kind: 'page'; readonly status: number; readonly text: string }

const MOST_STEPS = 12

/** Goes through the sign-in pages as a person with a browser: cookies, forms, buttons. */
export class Person {
  readonly #behaviour: Behaviour
  readonly #fetch: typeof fetch
  readonly #cookies = createCookieJar()

  constructor(behaviour: Behaviour, send: typeof fetch = fetch) {
    this.#behaviour = behaviour
    this.#fetch = send
  }

  /** Opens an address and answers every page until one leads back to the app. */
  async visit(start: URL | string): Promise<Ending> {
    let response = await this.#send(new URL(start))
    for (let step = 0; step < MOST_STEPS; step += 1) {
      const location = response.headers.get('location')
      if (location !== null) {
        const next = new URL(location, response.url)
        if (next.pathname === '/callback/oauth2') return { kind: 'callback', url: next }
        response = await this.#send(next)
        continue
      }
      const text = await response.text()
      const form = readForms(text).find(({ method }) => method === 'post')
      if (form === undefined || /role="alert"/.test(text)) {
        return { kind: 'page', status: response.status, text }
      }
      const answers = this.#answer(form, text)
      response = await this.#send(new URL(form.action, response.url), answers)
    }
    throw new Error(`No end after ${MOST_STEPS} pages.`)
  }

  /** Opens an address and follows it to the page that it leads to. */
  async open(start: URL | string): Promise<{ readonly status: number; readonly text: string }> {
    let response = await this.#send(new URL(start))
    for (let step = 0; step < MOST_STEPS; step += 1) {
      const location = response.headers.get('location')
      if (location === null) return { status: response.status, text: await response.text() }
      response = await this.#send(new URL(location, response.url))
    }
    throw new Error(`No page after ${MOST_STEPS} redirects.`)
  }

  #answer({ action, fields: filled }: Form, text: string): URLSearchParams {
    const { username, password, userCode = '', consent = 'accept' } = this.#behaviour
    const fields = new URLSearchParams(filled)
    if (action.endsWith('/login')) {
      fields.set('login', username)
      fields.set('passwd', password)
      fields.set('action', this.#behaviour.signIn ?? 'signin')
    } else if (action.endsWith('/deviceauth')) fields.set('otc', userCode)
    else if (action.endsWith('/mfa')) fields.set('action', 'approve')
    else if (action.endsWith('/select')) fields.set('account', 'other')
    else if (text.includes('Need admin approval')) fields.set('action', 'return')
    else fields.set('action', consent)
    return fields
  }

  async #send(url: URL, form?: URLSearchParams): Promise<Response> {
    const response = await this.#fetch(url, {
      redirect: 'manual',
      headers: {
        ...this.#cookies.headerFor(url.hostname),
        ...(form ? { origin: url.origin } : {}),
      },
      signal: AbortSignal.timeout(10_000),
      ...(form ? { method: 'POST', body: form } : {}),
    })
    this.#cookies.keep(url.hostname, response.headers.getSetCookie())
    return response
  }
}
