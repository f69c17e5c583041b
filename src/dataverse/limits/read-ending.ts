import type { Clock } from '../../kernel/index.ts'
import { type HttpResponse, readRetryAfter } from '../../transport/index.ts'
import type { Ending } from './budget.ts'
import { limitOfBody, readHints } from './signals.ts'

const MOST_BYTES = 64 * 1024

/** Reads from an answer what it says of the limits; a refusal's body is read, and handed on. */
export async function readEnding(
  response: HttpResponse,
  clock: Clock,
): Promise<{ readonly response: HttpResponse; readonly ending: Ending }> {
  const at = clock.now()
  const { status, headers } = response
  const hints = readHints(headers)
  if (status !== 429) {
    return { response, ending: { at, hints, overloaded: status === 503 || status === 504 } }
  }
  const pauseMs = readRetryAfter(headers, at)
  // A gateway's page, or a body that breaks off, names no limit: then it is taken for the commonest.
  const text = await response.text({ maxBytes: MOST_BYTES }).catch(() => '')
  const refusedFor = limitOfBody(text) ?? 'serverTime'
  const ending = { at, hints, refusedFor, ...(pauseMs === undefined ? {} : { pauseMs }) }
  return { response: withText(response, text), ending }
}

function withText(response: HttpResponse, text: string): HttpResponse {
  const { status, headers, url } = response
  return {
    ...{ status, headers, url },
    text: async () => text,
    stream: () => new Blob([text]).stream(),
    discard: async () => undefined,
  }
}
