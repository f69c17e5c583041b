import { randomBytes } from 'node:crypto'
import type { Answer } from '../exchange.ts'
import type { EntraContext } from './context.ts'
import type { Session, SignIn } from './model.ts'
import type { EntraRequest } from './request.ts'

const COOKIE = 'ESTSAUTH'
const MOST = 500
const LIFETIME = 24 * 3_600_000

/** Finds the browser's session by its cookie. */
export function findSession(context: EntraContext, request: EntraRequest): Session | undefined {
  const cookies = (request.exchange.headers.cookie ?? '').split(';')
  const pair = cookies.map((one) => one.trim().split('=')).find(([name]) => name === COOKIE)
  const session = context.state.sessions.find((one) => one.id === pair?.[1])
  return session && request.now - session.touchedAt < LIFETIME ? session : undefined
}

/** Finds the session or begins one with nobody in it. */
export function openSession(context: EntraContext, request: EntraRequest): Session {
  const found = findSession(context, request)
  if (found) {
    found.touchedAt = request.now
    return found
  }
  const session = {
    id: randomBytes(32).toString('base64url'),
    accounts: [],
    touchedAt: request.now,
  }
  context.state.sessions = [...context.state.sessions.slice(1 - MOST), session]
  context.touch()
  return session
}

/** Notes that somebody signed in here; a newer sign-in replaces their older one. */
export function addAccount(context: EntraContext, session: Session, signIn: SignIn): void {
  session.accounts = [...session.accounts.filter((one) => one.userId !== signIn.userId), signIn]
  context.touch()
}

/** Puts the session's cookie on an answer. */
export function withCookie(request: EntraRequest, session: Session, answer: Answer): Answer {
  return { ...answer, headers: { ...answer.headers, 'set-cookie': cookie(request, session.id) } }
}

/** Signs everybody out of this browser. */
export function endSession(context: EntraContext, request: EntraRequest, answer: Answer): Answer {
  const session = findSession(context, request)
  if (session) {
    context.state.sessions = context.state.sessions.filter((one) => one !== session)
    context.touch()
  }
  const gone = `${cookie(request, '')}; Max-Age=0`
  return { ...answer, headers: { ...answer.headers, 'set-cookie': gone } }
}

function cookie(request: EntraRequest, value: string): string {
  // Other sites post back to the sign-in pages, which takes SameSite=None, which takes https.
  const site = request.origin.startsWith('https:') ? 'SameSite=None; Secure' : 'SameSite=Lax'
  return `${COOKIE}=${value}; Path=/; HttpOnly; ${site}`
}
