import { promisify } from 'node:util'
import { gzip } from 'node:zlib'
import type { Answer, Exchange } from '../../exchange.ts'
import type { Fault } from '../fault.ts'
import { type Random, randomGuid } from '../store/random.ts'

const compress = promisify(gzip)
const SMALLEST_COMPRESSED = 1024

export const JSON_TYPE = 'application/json; odata.metadata=minimal'

/** What the limits leave to a caller, and which server says so. */
export interface Standing {
  readonly requests: number
  readonly seconds: number
  readonly dopHint: number
}

/** Adds the headers that every answer of the service carries. */
export function dress(
  answer: Answer,
  random: Random,
  standing: Standing | undefined,
  { affinity, protocol }: { readonly affinity: string; readonly protocol: string },
): Answer {
  const request = randomGuid(random)
  const limits = standing && {
    'x-ms-ratelimit-time-remaining-xrm-requests': grouped(standing.seconds),
    'x-ms-ratelimit-burst-remaining-xrm-requests': String(standing.requests),
    'x-ms-dop-hint': String(standing.dopHint),
  }
  const cookie = `ARRAffinity=${affinity}; path=/; secure; HttpOnly`
  return {
    ...answer,
    headers: {
      'cache-control': 'no-cache',
      expires: '-1',
      'odata-version': '4.0',
      'set-cookie': [cookie, `ReqClientId=${request}; path=/; secure; HttpOnly`],
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

/** What an error tells besides when annotations are asked for. */
function annotations(
  { status, code, message, details }: Fault,
  wants: (annotation: string) => boolean,
): Record<string, string> {
  if (status === 501) return {}
  const known = {
    'ErrorDetails.OperationStatus': String(details?.operationStatus ?? 0),
    'ErrorDetails.SubErrorCode': String(details?.subErrorCode ?? 0),
    HelpLink: `http://go.microsoft.com/fwlink/?LinkID=398563&error=Microsoft.Crm.CrmException%3a${code.replace('0x', '')}&client=platform`,
    TraceText: details?.trace ?? '',
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
  const binary = answer.headers?.['content-type'] === 'application/octet-stream'
  if (!accepts || binary || bytes.length < SMALLEST_COMPRESSED)
    return withoutBody(answer, exchange, bytes)
  const compressed = await compress(bytes, { level: 1 })
  const headers = { ...answer.headers, 'content-encoding': 'gzip', vary: 'Accept-Encoding' }
  return withoutBody({ ...answer, headers }, exchange, compressed)
}

function withoutBody(answer: Answer, exchange: Exchange, body: Buffer): Answer {
  return exchange.method === 'HEAD' ? { ...answer, body: '' } : { ...answer, body }
}

/** `1,200.00`: two decimals, the thousands set apart. */
function grouped(seconds: number): string {
  return seconds.toFixed(2).replace(/\B(?=(?:\d{3})+\.)/g, ',')
}
