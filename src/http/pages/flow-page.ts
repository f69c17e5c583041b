import type { Flow } from '../../hub/connect/index.ts'
import { changeView, type EndpointChange } from './change-view.ts'
import { type Explained, explainForm, explanationsView } from './explain.ts'
import { detailsView, remedyView } from './explanation-view.ts'
import { type Html, html } from './html.ts'
import { copyField, type Frame, outcome, page } from './layout.ts'

/** What is shown of a flow while somebody signs in. */
export interface FlowView {
  readonly flow: Flow
  /** The one-use link, on the page that begins the flow only. */
  readonly url?: string
  /** Endpoints that would work, where those that are stored are foreseen to fail. */
  readonly change?: EndpointChange | undefined
  /** What the text that somebody pasted means. */
  readonly pasted?: readonly Explained[]
}

/** Shows how far a flow is. */
export function flowPage(frame: Frame, view: FlowView): Html {
  const { flow, url, pasted } = view
  const waiting = flow.state === 'waiting'
  // Without a script the page looks by itself, unless that would lose the link or what was pasted.
  const looks = waiting && url === undefined && pasted === undefined
  const head = looks && {
    head: html`<noscript><meta http-equiv="refresh" content="20;url=/flows/${flow.id}"></noscript>`,
  }
  return page(
    frame,
    { title: 'Sign in at Microsoft', width: 'reading', signedIn: true, ...head },
    waiting ? waitingView(view) : endedView(flow),
  )
}

function waitingView({ flow, url = flow.url, change, pasted }: FlowView): Html {
  const { id, userCode, credentialId } = flow
  const text =
    url === undefined
      ? 'Go on in the window where Microsoft asks you to sign in. This page notices when you are done.'
      : 'It opens in a new tab. This page notices when you are done.'
  const link =
    url !== undefined &&
    html`<p class="actions"><a class="button" href="${url}" target="_blank" rel="noreferrer">Sign in at Microsoft</a></p>`
  return html`<div data-flow="/api/v1/flows/${id}" data-page="/flows/${id}">
${outcome('wait', 'Waiting for your sign-in', text)}
${userCode !== undefined && html`<p>Enter this code there:</p>${copyField('user-code', userCode)}`}
${link}
<p class="muted small"><a href="/flows/${id}">Look now</a> whether it is done.</p>
</div>
${pasted && explanationsView(pasted)}
${change && foreseen(change, credentialId, pasted !== undefined)}
${explainForm(`/flows/${id}/explain`)}`
}

function foreseen(change: EndpointChange, credentialId: string, happened: boolean): Html {
  return html`${
    !happened &&
    html`<div class="notice"><p><strong>Microsoft will probably refuse this with AADSTS50194.</strong>
The endpoints of the Auth Client name no organization, which works only for an app that is meant for any
organization.</p></div>`
  }${changeView(change, { credentialId })}`
}

function endedView({ state, failure }: Flow): Html {
  const back = html`<p class="actions"><a class="button" href="/">To the hub</a></p>`
  if (state === 'succeeded')
    return html`${outcome('good', 'Connected', 'The Credential works. Verify it to see all that it can do.')}${back}`
  if (failure === undefined)
    return html`${outcome('bad', 'Nobody signed in in time', 'A sign-in has to be done within ten minutes.')}${back}`
  return html`${outcome('bad', failure.what, failure.why)}
${remedyView(failure)}
${detailsView(failure)}
${back}`
}
