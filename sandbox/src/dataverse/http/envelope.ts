import { promisify } from 'node:util'
import { gzip } from 'node:zlib'
import type { Answer, Exchange } from '../../exchange.ts'
import type { Fault } from '../fault.ts'
import { type Random, randomGuid } from '../store/random.ts'

const compress = promisify(gzip)
const SMALLEST_COMPRESSED = 1024
const WINDOW_MS = 300_000
const WINDOW_REQUESTS = 6000
const WINDOW_SECONDS = 1200

export const JSON_TYPE = 'application/json; odata.metadata=minimal'

/** What a caller has used of his limits in the current window. */
export interface Usage {
  readonly requests: number
  readonly milliseconds: number
}

/** Counts requests and time per user over five minutes, for the headers that tell how much is left. */
export class UsageMeter {
  readonly #users = new Map<string, { since: number; requests: number; milliseconds: number }>()

  add(user: string, now: number, milliseconds: number): Usage {
    const known = this.#users.get(user)
    const fresh =
      known && now - known.since < WINDOW_MS ? known : { since: now, requests: 0, milliseconds: 0 }
    fresh.requests += 1
    fresh.milliseconds += milliseconds
    this.#users.set(user, fresh)
    return fresh
  }
}

/** Adds the headers that every answer of the service carries. */
export function dress(
  answer: Answer,
  random: Random,
  usage: Usage | undefined,
  protocol: string,
): Answer {
  const request = randomGuid(random)
  const seconds = Math.max(0, WINDOW_SECONDS - (usage?.milliseconds ?? 0) / 1000)
  const limits = usage && {
    'x-ms-ratelimit-time-remaining-xrm-requests': seconds.toLocaleString('en-US', {
      minimumFractionDigits: 2,
      maximumFractionDigits: 2,
    }),
    'x-ms-ratelimit-burst-remaining-xrm-requests': String(
      Math.max(0, WINDOW_REQUESTS - usage.requests),
    ),
    'x-ms-dop-hint': '4',
  }
  const affinity = 'ARRAffinity=f9a1c7d2b34e58a06c1d7e2f9b8a4c3d; path=/; secure; HttpOnly'
  return {
    ...answer,
    headers: {
      'cache-control': 'no-cache',
      expires: '-1',
      'odata-version': '4.0',
      'set-cookie': [affinity, `ReqClientId=${request}; path=/; secure; HttpOnly`],
      req_id: request,
      'x-ms-service-request-id': `${request},${randomGuid(random)}`,
      authactivityid: randomGuid(random),
      'crm.serviceid': 'CRMAppPool',
      'x-source': 'sandbox',
      ...(protocol === 'https:'
        ? { 'strict-transport-security': 'max-age=31536000; includeSubDomains' }
        : {}),
      ...limits,
      ...answer.headers,
    },
  }
}

/** Writes a fault as the service does; a refused sign-in has no body. */
export function faultAnswer(fault: Fault, wants: (annotation: string) => boolean): Answer {
  if (fault.status === 401) return { status: 401, headers: fault.headers, body: '' }
  return {
    status: fault.status,
    headers: { 'content-type': JSON_TYPE, ...fault.headers },
    body: JSON.stringify({
      error: { code: fault.code, message: fault.message, ...annotations(fault, wants) },
    }),
  }
}

/** What an error tells besides when annotations are asked for; there are no plug-ins to trace. */
function annotations(
  { status, code, message }: Fault,
  wants: (annotation: string) => boolean,
): Record<string, string> {
  if (status === 501) return {}
  const known = {
    'ErrorDetails.OperationStatus': '0',
    'ErrorDetails.SubErrorCode': '0',
    HelpLink: `http://go.microsoft.com/fwlink/?LinkID=398563&error=Microsoft.Crm.CrmException%3a${code.replace('0x', '')}&client=platform`,
    TraceText: '',
    'InnerError.Message': message,
  }
  return Object.fromEntries(
    Object.entries(known)
      .map(([name, value]) => [`Microsoft.PowerApps.CDS.${name}`, value] as const)
      .filter(([name]) => wants(name))
      .map(([name, value]) => [`@${name}`, value]),
  )
}

/** Compresses the body when the client takes it, and leaves it out for HEAD. */
export async function pack(answer: Answer, exchange: Exchange): Promise<Answer> {
  const { body } = answer
  if (body === undefined || body.length === 0) return answer
  const bytes = typeof body === 'string' ? Buffer.from(body) : body
  const accepts = /\bgzip\b/.test(String(exchange.headers['accept-encoding'] ?? ''))
  if (!accepts || bytes.length < SMALLEST_COMPRESSED) return withoutBody(answer, exchange, bytes)
  const compressed = await compress(bytes, { level: 1 })
  const headers = { ...answer.headers, 'content-encoding': 'gzip', vary: 'Accept-Encoding' }
  return withoutBody({ ...answer, headers }, exchange, compressed)
}

function withoutBody(answer: Answer, exchange: Exchange, body: Buffer): Answer {
  return exchange.method === 'HEAD' ? { ...answer, body: '' } : { ...answer, body }
}
