import { readFile } from 'node:fs/promises'
import type { Hono } from 'hono'
import type { Hub } from '../hub.ts'
import type { Env } from '../server/frame.ts'
import { html } from './html.ts'
import { page } from './layout.ts'
import { renderMarkdown } from './markdown.ts'
import { isSignedIn, type PageParts, pageCall, respond } from './respond.ts'

const ERRORS = new URL('../../../docs/errors.md', import.meta.url)

/** Adds the guide and the list of errors. */
export function guidePages(
  app: Hono<Env>,
  parts: PageParts,
  { readGuide }: Pick<Hub, 'readGuide'>,
): void {
  const { frame } = parts
  app.get('/guide', async (c) => {
    const given = {
      crmAddress: c.req.query('address')?.slice(0, 2048) ?? '',
      tenantId: c.req.query('tenant')?.slice(0, 100) ?? '',
      clientId: c.req.query('client')?.slice(0, 100) ?? '',
    }
    const text = await readGuide(given)
    const signedIn = await isSignedIn(pageCall(c, parts))
    return respond(
      c,
      page(
        frame,
        { title: 'Guide', width: 'reading', signedIn },
        html`<article>${renderMarkdown(text, resolve)}</article>${valuesForm(given)}`,
      ),
    )
  })
  app.get('/errors', async (c) => {
    const text = await readFile(ERRORS, 'utf8')
    const signedIn = await isSignedIn(pageCall(c, parts))
    const article = html`<article>${renderMarkdown(text, resolve)}</article>`
    return respond(c, page(frame, { title: 'Errors', width: 'reading', signedIn }, article))
  })
}

function resolve(target: string): string {
  return target.replace(/^errors\.md/, '/errors').replace(/^connecting\.md/, '/guide')
}

function valuesForm(given: {
  readonly crmAddress: string
  readonly tenantId: string
  readonly clientId: string
}) {
  return html`<form class="card" method="get" action="/guide" id="values">
<h2>Fill in your own values</h2>
<p class="muted">This page then shows them in every address and in the script. They are kept nowhere.</p>
<label for="address">CRM address</label>
<input id="address" name="address" value="${given.crmAddress}" placeholder="https://org1.crm4.dynamics.com"
  autocomplete="url" spellcheck="false">
<label for="tenant">Directory (tenant) ID</label>
<p class="hint">May stay empty: when you are signed in here, it is found from the CRM address.</p>
<input id="tenant" name="tenant" value="${given.tenantId}" spellcheck="false">
<label for="client">Application (client) ID</label>
<input id="client" name="client" value="${given.clientId}" spellcheck="false">
<button>Show the guide with these</button>
</form>`
}
