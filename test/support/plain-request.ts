import { readFileSync } from 'node:fs'
import { type IncomingHttpHeaders, request as requestHttp } from 'node:http'
import { request as requestHttps } from 'node:https'

export interface PlainRequest {
  readonly url: URL
  readonly method?: string
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: string
  readonly caFile?: string
  /** `host:port` to `host:port`; the name to be proven stays. */
  readonly connectTo?: Readonly<Record<string, string>>
}

export interface PlainAnswer {
  readonly status: number
  readonly headers: IncomingHttpHeaders
  readonly text: string
}

const LIMIT_MS = 30_000

/** Sends one request without the product's transport, as a stranger would; follows nothing. */
export async function requestOnce(request: PlainRequest): Promise<PlainAnswer> {
  const { url, method = 'GET', headers = {}, body, caFile, connectTo = {} } = request
  const secure = url.protocol === 'https:'
  const port = url.port || (secure ? '443' : '80')
  const target = connectTo[`${url.hostname}:${port}`] ?? `${url.hostname}:${port}`
  const [, host = '', targetPort] = /^(.*):(\d+)$/.exec(target) ?? []
  const options = {
    method,
    host: host.replace(/^\[|\]$/g, ''),
    port: Number(targetPort),
    path: url.pathname + url.search,
    headers: { ...headers, host: url.host, ...length(body) },
    agent: false as const,
    signal: AbortSignal.timeout(LIMIT_MS),
  }
  const tls = { servername: url.hostname, ...(caFile ? { ca: readFileSync(caFile) } : {}) }
  return await new Promise((resolve, reject) => {
    const sent = secure ? requestHttps({ ...options, ...tls }) : requestHttp(options)
    sent.once('error', reject)
    sent.once('response', async (response) => {
      try {
        const parts: Uint8Array[] = []
        for await (const part of response) parts.push(part)
        const text = Buffer.concat(parts).toString('utf8')
        resolve({ status: response.statusCode ?? 0, headers: response.headers, text })
      } catch (error) {
        reject(error)
      }
    })
    sent.end(body)
  })
}

function length(body: string | undefined): Record<string, string> {
  return body === undefined ? {} : { 'content-length': String(Buffer.byteLength(body)) }
}
