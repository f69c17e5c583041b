import type { Hono } from 'hono'
import { isObject } from '../../kernel/index.ts'
import type { Env } from '../server/frame.ts'
import { describeApi } from '../server/openapi.ts'
import { type Html, html } from './html.ts'
import { copyField, page } from './layout.ts'
import { isSignedIn, type PageParts, pageCall, respond } from './respond.ts'
import { schemaText } from './schema-text.ts'

type Api = ReturnType<typeof describeApi>
type Operation = { readonly [key: string]: unknown }

/** Adds the API's description, for programs and for people. */
export function docsPages(app: Hono<Env>, parts: PageParts): void {
  const { platformName, publicUrl } = parts.around
  const api = describeApi({ title: platformName, url: publicUrl.origin })
  const content = docsContent(api)
  app.get('/api/v1/openapi.json', (c) => c.json(api))
  app.get('/docs', async (c) => {
    const signedIn = await isSignedIn(pageCall(c, parts))
    return respond(c, page(parts.frame, { title: 'API', width: 'reading', signedIn }, content))
  })
}

function docsContent(api: Api): Html {
  const origin = api.servers[0]?.url ?? ''
  return html`<h1>API</h1>
<p class="lead">Everything this hub does, over HTTP and JSON.</p>
<div class="card"><h2>Begin</h2>
<p>Send an API key as a bearer token. The first one is made by a signed-in user with
<code>POST /api/v1/api-keys</code>, or on the hub’s machine with
<code>fairlead api-keys add &lt;name&gt;</code>.</p>
${copyField('curl', `curl -H "Authorization: Bearer $FAIRLEAD_API_KEY" ${origin}/api/v1/credentials`)}
<p>Every failure is a <a href="#schema-Problem">problem</a> (RFC 9457) with a stable <code>code</code>, what
happened, why, what to do, and who can do it. Long answers come line by line with
<code>Accept: application/x-ndjson</code>; the last line is <code>{"kind":"end"}</code> or
<code>{"kind":"problem"}</code>. The whole description as OpenAPI 3.1:
<a href="/api/v1/openapi.json">openapi.json</a>.</p></div>
${api.tags.map(({ name }) => html`<h2>${name}</h2>${operationsOf(api, name)}`)}
<h2>Schemas</h2>
${Object.entries(api.components.schemas).map(
  ([name, schema]) => html`<section id="schema-${name}"><h3>${name}</h3>
<pre tabindex="0"><code>${schemaText(schema)}</code></pre></section>`,
)}`
}

function operationsOf(api: Api, tag: string): readonly Html[] {
  return Object.entries(api.paths).flatMap(([path, operations]) =>
    Object.entries(operations).flatMap(([method, operation]) =>
      isObject(operation) && Array.isArray(operation['tags']) && operation['tags'].includes(tag)
        ? [operationView(method.toUpperCase(), path, operation)]
        : [],
    ),
  )
}

function operationView(method: string, path: string, operation: Operation): Html {
  const { summary, description, operationId, parameters, requestBody, responses } = operation
  const scope = operation['x-fairlead-scope']
  return html`<details class="card operation" id="${String(operationId)}">
<summary><span class="method">${method}</span><span class="path">${path}</span><span class="muted">${String(summary)}</span></summary>
<div>
${typeof description === 'string' && html`<p>${description}</p>`}
<p class="muted small">${typeof scope === 'string' ? html`Needs the scope <code>${scope}</code>.` : 'Needs no sign-in.'}
In the client: <code>${String(operationId)}</code>.</p>
${queryView(parameters)}
${contents(requestBody).map(([, schema]) => html`<h4>What is sent</h4><pre tabindex="0"><code>${schemaText(schema)}</code></pre>`)}
${answers(responses).map(
  ([type, schema]) =>
    html`<h4>What is answered (${type})</h4><pre tabindex="0"><code>${schemaText(schema)}</code></pre>`,
)}
</div></details>`
}

function queryView(parameters: unknown): Html | undefined {
  const query = (Array.isArray(parameters) ? parameters : []).filter(
    (one: unknown) => isObject(one) && one['in'] === 'query',
  )
  if (query.length === 0) return undefined
  const lines = query.map((one) => `?${one.name}=${schemaText(one.schema)}`)
  return html`<h4>Query</h4><pre tabindex="0"><code>${lines.join('\n')}</code></pre>`
}

function answers(responses: unknown): readonly (readonly [type: string, schema: unknown])[] {
  if (!isObject(responses)) return []
  return Object.entries(responses)
    .filter(([status]) => status !== 'default')
    .flatMap(([, answer]) => contents(answer))
}

function contents(part: unknown): readonly (readonly [type: string, schema: unknown])[] {
  if (!isObject(part) || !isObject(part['content'])) return []
  return Object.entries(part['content']).map(([type, media]) => [
    type,
    isObject(media) ? media['schema'] : undefined,
  ])
}
