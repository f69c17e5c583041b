import { type Html, html } from './html.ts'
import { copyField } from './layout.ts'

/** Endpoints that would work: what is there is to change, together. */
export interface EndpointChange {
  readonly authorizationEndpoint?: string | undefined
  readonly tokenEndpoint?: string | undefined
}

/** Offers to change the endpoints of an Auth Client in one step; who is not signed in is asked to first. */
export function changeView(
  change: EndpointChange,
  offer: { readonly credentialId: string } | { readonly path: string },
): Html {
  const { authorizationEndpoint, tokenEndpoint } = change
  return html`<section class="card"><h2>Use my organization’s address</h2>
<p>Both endpoints of the Auth Client change together, in one step. Afterwards you sign in again.</p>
${authorizationEndpoint !== undefined && html`<h3>Authorization Endpoint</h3>${copyField('new-authorization', authorizationEndpoint)}`}
${tokenEndpoint !== undefined && html`<h3>Token Endpoint</h3>${copyField('new-token', tokenEndpoint)}`}
${
  'credentialId' in offer
    ? html`<form method="post" action="/connect/fix">
<input type="hidden" name="credential" value="${offer.credentialId}">
<button>Use my organization’s address</button></form>`
    : html`<p><a class="button" href="/login?next=${encodeURIComponent(offer.path)}">Sign in here to change them</a></p>`
}</section>`
}
