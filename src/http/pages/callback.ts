import type { Hono } from 'hono'
import { parse as parseCookies } from 'hono/utils/cookie'
import type { FlowCookie } from '../../hub/connect/index.ts'
import type { Credential } from '../../hub/vault/index.ts'
import type { Hub } from '../hub.ts'
import type { Env, HttpContext } from '../server/frame.ts'
import type { Call } from '../server/operation.ts'
import { type PageParts, pageCall, respond } from './respond.ts'
import { keepResult, type ResultView, readResult } from './result.ts'
import { resultPage } from './result-page.ts'

/** Adds the door to Microsoft's sign-in and the way back. */
export function callbackPages(
  app: Hono<Env>,
  parts: PageParts,
  { connect, credentials }: Hub,
): void {
  const { publicUrl, random } = parts.around
  const secure = publicUrl.protocol === 'https:'
  app.get('/connect/:ticket', async (c) => {
    if (isPreview(c)) return c.body(null, 204)
    const visitor = await visitorOf(pageCall(c, parts))
    const { location, cookie } = await connect.openTicket(c.req.param('ticket'), visitor)
    noReferrer(c)
    c.header('set-cookie', writeFlowCookie(cookie), { append: true })
    return c.redirect(location.href, 302)
  })
  app.get('/callback/oauth2', async (c) => {
    if (isPreview(c)) return c.body(null, 204)
    const query = new URL(c.req.url).searchParams
    const ended = await connect.finish({
      query,
      cookies: parseCookies(c.req.header('cookie') ?? ''),
    })
    const id = Buffer.from(random.bytes(12)).toString('base64url')
    noReferrer(c)
    c.header('set-cookie', keepResult(id, ended, secure), { append: true })
    // The code and everything else that came with the address is left behind at once.
    return c.redirect(`/callback/oauth2/result/${id}`, 303)
  })
  app.get('/callback/oauth2/result/:id', async (c) => {
    const ended = readResult(c.req.param('id'), c.req.header('cookie'), secure)
    const principal = await pageCall(c, parts)
      .principal()
      .catch(() => undefined)
    const credential =
      principal && (await findCredential(credentials, principal.workspaceId, ended))
    noReferrer(c)
    const known = { signedIn: principal !== undefined, path: c.req.path, credential }
    return respond(c, resultPage(parts.frame, ended, known))
  })
}

// Chat programs and browsers look at a link before a person does: that must not use it up.
function isPreview(c: HttpContext): boolean {
  return c.req.method === 'HEAD' || /prefetch|prerender/.test(c.req.header('sec-purpose') ?? '')
}

function noReferrer(c: HttpContext): void {
  c.header('referrer-policy', 'no-referrer')
}

function writeFlowCookie({ name, value, maxAgeSeconds, secure }: FlowCookie): string {
  return `${name}=${value}; Max-Age=${maxAgeSeconds}; Path=/; HttpOnly; SameSite=Lax${secure ? '; Secure' : ''}`
}

async function visitorOf(call: Call): Promise<{ readonly userId?: string }> {
  const principal = await call.principal().catch(() => undefined)
  return principal?.kind === 'user' ? { userId: principal.id } : {}
}

async function findCredential(
  credentials: Hub['credentials'],
  workspaceId: string,
  ended: ResultView | undefined,
): Promise<Credential | undefined> {
  if (ended === undefined || ended.outcome === 'consented') return undefined
  if (ended.credentialId === undefined) return undefined
  return await credentials.get(workspaceId, ended.credentialId).catch(() => undefined)
}
