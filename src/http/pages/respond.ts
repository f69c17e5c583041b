import { createCall, type HttpContext, type Surroundings } from '../server/frame.ts'
import type { Call } from '../server/operation.ts'
import type { Html } from './html.ts'
import type { Frame } from './layout.ts'

/** What pages are made with. */
export interface PageParts {
  readonly around: Surroundings
  readonly frame: Frame
}

/** Sends a page. */
export function respond(c: HttpContext, content: Html, status = 200): Response {
  const { headers } = c.newResponse(null, {
    headers: { 'content-type': 'text/html; charset=utf-8' },
  })
  return new Response(String(content), { status, headers })
}

/** Makes what a page may know of a call. */
export function pageCall(c: HttpContext, { around }: PageParts): Call {
  return createCall(c, around, c.req.raw.signal)
}

/** Tells whether somebody is signed in, without demanding it. */
export async function isSignedIn(call: Call): Promise<boolean> {
  return await call.principal().then(
    () => true,
    () => false,
  )
}
