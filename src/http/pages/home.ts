import type { Hono } from 'hono'
import type { Alert } from '../../hub/alerts/index.ts'
import type { Credential, CredentialState } from '../../hub/vault/index.ts'
import type { Hub } from '../hub.ts'
import type { Env } from '../server/frame.ts'
import { type Html, html } from './html.ts'
import { copyField, page } from './layout.ts'
import { type PageParts, pageCall, respond } from './respond.ts'

/** Adds the first page: how to connect, and what is connected. */
export function homePages(app: Hono<Env>, parts: PageParts, hub: Hub): void {
  const { frame, around } = parts
  app.get('/', async (c) => {
    const { workspaceId } = await pageCall(c, parts).principal()
    const [credentials, alerts] = await Promise.all([
      hub.credentials.list(workspaceId),
      hub.alerts.list(workspaceId),
    ])
    const { redirectUri } = hub.connect
    return respond(
      c,
      page(
        frame,
        { title: 'Home', signedIn: true },
        html`<h1>Connect Microsoft Dynamics CRM</h1>
<p class="lead">Register one app in Microsoft Entra ID, save it here once, and connect as many environments and
users with it as you like.</p>
${alerts.map(alertView)}
<div class="grid">${redirectCard(redirectUri)}${commandCard(around.publicUrl)}</div>
<h2>Credentials</h2>
${credentials.length === 0 ? html`<div class="card"><p class="muted">There are none yet. The command above makes the first one.</p></div>` : credentialTable(credentials)}`,
      ),
    )
  })
}

function redirectCard(redirectUri: string): Html {
  return html`<section class="card"><h2>In Microsoft Entra ID</h2>
<p>Give the app a redirect of the platform <strong>Web</strong>, exactly this one:</p>
${copyField('redirect', redirectUri)}
<p>The <a href="/guide">guide</a> goes through every step, with your own values and a script that does it.</p></section>`
}

function commandCard(publicUrl: URL): Html {
  return html`<section class="card"><h2>On the command line</h2>
<p>One address is enough: tenant and endpoints are found from it.</p>
${copyField('command', 'fairlead connect https://org1.crm4.dynamics.com')}
<p>Programs use the <a href="/docs">API</a> of <code>${publicUrl.origin}</code> with an API key.</p></section>`
}

function alertView({ level, explanation }: Alert): Html {
  const { what, why, remedy } = explanation
  return html`<div class="notice ${level === 'error' && 'bad'}"><p><strong>${what}</strong> ${why}</p><p>${remedy}</p></div>`
}

const STATES: Readonly<Record<CredentialState, readonly [kind: string, text: string]>> = {
  new: ['', 'new'],
  connected: ['good', 'connected'],
  needs_reconnect: ['bad', 'needs reconnect'],
  auth_client_failing: ['bad', 'Auth Client failing'],
}

function credentialTable(credentials: readonly Credential[]): Html {
  return html`<div class="card"><div class="scroll"><table>
<thead><tr><th scope="col">Name</th><th scope="col">Environment</th><th scope="col">User</th><th scope="col">State</th><th scope="col"></th></tr></thead>
<tbody>${credentials.map((credential) => {
    const { id, name, environmentUrl, identity, state, grant } = credential
    const [kind, text] = STATES[state]
    return html`<tr><td>${name}</td><td>${URL.parse(environmentUrl)?.host ?? environmentUrl}</td>
<td>${identity?.fullName ?? identity?.userPrincipalName}</td><td><span class="tag ${kind}">${text}</span></td>
<td>${
      grant === 'delegated' &&
      html`<form method="post" action="/connect/again"><input type="hidden" name="credential" value="${id}">
<button class="quiet small">Authenticate<span class="away"> ${name}</span></button></form>`
    }</td></tr>`
  })}</tbody></table></div></div>`
}
