import { type HttpRequest, type Policy, TransportError } from '../../src/transport/index.ts'

/** Watches whether a run may have changed anything: what may have, must not simply be run again. */
export interface WriteWatch {
  readonly policy: Policy
  mayHaveWritten(): boolean
}

// A request that was called off may have been under way.
const NOT_SENT = new Set(['connection_refused', 'dns_failed', 'egress_refused'])
const REFUSED = 400
const BROKEN = 500

/** Makes the watch of one run. What the service refused, or never got, has changed nothing. */
export function watchWrites(): WriteWatch {
  let written = false
  return {
    mayHaveWritten: () => written,
    policy: async (request, next) => {
      if (reads(request)) return next(request)
      try {
        const response = await next(request)
        written ||= response.status < REFUSED || response.status >= BROKEN
        return response
      } catch (error) {
        const known = error instanceof TransportError ? error : undefined
        const unsent = NOT_SENT.has(known?.code ?? '') || known?.facts['phase'] === 'connect'
        written ||= !unsent
        throw error
      }
    },
  }
}

// A GET whose address is too long for a request line is sent as the only part of a batch.
const WRITING_PART = /^\s*(?:DELETE|MERGE|PATCH|POST|PUT)\s/im

function reads({ method, url, body }: HttpRequest): boolean {
  if (/^(GET|HEAD)$/.test(method)) return true
  const isBatch = url.pathname.endsWith('/$batch') && typeof body === 'string'
  return isBatch && !WRITING_PART.test(body)
}
