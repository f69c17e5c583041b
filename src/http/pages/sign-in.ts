import type { Hono } from 'hono'
import type { Access, SetupPurpose, SignedIn } from '../../hub/access/index.ts'
import { CodedError, Secret } from '../../kernel/index.ts'
import { readForm } from '../server/body.ts'
import type { Env, HttpContext } from '../server/frame.ts'
import { statusOf } from '../server/status-of.ts'
import { type Html, html } from './html.ts'
import { type Frame, page } from './layout.ts'
import { type PageParts, pageCall, respond } from './respond.ts'

/** Adds the pages on which people come in and go out. */
export function signInPages(app: Hono<Env>, parts: PageParts, access: Access): void {
  const { frame } = parts
  app.get('/login', (c) => respond(c, loginPage(frame, { next: ownPath(c.req.query('next')) })))
  app.post('/login', async (c) => {
    const form = await readForm(c.req.raw)
    const name = form.get('name') ?? ''
    const next = ownPath(form.get('next') ?? undefined)
    const password = new Secret(form.get('password') ?? '')
    const { address } = pageCall(c, parts)
    return await attempt(
      c,
      parts,
      next,
      () => access.signIn({ name, password, address }),
      (error) => loginPage(frame, { next, name, error }),
    )
  })
  setupPages(app, parts, access)
  app.post('/logout', async (c) => {
    const call = pageCall(c, parts)
    if (call.sessionToken !== undefined) await access.signOut(call.sessionToken)
    call.keepSession(undefined)
    return c.redirect('/login', 303)
  })
}

function setupPages(app: Hono<Env>, parts: PageParts, access: Access): void {
  const { frame } = parts
  app.get('/setup/:token', async (c) => {
    const purpose = await access.readSetupLink(new Secret(c.req.param('token')))
    return respond(c, setupPage(frame, { purpose }))
  })
  app.post('/setup/:token', async (c) => {
    const token = new Secret(c.req.param('token'))
    const form = await readForm(c.req.raw)
    const purpose = await access.readSetupLink(token)
    const name = form.get('name') ?? ''
    const password = new Secret(form.get('password') ?? '')
    return await attempt(
      c,
      parts,
      '/',
      () => access.useSetupLink({ token, name, password }),
      (error) => setupPage(frame, { purpose, name, error }),
    )
  })
}

/** Keeps only a path of this hub: what comes after signing in must not lead elsewhere. */
export function ownPath(path: string | undefined): string {
  return path !== undefined && /^\/(?![/\\])[\w/.-]*$/.test(path) ? path : '/'
}

async function attempt(
  c: HttpContext,
  parts: PageParts,
  next: string,
  enter: () => Promise<SignedIn>,
  again: (error: CodedError) => Html,
): Promise<Response> {
  try {
    const { token, principal } = await enter()
    pageCall(c, parts).keepSession({ token, expiresAt: principal.expiresAt })
    return c.redirect(next, 303)
  } catch (error) {
    if (!(error instanceof CodedError)) throw error
    return respond(c, again(error), statusOf(error))
  }
}

function loginPage(
  frame: Frame,
  given: { readonly next: string; readonly name?: string; readonly error?: CodedError },
): Html {
  return page(
    frame,
    { title: 'Sign in', width: 'narrow' },
    html`<h1>Sign in</h1>
${notice(given.error)}
<form class="card" method="post" action="/login">
<input type="hidden" name="next" value="${given.next}">
<label for="name">Name</label>
<input id="name" name="name" value="${given.name}" autocomplete="username" autocapitalize="none"
  spellcheck="false" maxlength="200" required>
<label for="password">Password</label>
<input id="password" name="password" type="password" autocomplete="current-password" maxlength="1024" required>
<button>Sign in</button>
</form>
<p class="muted small">The first time? Open the set-up link that the hub printed when it was started.
If the password is lost, whoever runs the hub makes a new link with <code>fairlead users reset</code>.</p>`,
  )
}

function setupPage(
  frame: Frame,
  given: { readonly purpose: SetupPurpose; readonly name?: string; readonly error?: CodedError },
): Html {
  const { purpose } = given
  const first = purpose.kind === 'first-user'
  const title = first ? `Set up ${frame.platformName}` : 'Set a new password'
  return page(
    frame,
    { title, width: 'narrow' },
    html`<h1>${title}</h1>
<p class="muted">${first ? 'You become the first user of this hub. This link works once.' : 'All of your sessions end, and this link works once.'}</p>
${notice(given.error)}
<form class="card" method="post">
<label for="name">Name</label>
${
  first
    ? html`<input id="name" name="name" value="${given.name}" autocomplete="username" autocapitalize="none"
  spellcheck="false" maxlength="200" required>`
    : html`<input id="name" value="${purpose.name}" autocomplete="username" readonly>`
}
<label for="password">Password</label>
<p class="hint" id="rule">At least 12 characters; four or five unrelated words are good.</p>
<input id="password" name="password" type="password" autocomplete="new-password" minlength="12"
  maxlength="1024" aria-describedby="rule" required>
<button>${first ? 'Begin' : 'Set the password'}</button>
</form>`,
  )
}

function notice(error: CodedError | undefined): Html | undefined {
  if (error === undefined) return undefined
  const { what, why, remedy } = error.explanation
  return html`<div class="notice bad" role="alert"><p><strong>${what}</strong> ${why}</p><p>${remedy}</p></div>`
}
