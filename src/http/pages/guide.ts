import { readFile } from 'node:fs/promises'
import type { Hono } from 'hono'
import type { Hub } from '../hub.ts'
import type { Env } from '../server/frame.ts'
import type { Call } from '../server/operation.ts'
import { html } from './html.ts'
import { page } from './layout.ts'
import { renderMarkdown } from './markdown.ts'
import { isSignedIn, type PageParts, pageCall, respond } from './respond.ts'

const ERRORS = new URL('../../../docs/errors.md', import.meta.url)

/** Adds the guide and the list of errors. */
export function guidePages(
  app: Hono<Env>,
  parts: PageParts,
  hub: Pick<Hub, 'readGuide' | 'discover'>,
): void {
  const { frame } = parts
  app.get('/guide', async (c) => {
    const given = readGiven((name) => c.req.query(name))
    const call = pageCall(c, parts)
    const signedIn = await isSignedIn(call)
    const values = { ...given, ...(signedIn && (await findTenant(hub, given, call))) }
    const [intro, steps] = splitGuide(await hub.readGuide(values))
    return respond(
      c,
      page(
        frame,
        { title: 'Guide', width: 'reading', signedIn },
        html`<article>${renderMarkdown(intro, resolve)}${valuesForm(values, signedIn)}${renderMarkdown(steps, resolve)}</article>`,
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

// What the values are comes before the steps that use them; how to get here needs no telling any more.
function splitGuide(text: string): readonly [intro: string, steps: string] {
  const begin = text.indexOf('\n## ')
  return [text.slice(0, begin).replace(/^Words in braces .*\n\n?/m, ''), text.slice(begin)]
}

function resolve(target: string): string {
  return target.replace(/^errors\.md/, '/errors').replace(/^connecting\.md/, '/guide')
}

interface Given {
  readonly crmAddress?: string
  readonly tenantId?: string
  readonly clientId?: string
}

function readGiven(query: (name: string) => string | undefined): Given {
  const read = (name: string) => query(name)?.trim().slice(0, 2048) || undefined
  const [crmAddress, tenantId, clientId] = [read('address'), read('tenant'), read('client')]
  return {
    ...(crmAddress !== undefined && { crmAddress }),
    ...(tenantId !== undefined && { tenantId }),
    ...(clientId !== undefined && { clientId }),
  }
}

async function findTenant(
  { discover }: Pick<Hub, 'discover'>,
  { crmAddress, tenantId }: Given,
  call: Call,
): Promise<Given> {
  if (crmAddress === undefined || tenantId !== undefined) return {}
  const found = await discover(crmAddress, call.signal).catch(() => undefined)
  return found === undefined ? {} : { tenantId: found.tenantId }
}

function valuesForm({ crmAddress, tenantId, clientId }: Given, signedIn: boolean) {
  const lost = signedIn && crmAddress !== undefined && tenantId === undefined
  return html`<form class="card" method="get" action="/guide" id="values">
<h2>Fill in your own values</h2>
<p class="muted">This page then shows them in every address and in the script. They are kept nowhere.</p>
<label for="address">CRM address</label>
<input id="address" name="address" value="${crmAddress}" placeholder="https://org1.crm4.dynamics.com"
  autocomplete="url" spellcheck="false">
<label for="tenant">Directory (tenant) ID</label>
<p class="hint">${
    lost
      ? 'It could not be found from this CRM address. Check the address, or enter it yourself.'
      : 'May stay empty: when you are signed in here, it is found from the CRM address.'
  }</p>
<input id="tenant" name="tenant" value="${tenantId}" spellcheck="false">
<label for="client">Application (client) ID</label>
<input id="client" name="client" value="${clientId}" spellcheck="false">
<button>Show the guide with these</button>
</form>`
}
