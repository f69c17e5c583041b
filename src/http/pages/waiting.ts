import type { Hono } from 'hono'
import { demand } from '../../hub/access/index.ts'
import type { Hub } from '../hub.ts'
import { actorOf } from '../routes/actor.ts'
import { readForm } from '../server/body.ts'
import type { Env, HttpContext } from '../server/frame.ts'
import { notFound } from '../server/http-error.ts'
import type { EndpointChange } from './change-view.ts'
import { readPasted } from './explain.ts'
import { type FlowView, flowPage } from './flow-page.ts'
import { type PageParts, pageCall, respond } from './respond.ts'

/** Adds what begins a sign-in, and the page that waits for its end. */
export function waitingPages(app: Hono<Env>, parts: PageParts, hub: Hub): void {
  const { connect } = hub
  const show = (c: HttpContext, view: FlowView) => respond(c, flowPage(parts.frame, view))
  app.get('/flows/:id', async (c) => {
    const { workspaceId } = await pageCall(c, parts).principal()
    return show(c, { flow: await connect.flow(workspaceId, c.req.param('id')) })
  })
  app.post('/flows/:id/explain', async (c) => {
    const { workspaceId } = await pageCall(c, parts).principal()
    const flow = await connect.flow(workspaceId, c.req.param('id'))
    const { credentialId } = flow
    const text = await readPasted(c.req.raw)
    const found = await connect.explain(text, { workspaceId, credentialId })
    const fixable = found.some(({ code }) => FIXABLE.test(code))
    const change = fixable ? await foreseenChange(hub, workspaceId, credentialId) : undefined
    return show(c, { flow, pasted: found, change })
  })
  app.post('/connect/again', async (c) => show(c, await begin(c, parts, hub)))
  app.post('/connect/fix', async (c) => show(c, await begin(c, parts, hub, { fix: true })))
}

// A single-tenant app at endpoints that name no organization.
const FIXABLE = /^(AADSTS)?50194$/

async function begin(
  c: HttpContext,
  parts: PageParts,
  hub: Hub,
  { fix = false }: { readonly fix?: boolean } = {},
): Promise<FlowView> {
  const call = pageCall(c, parts)
  demand(await call.principal(), 'manage')
  const by = await actorOf(call)
  const { workspaceId } = by
  const credentialId = (await readForm(c.req.raw)).get('credential') ?? ''
  const change = await foreseenChange(hub, workspaceId, credentialId)
  if (fix) {
    if (change === undefined) throw notFound('Nothing is known that would have to change.')
    await applyChange(hub, by, credentialId, change)
  }
  const { flowId, url } = await hub.connect.startFlow({ by, credentialId })
  const flow = await hub.connect.flow(workspaceId, flowId)
  return { flow, url, change: fix ? undefined : change }
}

// What is offered and applied is found by the hub: nobody else's endpoints get in through a form.
async function foreseenChange(
  { connect, credentials, authClients }: Hub,
  workspaceId: string,
  credentialId: string,
): Promise<EndpointChange | undefined> {
  const { authClientId, environmentUrl } = await credentials.get(workspaceId, credentialId)
  const client = await authClients.get(workspaceId, authClientId)
  const { clientId, authorizationEndpoint, tokenEndpoint } = client
  const input = { clientId, authorizationEndpoint, tokenEndpoint, address: environmentUrl }
  return (await connect.review(input)).find(({ code }) => FIXABLE.test(code))?.change
}

async function applyChange(
  { credentials, authClients }: Hub,
  by: Awaited<ReturnType<typeof actorOf>>,
  credentialId: string,
  change: EndpointChange,
): Promise<void> {
  const { authClientId } = await credentials.get(by.workspaceId, credentialId)
  const { version } = await authClients.get(by.workspaceId, authClientId)
  await authClients.edit(by, authClientId, { ...change, version })
}
