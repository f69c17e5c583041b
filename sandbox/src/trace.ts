import { createHash } from 'node:crypto'
import type { Exchange } from './exchange.ts'
import type { Deliver, Delivery } from './listen/delivery.ts'

/** One request as the control API shows it; secrets are replaced by the start of their hash. */
export interface TraceEntry {
  readonly at: string
  readonly target: string
  readonly method: string
  readonly host: string
  readonly path: string
  readonly query: Readonly<Record<string, string>>
  readonly headers: Readonly<Record<string, string>>
  /** Fields of a form; other bodies only by their length. */
  readonly form: Readonly<Record<string, string>>
  readonly bodyBytes: number
  status: number
  /** How the answer went out: `whole`, or what a fault made of it; absent while it has not. */
  delivery?: Delivery['kind']
}

export interface Trace {
  record(target: string, exchange: Exchange, now: number): TraceEntry
  list(): readonly TraceEntry[]
  clear(): void
}

const MOST = 500
const SECRET =
  /^(authorization|cookie|client_secret|client_assertion|code|device_code|refresh_token|code_verifier|passwd|state|ctx|assertion|password)$/i

/** Remembers the last requests. */
export function createTrace(): Trace {
  let entries: TraceEntry[] = []
  return {
    record(target, exchange, now) {
      const entry = {
        at: new Date(now).toISOString(),
        target,
        method: exchange.method,
        host: exchange.url.host,
        path: exchange.url.pathname,
        query: redact(exchange.url.searchParams),
        headers: redact(headerPairs(exchange)),
        form: isForm(exchange) ? redact(new URLSearchParams(exchange.body.toString('utf8'))) : {},
        bodyBytes: exchange.body.length,
        status: 0,
      }
      entries = [...entries.slice(1 - MOST), entry]
      return entry
    },
    list: () => entries,
    clear() {
      entries = []
    },
  }
}

/** Writes down every request with the status of its answer and the way that it went out. */
export function traced(target: string, deliver: Deliver, trace: Trace, now: () => number): Deliver {
  return async (exchange) => {
    const entry = trace.record(target, exchange, now())
    const delivery = await deliver(exchange)
    if ('answer' in delivery) entry.status = delivery.answer.status
    entry.delivery = delivery.kind
    return delivery
  }
}

function isForm(exchange: Exchange): boolean {
  return (exchange.headers['content-type'] ?? '').startsWith('application/x-www-form-urlencoded')
}

function* headerPairs(exchange: Exchange): Iterable<[string, string]> {
  for (const [name, value] of Object.entries(exchange.headers)) {
    if (value !== undefined) yield [name, Array.isArray(value) ? value.join(', ') : value]
  }
}

function redact(pairs: Iterable<[string, string]>): Record<string, string> {
  const shown: Record<string, string> = {}
  for (const [name, value] of pairs) {
    const hash = createHash('sha256').update(value).digest('hex')
    shown[name] = SECRET.test(name) ? `sha256:${hash.slice(0, 12)}` : value.slice(0, 2_000)
  }
  return shown
}
