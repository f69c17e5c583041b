import * as oauth from 'oauth4webapi'
import { isObject } from '../kernel/index.ts'
import { type HttpResponse, readJson, readRetryAfter } from '../transport/index.ts'
import { type Hints, looksLikeSecretId } from './catalogue/index.ts'
import { clientAuthOf } from './client-authentication.ts'
import { answerInvalid, asEndpointFault } from './endpoint-fault.ts'
import { refusal } from './failure.ts'
import type { GrantIo, GrantRequest } from './oauth-client.ts'
import { type TokenSet, tidyAnswer, tokenSetOf } from './token-set.ts'

const MAX_ANSWER_BYTES = 1024 * 1024

/** One request to an endpoint that the client authenticates itself at. */
export interface Exchange {
  readonly request: GrantRequest
  readonly parameters: Readonly<Record<string, string>>
  readonly io: GrantIo
}

/**
 * Asks a token endpoint for tokens.
 *
 * @throws OAuthError `token_…`, `certificate_unusable`, `federated_assertion_unreadable`
 * @throws TransportError `aborted`
 */
export async function requestTokens(grantType: string, exchange: Exchange): Promise<TokenSet> {
  const { request, parameters, io } = exchange
  const { token } = request.endpoints
  const requestedAt = io.clock.now()
  const answered = await ask(token, exchange, (as, client, auth, options) =>
    oauth.genericTokenEndpointRequest(as, client, auth, grantType, { ...parameters }, options),
  )
  const { rest, idToken } = tidyAnswer(answered.fields)
  const answer = await accept(answered, rest, oauth.processGenericTokenEndpointResponse)
  return tokenSetOf(answer, idToken, requestedAt)
}

/** Asks a device authorization endpoint for a code that the person types in elsewhere. */
export async function requestDeviceAuthorization(
  device: URL,
  exchange: Exchange,
): Promise<oauth.DeviceAuthorizationResponse> {
  const answered = await ask(device, exchange, (as, client, auth, options) =>
    oauth.deviceAuthorizationRequest(as, client, auth, { ...exchange.parameters }, options),
  )
  return await accept(answered, answered.fields, oauth.processDeviceAuthorizationResponse)
}

interface Answered {
  readonly as: oauth.AuthorizationServer
  readonly client: oauth.Client
  readonly status: number
  readonly host: string
  readonly fields: { readonly [key: string]: unknown }
}

type Ask = (
  as: oauth.AuthorizationServer,
  client: oauth.Client,
  auth: oauth.ClientAuth,
  options: oauth.HttpRequestOptions<'POST', URLSearchParams>,
) => Promise<Response>

// The library builds and authenticates the request; what comes back is read here, since its own reading
// loses the fields by which Entra explains a refusal, and takes a busy server for a broken one.
async function ask(endpoint: URL, exchange: Exchange, send: Ask): Promise<Answered> {
  const { request, io } = exchange
  const { authentication, clientId } = request.client
  const signal = io.signal && { signal: io.signal }
  const as = {
    issuer: endpoint.origin,
    token_endpoint: request.endpoints.token.href,
    device_authorization_endpoint: endpoint.href,
  }
  const client = { client_id: clientId }
  const found: { answer?: HttpResponse; form?: URLSearchParams } = {}
  try {
    const clock = io.clock
    const auth = await clientAuthOf(authentication, {
      tokenEndpoint: request.endpoints.token,
      clock,
      ...signal,
    })
    await send(as, client, auth, {
      ...signal,
      // Plain http gets no further than this machine: the egress guard sees to it.
      [oauth.allowInsecureRequests]: endpoint.protocol === 'http:',
      [oauth.customFetch]: async (_url, { method, headers, body }) => {
        found.form = body
        const sent = { method, url: endpoint, headers, body: body.toString() }
        found.answer = await io.send({ ...sent, ...signal })
        return new Response()
      },
    })
    const { answer, form } = found
    if (answer === undefined || form === undefined) throw new Error('The request was not sent')
    const fields = await readFields(answer, secretsOf(form), exchange)
    return { as, client, status: answer.status, host: endpoint.host, fields }
  } catch (error) {
    throw asEndpointFault(error, retryAfterOf(found.answer, io))
  }
}

// What nobody may see of a request, should the server quote it; assertions are made on the way out.
const SECRET_PARAMETERS = [
  'client_assertion',
  'client_secret',
  'code',
  'code_verifier',
  'device_code',
  'refresh_token',
]

function secretsOf(form: URLSearchParams): readonly string[] {
  return SECRET_PARAMETERS.flatMap((name) => form.getAll(name))
}

async function readFields(
  response: HttpResponse,
  secrets: readonly string[],
  { request, io }: Exchange,
): Promise<{ readonly [key: string]: unknown }> {
  const { status, headers, url } = response
  const retryAfterMs = retryAfterOf(response, io)
  const busy = retryAfterMs === undefined ? {} : { retryAfterMs }
  const json = await readJson(response, { maxBytes: MAX_ANSWER_BYTES })
  if (!isObject(json)) throw answerInvalid(url.host, status, busy)
  if (typeof json['error'] === 'string') {
    const { authentication } = request.client
    const secret = authentication.method === 'secret' ? authentication.secret.reveal() : undefined
    const date = Date.parse(headers.get('date') ?? '')
    throw refusal('token_refused', json, {
      hints: hintsOf(request),
      evidence: {
        ...(secret === undefined ? {} : { secretLooksLikeId: looksLikeSecretId(secret) }),
        ...(Number.isNaN(date) ? {} : { clockSkewMs: io.clock.now() - date }),
      },
      status,
      ...busy,
      secrets,
    })
  }
  if (status < 200 || status > 299) throw answerInvalid(url.host, status, busy)
  return json
}

function retryAfterOf(response: HttpResponse | undefined, { clock }: GrantIo): number | undefined {
  return response && readRetryAfter(response.headers, clock.now())
}

async function accept<Result>(
  { as, client, host, status }: Answered,
  fields: { readonly [key: string]: unknown },
  process: (
    as: oauth.AuthorizationServer,
    client: oauth.Client,
    response: Response,
  ) => Promise<Result>,
): Promise<Result> {
  try {
    return await process(as, client, Response.json(fields))
  } catch (error) {
    // The library's error carries the whole answer, tokens included: only its message goes on.
    throw answerInvalid(host, status, error instanceof Error ? { reason: `${error.message}.` } : {})
  }
}

function hintsOf({ endpoints, client, resource, scope, hints }: GrantRequest): Hints {
  return {
    clientId: client.clientId,
    applicationId: client.clientId,
    resource,
    ...(scope === undefined ? {} : { scope }),
    ...(endpoints.tenant === undefined ? {} : { tenantId: endpoints.tenant }),
    ...hints,
  }
}
