import type { Answer } from '../exchange.ts'
import type { AadstsError } from './aadsts.ts'
import type { Callback } from './authorize-request.ts'
import { formPostPage } from './pages/message-pages.ts'
import type { EntraRequest } from './request.ts'
import { describeFailure } from './token-answers.ts'

/** Sends the browser back to the app with these values and the state unchanged. */
export function toCallback(callback: Callback, values: Readonly<Record<string, string>>): Answer {
  const all = { ...values, ...(callback.state === undefined ? {} : { state: callback.state }) }
  const { uri } = callback.redirect
  if (callback.mode === 'form_post') return formPostPage(uri, all)
  const encoded = new URLSearchParams(all).toString()
  const location =
    callback.mode === 'fragment'
      ? `${uri}#${encoded}`
      : `${uri}${uri.includes('?') ? '&' : '?'}${encoded}`
  return {
    status: 302,
    headers: { location, 'cache-control': 'no-store, no-cache', 'referrer-policy': 'no-referrer' },
  }
}

/** Sends a failure to the app. */
export function failureToCallback(
  request: EntraRequest,
  callback: Callback,
  failure: AadstsError,
  more: Readonly<Record<string, string>> = {},
): Answer {
  return toCallback(callback, {
    error: failure.error,
    error_description: describeFailure(request, failure),
    error_uri: `${request.origin}/error?code=${failure.number}`,
    ...more,
  })
}
