import type { Answer } from '../exchange.ts'
import { AadstsError, aadsts } from './aadsts.ts'
import { type AuthorizeRequest, type Callback, readCaller, readWish } from './authorize-request.ts'
import { failureToCallback } from './callback-answers.ts'
import type { EntraContext } from './context.ts'
import { findUserByName } from './directory.ts'
import type { Interactions } from './interaction.ts'
import type { Session, SignIn } from './model.ts'
import { errorPage } from './pages/message-pages.ts'
import { resolveWish } from './permission-wish.ts'
import { type EntraRequest, formParameters, queryParameters } from './request.ts'
import { findSession, openSession, withCookie } from './sessions.ts'
import { type FormName, takeForm } from './sign-in-forms.ts'
import { nextStep, type Step } from './sign-in-steps.ts'

/** Failures about the person stay on the page; all others after the caller is known go back to it. */
const PAGE_NUMBERS = new Set([50020, 50034, 50055, 50057, 50126, 53003, 90093, 90094])

/** Serves `/{tenant}/oauth2/authorize` (v1) and `/{tenant}/oauth2/v2.0/authorize`. */
export function serveAuthorize(
  context: EntraContext,
  interactions: Interactions,
  request: EntraRequest,
  version: 1 | 2,
): Answer {
  let callback: Callback | undefined
  let silent = false
  try {
    const { exchange } = request
    const parameters =
      exchange.method === 'POST' ? formParameters(exchange) : queryParameters(exchange)
    const caller = readCaller(context, request, parameters)
    callback = caller.callback
    const wish = readWish(parameters, caller, version)
    silent = wish.prompt === 'none'
    if (wish.choice.kind === 'tenant') resolveWish(context, wish, wish.choice.tenant.id)
    const session = openSession(context, request)
    const interaction = interactions.start(session, wish.app, wish.choice, {
      kind: 'authorize',
      wish,
    })
    const signIn = alreadySignedIn(context, wish, session)
    if (signIn) interaction.signIn = signIn
    return withCookie(
      request,
      session,
      nextStep({ context, request, interactions, interaction, session }),
    )
  } catch (error) {
    return placeFailure(request, callback, error, silent)
  }
}

/** Serves the POSTs of the sign-in pages. */
export function serveForm(
  context: EntraContext,
  interactions: Interactions,
  request: EntraRequest,
  name: FormName,
): Answer {
  let callback: Callback | undefined
  try {
    const fields = formParameters(request.exchange)
    const session = findSession(context, request)
    const interaction = interactions.find(fields.get('ctx'), session)
    if (!session || !interaction) {
      throw aadsts(90023, { what: 'the sign-in has ended, or this browser sent no cookie of it.' })
    }
    const { purpose } = interaction
    if (purpose.kind === 'authorize') callback = purpose.wish.callback
    if (purpose.kind === 'adminconsent') callback = purpose.callback
    const step: Step = { context, request, interactions, interaction, session }
    return withCookie(request, session, takeForm(step, name, fields))
  } catch (error) {
    return placeFailure(request, callback, error, false)
  }
}

/** Puts a failure on the page or into the callback. */
export function placeFailure(
  request: EntraRequest,
  callback: Callback | undefined,
  error: unknown,
  silent: boolean,
): Answer {
  if (!(error instanceof AadstsError)) throw error
  if (!callback || (PAGE_NUMBERS.has(error.number) && !silent)) return errorPage(request, error)
  return failureToCallback(request, callback, error)
}

/**
 * The sign-in that may go on without asking: the only one in this browser, or the one hinted at.
 * @throws AADSTS50058, 16000 when prompt=none leaves nobody to ask
 */
function alreadySignedIn(
  context: EntraContext,
  wish: AuthorizeRequest,
  session: Session,
): SignIn | undefined {
  const { accounts } = session
  if (wish.prompt === 'login' || wish.prompt === 'select_account') return undefined
  const hinted = wish.loginHint === undefined ? undefined : findUserByName(context, wish.loginHint)
  const found = accounts.find((one) => one.userId === hinted?.id)
  const only = wish.loginHint === undefined && accounts.length === 1 ? accounts[0] : undefined
  const chosen = found ?? only
  if (!chosen && wish.prompt === 'none') throw aadsts(accounts.length === 0 ? 50058 : 16000)
  return chosen
}
