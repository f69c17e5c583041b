import { type Policy, TransportError } from '../../src/transport/index.ts'

/** Watches whether a run may have changed anything: what may have, must not simply be run again. */
export interface WriteWatch {
  readonly policy: Policy
  mayHaveWritten(): boolean
}

const NOT_SENT = new Set(['aborted', 'connection_refused', 'dns_failed', 'egress_refused'])
const REFUSED = 400
const BROKEN = 500

/** Makes the watch of one run. What the service refused, or never got, has changed nothing. */
export function watchWrites(): WriteWatch {
  let written = false
  return {
    mayHaveWritten: () => written,
    policy: async (request, next) => {
      if (/^(GET|HEAD)$/.test(request.method)) return next(request)
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
