import type { Answer } from '../exchange.ts'
import { placeFailure } from './authorize-endpoint.ts'
import type { Callback } from './authorize-request.ts'
import { readCaller } from './authorize-request.ts'
import type { EntraContext } from './context.ts'
import type { Interactions } from './interaction.ts'
import { messagePage } from './pages/message-pages.ts'
import { type EntraRequest, queryParameters } from './request.ts'
import { endSession, openSession, withCookie } from './sessions.ts'
import { nextStep } from './sign-in-steps.ts'

/** Serves `/{tenant}/adminconsent`: an admin grants what the registration lists, for everybody. */
export function serveAdminConsent(
  context: EntraContext,
  interactions: Interactions,
  request: EntraRequest,
): Answer {
  let callback: Callback | undefined
  try {
    const caller = readCaller(context, request, queryParameters(request.exchange))
    callback = { ...caller.callback, mode: 'query' }
    const session = openSession(context, request)
    const purpose = { kind: 'adminconsent' as const, callback }
    const interaction = interactions.start(session, caller.app, caller.choice, purpose)
    const step = { context, request, interactions, interaction, session }
    return withCookie(request, session, nextStep(step))
  } catch (error) {
    return placeFailure(request, callback, error, false)
  }
}

/** Serves `/{tenant}/oauth2/logout`: goes on only to an address that some app registered. */
export function serveLogout(context: EntraContext, request: EntraRequest): Answer {
  const next = request.exchange.url.searchParams.get('post_logout_redirect_uri')
  const registered = context.state.apps.some((app) =>
    app.redirectUris.some((one) => one.uri === next),
  )
  const answer: Answer =
    next !== null && registered
      ? { status: 302, headers: { location: next } }
      : messagePage(
          'You signed out of your account',
          "It's a good idea to close all browser windows.",
        )
  return endSession(context, request, answer)
}
