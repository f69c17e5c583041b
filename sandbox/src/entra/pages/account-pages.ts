import type { Answer } from '../../exchange.ts'
import { form, html, page } from './layout.ts'

/** What every form of one sign-in carries. */
export interface FormContext {
  /** `/{tenant}` */
  readonly base: string
  readonly ctx: string
  readonly appName: string
}

/** Asks for user name and password. */
export function signInPage(
  where: FormContext,
  view: { username?: string; problem?: string },
): Answer {
  const problem =
    view.problem === undefined ? undefined : html`<p class="wrong" role="alert">${view.problem}</p>`
  const body = html`<h1>Sign in</h1>
<p>to continue to ${where.appName}</p>
${problem}
${form(
  `${where.base}/login`,
  { ctx: where.ctx },
  html`
<label for="username">User name</label>
<input id="username" name="login" type="email" autocomplete="username" value="${view.username ?? ''}" required autofocus>
<label for="password">Password</label>
<input id="password" name="passwd" type="password" autocomplete="current-password">
<div class="buttons"><button class="main" name="action" value="signin">Sign in</button>
<button name="action" value="cancel" formnovalidate>Cancel</button></div>`,
)}`
  return page('Sign in to your account', body)
}

/** Lets a person choose one of the accounts signed in here, or another. */
export function accountPicker(
  where: FormContext,
  accounts: readonly { id: string; username: string; displayName: string }[],
): Answer {
  const buttons = accounts.map(
    (one) =>
      html`<button class="account" name="account" value="${one.id}"><strong>${one.displayName}</strong><br>${one.username}</button>`,
  )
  const body = html`<h1>Pick an account</h1>
<p>to continue to ${where.appName}</p>
${form(
  `${where.base}/select`,
  { ctx: where.ctx },
  html`${buttons}
<button class="account" name="account" value="other">Use another account</button>
<div class="buttons"><button name="action" value="cancel">Cancel</button></div>`,
)}`
  return page('Pick an account', body)
}

/** The second factor: one press stands for the phone. */
export function secondFactorPage(where: FormContext, username: string): Answer {
  const body = html`<h1>Approve sign in request</h1>
<p>${username}: your organization needs more than a password. Approve as if on your phone.</p>
${form(
  `${where.base}/mfa`,
  { ctx: where.ctx },
  html`<div class="buttons">
<button class="main" name="action" value="approve">Approve</button>
<button name="action" value="cancel">Cancel</button></div>`,
)}`
  return page('Approve sign in request', body)
}

/** Asks the user, or an admin for everyone, to accept the permissions. */
export function consentPage(
  where: FormContext,
  view: {
    username: string
    permissions: readonly string[]
    forTenant: boolean
    mayConsentForTenant: boolean
  },
): Answer {
  const items = view.permissions.map((one) => html`<li>${one}</li>`)
  const everyone =
    view.mayConsentForTenant && !view.forTenant
      ? html`<p><label><input type="checkbox" name="everyone" value="yes"> Consent on behalf of your organization</label></p>`
      : undefined
  const title = view.forTenant
    ? 'Permissions requested: review for your organization'
    : 'Permissions requested'
  const body = html`<h1>${title}</h1>
<p>${view.username}</p>
<p><strong>${where.appName}</strong> would like to:</p>
<ul>${items}</ul>
${form(
  `${where.base}/consent`,
  { ctx: where.ctx },
  html`${everyone}
<div class="buttons"><button class="main" name="action" value="accept">Accept</button>
<button name="action" value="cancel">Cancel</button></div>`,
)}`
  return page(title, body)
}

/** Tells a user without the right to consent that an admin is needed. */
export function needAdminPage(where: FormContext, details: string): Answer {
  const body = html`<h1>Need admin approval</h1>
<p><strong>${where.appName}</strong> needs permission to access resources in your organization that only an admin can grant. Please ask an admin to grant permission to this app before you can use it.</p>
<p id="details">${details}</p>
${form(
  `${where.base}/consent`,
  { ctx: where.ctx },
  html`<div class="buttons">
<button class="main" name="action" value="return">Return to the application without granting consent</button></div>`,
)}`
  return page('Need admin approval', body)
}
