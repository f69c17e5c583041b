import type { Answer } from '../../exchange.ts'
import type { AadstsError } from '../aadsts.ts'
import type { EntraRequest } from '../request.ts'
import { timestamp } from '../token-answers.ts'
import { form, html, page } from './layout.ts'

/** Microsoft's own error page: the callback never hears of it. */
export function errorPage(request: EntraRequest, failure: AadstsError): Answer {
  const body = html`<h1>Sorry, but we’re having trouble signing you in.</h1>
<p id="error-text">AADSTS${String(failure.number)}: ${failure.message}</p>
<h2>Troubleshooting details</h2>
<dl><dt>Request Id</dt><dd>${request.traceId}</dd>
<dt>Trace ID</dt><dd>${request.traceId}</dd>
<dt>Correlation ID</dt><dd>${request.correlationId}</dd>
<dt>Timestamp</dt><dd>${timestamp(request.now)}</dd>
<dt>Message</dt><dd id="message">AADSTS${String(failure.number)}: ${failure.message} Trace ID: ${request.traceId} Correlation ID: ${request.correlationId} Timestamp: ${timestamp(request.now)}</dd></dl>`
  // The page is what counts: its status says nothing, as on the real site.
  return page('Sign in to your account', body)
}

/** A page that only says something. */
export function messagePage(title: string, text: string): Answer {
  return page(title, html`<h1>${title}</h1><p>${text}</p>`)
}

/** response_mode=form_post; a press of the button replaces the script of the real page. */
export function formPostPage(
  redirectUri: string,
  values: Readonly<Record<string, string>>,
): Answer {
  const body = html`<h1>Continue</h1>
${form(redirectUri, values, html`<div class="buttons"><button class="main">Continue</button></div>`)}`
  return page('Working...', body)
}

/** Where a person types the code that a device shows. */
export function deviceCodePage(view: { code?: string; problem?: string }): Answer {
  const problem =
    view.problem === undefined ? undefined : html`<p class="wrong" role="alert">${view.problem}</p>`
  const body = html`<h1>Enter code</h1>
<p>Enter the code displayed on your app or device.</p>
${problem}
${form(
  '/common/oauth2/deviceauth',
  {},
  html`<label for="otc">Code</label>
<input id="otc" name="otc" type="text" autocomplete="off" value="${view.code ?? ''}" required autofocus>
<div class="buttons"><button class="main">Next</button></div>`,
)}`
  return page('Sign in to your account', body)
}

/** The last question before a device gets its tokens. */
export function deviceConfirmPage(where: { base: string; ctx: string; appName: string }): Answer {
  const body = html`<h1>Are you trying to sign in to ${where.appName}?</h1>
<p>Only continue if you downloaded the app from a store or website that you trust.</p>
${form(
  `${where.base}/device`,
  { ctx: where.ctx },
  html`<div class="buttons">
<button class="main" name="action" value="continue">Continue</button>
<button name="action" value="cancel">Cancel</button></div>`,
)}`
  return page('Sign in to your account', body)
}
