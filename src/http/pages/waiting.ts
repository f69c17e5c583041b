import type { Hono } from 'hono'
import { demand } from '../../hub/access/index.ts'
import type { Flow } from '../../hub/connect/index.ts'
import type { Hub } from '../hub.ts'
import { actorOf } from '../routes/actor.ts'
import { readForm } from '../server/body.ts'
import type { Env } from '../server/frame.ts'
import { notFound } from '../server/http-error.ts'
import { explainForm } from './explain.ts'
import { detailsView, remedyView } from './explanation-view.ts'
import { Html, html } from './html.ts'
import { copyField, type Frame, outcome, page } from './layout.ts'
import { type PageParts, pageCall, respond } from './respond.ts'

/** Adds what begins a sign-in, and the page that waits for its end. */
export function waitingPages(app: Hono<Env>, parts: PageParts, hub: Hub): void {
  const { connect, authClients, credentials } = hub
  const { frame } = parts
  app.get('/flows/:id', async (c) => {
    const { workspaceId } = await pageCall(c, parts).principal()
    return respond(c, flowPage(frame, await connect.flow(workspaceId, c.req.param('id'))))
  })
  app.post('/connect/again', async (c) => {
    const call = pageCall(c, parts)
    demand(await call.principal(), 'manage')
    const by = await actorOf(call)
    const credentialId = (await readForm(c.req.raw)).get('credential') ?? ''
    const { flowId, url } = await connect.startFlow({ by, credentialId })
    return respond(c, flowPage(frame, { ...(await connect.flow(by.workspaceId, flowId)), url }))
  })
  app.post('/connect/fix', async (c) => {
    const call = pageCall(c, parts)
    demand(await call.principal(), 'manage')
    const by = await actorOf(call)
    const id = (await readForm(c.req.raw)).get('flow') ?? ''
    // What is offered is read from the store: nobody else's endpoints get in through a form.
    const { credentialId, failure } = await connect.flow(by.workspaceId, id)
    if (failure?.change === undefined) throw notFound('This sign-in offers no change of endpoints.')
    const { authClientId } = await credentials.get(by.workspaceId, credentialId)
    const { version } = await authClients.get(by.workspaceId, authClientId)
    await authClients.edit(by, authClientId, { ...failure.change, version })
    const { flowId, url } = await connect.startFlow({ by, credentialId })
    return respond(c, flowPage(frame, { ...(await connect.flow(by.workspaceId, flowId)), url }))
  })
}

function flowPage(frame: Frame, flow: Flow): Html {
  const head = new Html(
    `<noscript><meta http-equiv="refresh" content="20;url=/flows/${encodeURIComponent(flow.id)}"></noscript>`,
  )
  const waiting = flow.state === 'waiting'
  return page(
    frame,
    { title: 'Sign in at Microsoft', width: 'reading', signedIn: true, ...(waiting && { head }) },
    waiting ? waitingView(flow) : endedView(flow),
  )
}

function waitingView({ id, url, userCode }: Flow): Html {
  const text =
    url === undefined
      ? 'Go on in the window where Microsoft asks you to sign in. This page notices when you are done.'
      : 'It opens in a new tab. This page notices when you are done.'
  return html`<div data-flow="/api/v1/flows/${id}" data-page="/flows/${id}">
${outcome('wait', 'Waiting for your sign-in', text)}
${userCode !== undefined && html`<p>Enter this code there:</p>${copyField('user-code', userCode)}`}
${url !== undefined && html`<p class="actions"><a class="button" href="${url}" target="_blank" rel="noreferrer">Sign in at Microsoft</a></p>`}
<p class="muted small"><a href="/flows/${id}">Look now</a> whether it is done.</p>
</div>
${explainForm('')}`
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
