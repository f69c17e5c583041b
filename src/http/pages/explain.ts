import type { Hono } from 'hono'
import { readForm } from '../server/body.ts'
import type { Env } from '../server/frame.ts'
import { remedyView, type Told } from './explanation-view.ts'
import { type Html, html } from './html.ts'
import { facts, page } from './layout.ts'
import { isSignedIn, type PageParts, pageCall, respond } from './respond.ts'

/** Explains a text of Microsoft's: every error that it names, the most telling first. */
export type ExplainText = (text: string) => Promise<readonly Explained[]>

/** An error that was found in a text, with what Microsoft's support asks for. */
export interface Explained extends Told {
  readonly link?: string
  readonly traceId?: string
  readonly correlationId?: string
  readonly timestamp?: string
}

const LONGEST = 20_000

/** Reads what somebody pasted. */
export async function readPasted(request: Request): Promise<string> {
  return ((await readForm(request)).get('text') ?? '').slice(0, LONGEST)
}

/** Adds the page that explains what somebody pastes; nobody needs to be signed in for it. */
export function explainPages(app: Hono<Env>, parts: PageParts, explain: ExplainText): void {
  const show = (signedIn: boolean, found?: readonly Explained[]) =>
    page(
      parts.frame,
      { title: 'Explain an error', width: 'reading', signedIn },
      html`<h1>Explain an error</h1>
<p class="lead">Paste what Microsoft’s page showed, the whole text: the codes in it are explained.</p>
${found && explanationsView(found)}
${explainForm()}`,
    )
  app.get('/explain', async (c) => respond(c, show(await isSignedIn(pageCall(c, parts)))))
  app.post('/explain', async (c) => {
    const text = await readPasted(c.req.raw)
    return respond(c, show(await isSignedIn(pageCall(c, parts)), await explain(text)))
  })
}

/** The form in which an error is pasted. What was pasted is not repeated: it may hold a code or a token. */
export function explainForm(action = '/explain'): Html {
  return html`<form class="card" method="post" action="${action}">
<label for="text">Microsoft showed an error? Paste it here.</label>
<textarea id="text" name="text" maxlength="${LONGEST}" required spellcheck="false"
  placeholder="AADSTS50011: The redirect URI …"></textarea>
<button>Explain it</button>
</form>`
}

/** Shows the errors that were found in a text. */
export function explanationsView(found: readonly Explained[]): Html {
  if (found.length === 0)
    return html`<div class="notice" role="status"><p><strong>No known error is named in this text.</strong>
Codes look like AADSTS50011 or 0x80040220. Paste the whole text, with its “Troubleshooting details”.</p></div>`
  return html`${found.map(
    (told) => html`<section role="status"><h2>${told.what}</h2>
<p>${told.why}</p>
${remedyView(told)}
<div class="card">${facts([['Code', html`<code>${codeText(told.code)}</code>`], ...identifiers(told)])}</div></section>`,
  )}`
}

// The number alone is what the catalogue goes by; people know it with its prefix.
function codeText(code: string): string {
  return /^\d+$/.test(code) ? `AADSTS${code}` : code
}

function identifiers({ link, traceId, correlationId, timestamp }: Explained) {
  const page =
    link !== undefined && html`<a href="${link}" rel="noreferrer" target="_blank">${link}</a>`
  return [
    ['Trace ID', traceId],
    ['Correlation ID', correlationId],
    ['Timestamp', timestamp],
    ['Microsoft’s page', page || undefined],
  ] as const
}
