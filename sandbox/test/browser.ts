import assert from 'node:assert/strict'

/** What a browser shows, or where it was sent. */
export interface Shown {
  readonly status: number
  readonly url: string
  readonly text: string
  /** Set when a redirect leads away from the sign-in site: the app's callback. */
  readonly callback?: URL
}

/** Just enough of a browser to click through pages without JavaScript. */
export class Browser {
  readonly #jar = new Map<string, string>()

  async open(url: string): Promise<Shown> {
    return this.#go(url, { method: 'GET' })
  }

  /** Presses a button of the page, all its hidden fields sent along. */
  async press(shown: Shown, button: string, fields: Record<string, string> = {}): Promise<Shown> {
    const form = /<form method="post" action="([^"]*)">([\s\S]*?)<\/form>/.exec(shown.text)
    assert.ok(form, `The page has no form: ${shown.text}`)
    const [, action = '', inner = ''] = form
    const values = new URLSearchParams()
    for (const [, name = '', value = ''] of inner.matchAll(
      /<input type="hidden" name="([^"]*)" value="([^"]*)">/g,
    )) {
      values.set(name, unescapeHtml(value))
    }
    const pressed = [...inner.matchAll(/<button([^>]*)>([\s\S]*?)<\/button>/g)].find(
      ([, , label]) => label?.includes(button),
    )
    assert.ok(pressed, `The page has no button '${button}': ${inner}`)
    const name = /name="([^"]*)"/.exec(pressed[1] ?? '')?.[1]
    const value = /value="([^"]*)"/.exec(pressed[1] ?? '')?.[1]
    if (name !== undefined) values.set(name, value ?? '')
    for (const [field, text] of Object.entries(fields)) values.set(field, text)
    const url = new URL(unescapeHtml(action), shown.url).href
    const headers = { 'content-type': 'application/x-www-form-urlencoded' }
    return this.#go(url, { method: 'POST', headers, body: values.toString() })
  }

  async #go(url: string, init: RequestInit): Promise<Shown> {
    const cookie = [...this.#jar].map(([name, value]) => `${name}=${value}`).join('; ')
    const headers = { ...Object(init.headers), ...(cookie === '' ? {} : { cookie }) }
    const response = await fetch(url, { ...init, headers, redirect: 'manual' })
    for (const line of response.headers.getSetCookie()) {
      const [name = '', value = ''] = (line.split(';')[0] ?? '').split('=')
      this.#jar.set(name, value)
    }
    const text = await response.text()
    const location = response.headers.get('location')
    const shown = { status: response.status, url, text }
    return location === null ? shown : { ...shown, callback: new URL(location, url) }
  }
}

function unescapeHtml(text: string): string {
  return text.replace(/&#(\d+);/g, (_, code) => String.fromCharCode(Number(code)))
}
