import assert from 'node:assert/strict'
import { type CookieJar, createCookieJar } from './cookie-jar.ts'
import { type Form, headingOf, readForms } from './forms.ts'
import { type PlainAnswer, type PlainRequest, requestOnce } from './plain-request.ts'

/** What the browser shows after all redirects. */
export interface Page {
  readonly url: URL
  readonly status: number
  readonly headers: PlainAnswer['headers']
  readonly text: string
  readonly heading: string
  readonly forms: readonly Form[]
}

export interface BrowserOptions extends Pick<PlainRequest, 'caFile' | 'connectTo'> {
  /** A redirect to this origin is not followed: the page's `url` is then where it leads. */
  readonly stopAt?: string
}

/** Just enough of a browser to click through pages without scripts, over real HTTP. */
export interface Browser {
  open(address: string | URL): Promise<Page>
  /** Presses the button that reads like this, with fields filled in by name. */
  press(page: Page, button: string, fields?: Readonly<Record<string, string>>): Promise<Page>
  /** The cookies that it would send to a host. */
  cookies(hostname: string): Readonly<Record<string, string>>
}

const MOST_REDIRECTS = 20

export function createBrowser(options: BrowserOptions = {}): Browser {
  const jar = createCookieJar()
  const visit = async (first: PlainRequest): Promise<Page> => {
    let request = first
    for (let count = 0; count < MOST_REDIRECTS; count += 1) {
      const answer = await send(request, options, jar)
      const { location } = answer.headers
      if (answer.status < 300 || answer.status > 399 || location === undefined) {
        return pageOf(request.url, answer)
      }
      const url = new URL(location, request.url)
      if (url.origin === options.stopAt) return pageOf(url, answer)
      request = { url }
    }
    throw new Error(`More than ${MOST_REDIRECTS} redirects from ${first.url.origin}`)
  }
  return {
    open: (address) => visit({ url: new URL(address) }),
    press: (page, button, fields = {}) => visit(pressing(page, button, fields)),
    cookies: jar.of,
  }
}

/** Goes through a sign-in, saying yes to everything, until no question is left. */
export async function signIn(
  browser: Browser,
  address: string | URL,
  user: { readonly username: string; readonly password: string },
): Promise<Page> {
  let page = await browser.open(address)
  for (let step = 0; step < 10; step += 1) {
    const asksPassword = page.forms.some(({ fields }) => 'passwd' in fields)
    const labels = page.forms.flatMap(({ buttons }) => buttons.map(({ label }) => label))
    const yes = labels.find((label) => /^(Sign in|Approve|Accept|Continue|Next|Yes)$/.test(label))
    if (yes === undefined) return page
    const fields = asksPassword ? { login: user.username, passwd: user.password } : {}
    page = await browser.press(page, yes, fields)
  }
  return page
}

function pressing(
  page: Page,
  label: string,
  filled: Readonly<Record<string, string>>,
): PlainRequest {
  const form = page.forms.find(({ buttons }) => buttons.some((button) => button.label === label))
  assert.ok(form, `No button "${label}" on "${page.heading}" (${page.status} ${page.url.origin})`)
  const button = form.buttons.find((each) => each.label === label)
  const own = button?.name === undefined ? {} : { [button.name]: button.value }
  const body = new URLSearchParams({ ...form.fields, ...filled, ...own }).toString()
  const url = new URL(form.action || page.url.href, page.url)
  if (form.method === 'get') {
    url.search = body
    return { url }
  }
  // A browser names the page's origin with every form it posts.
  const headers = {
    'content-type': 'application/x-www-form-urlencoded',
    origin: page.url.origin,
  }
  return { url, method: 'POST', headers, body }
}

async function send(
  request: PlainRequest,
  { caFile, connectTo }: BrowserOptions,
  jar: CookieJar,
): Promise<PlainAnswer> {
  const { hostname } = request.url
  const answer = await requestOnce({
    ...request,
    headers: { accept: 'text/html', ...request.headers, ...jar.headerFor(hostname) },
    ...(caFile === undefined ? {} : { caFile }),
    ...(connectTo === undefined ? {} : { connectTo }),
  })
  jar.keep(hostname, answer.headers['set-cookie'] ?? [])
  return answer
}

function pageOf(url: URL, { status, headers, text }: PlainAnswer): Page {
  return { url, status, headers, text, heading: headingOf(text), forms: readForms(text) }
}
