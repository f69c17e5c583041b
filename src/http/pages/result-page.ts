import type { Credential } from '../../hub/vault/index.ts'
import { changeView } from './change-view.ts'
import { detailsView, remedyView } from './explanation-view.ts'
import { type Html, html } from './html.ts'
import { type Frame, facts, outcome, page } from './layout.ts'
import type { ResultView } from './result.ts'

/** What is known beside the result itself. */
export interface ResultSurroundings {
  readonly signedIn: boolean
  /** The address of this page, to come back to after signing in. */
  readonly path: string
  /** Known only to those who are signed in. */
  readonly credential: Credential | undefined
}

/** Shows how a sign-in ended: what, why, what to do, who. */
export function resultPage(
  frame: Frame,
  ended: ResultView | undefined,
  known: ResultSurroundings,
): Html {
  const { signedIn } = known
  const title = ended === undefined ? 'Nothing to show' : TITLES[ended.outcome]
  return page(frame, { title, width: 'reading', signedIn }, content(ended, known))
}

const TITLES = {
  connected: 'Connected',
  unfinished: 'Not finished yet',
  consented: 'Consent granted',
  failed: 'Not connected',
} as const

function content(ended: ResultView | undefined, known: ResultSurroundings): Html {
  if (ended === undefined)
    return outcome(
      'wait',
      'Nothing to show any more',
      'The result of a sign-in can be seen for ten minutes, and only in the browser that signed in.',
    )
  if (ended.outcome === 'unfinished')
    return html`${outcome('wait', 'The sign-in is still being finished', 'It was opened twice; the first time goes on.')}
<div class="actions"><a class="button" href="/flows/${ended.flowId}">Look again</a></div>`
  if (ended.outcome === 'consented')
    return outcome(
      'good',
      'Consent granted',
      'People of your organization can now connect without being asked. You can close this page.',
    )
  return ended.outcome === 'connected' ? connectedView(ended, known) : failedView(ended, known)
}

function connectedView(
  { identity }: Extract<ResultView, { outcome: 'connected' }>,
  { credential, signedIn }: ResultSurroundings,
): Html {
  const who = identity?.fullName ?? identity?.userPrincipalName
  return html`${outcome(
    'good',
    'Connected',
    'Microsoft let you in, and the environment knows you. You can close this page and go back to where you began.',
  )}
<div class="card">${facts([
    ['Credential', credential?.name],
    ['Environment', credential?.environmentUrl],
    ['User', who],
    ['Sign-in name', identity?.userPrincipalName],
    ['Organization', identity && html`<code>${identity.organizationId}</code>`],
  ])}</div>
${signedIn && html`<div class="actions"><a class="button" href="/">To the hub</a></div>`}`
}

function failedView(
  ended: Extract<ResultView, { outcome: 'failed' }>,
  known: ResultSurroundings,
): Html {
  const { failure, flowId, credentialId } = ended
  const { change } = failure
  const ids = flowId === undefined ? failure.facts : { ...failure.facts, flowId }
  return html`${outcome('bad', failure.what, failure.why)}
${change && credentialId !== undefined && changeView(change, known.signedIn ? { credentialId } : { path: known.path })}
${remedyView(failure, againView(credentialId, known))}
${detailsView({ code: failure.code, facts: ids })}`
}

function againView(credentialId: string | undefined, { signedIn }: ResultSurroundings): Html {
  if (!signedIn || credentialId === undefined)
    return html`<p class="muted">You can close this page and go back to where you began.</p>`
  return html`<form class="actions" method="post" action="/connect/again">
<input type="hidden" name="credential" value="${credentialId}">
<button class="quiet">Authenticate again</button></form>`
}
