import type { Clock } from '../../kernel/index.ts'
import { type HttpResponse, readRetryAfter } from '../../transport/index.ts'
import { limitOfBody, readHints } from './signals.ts'
import type { Ending } from './ticket.ts'

const MOST_BYTES = 64 * 1024

/** What an answer that is no refusal says of the limits. */
export function answeredEnding(
  { status, headers }: HttpResponse,
  at: number,
  withHints: boolean,
): Ending {
  const overloaded = status === 503 || status === 504
  return withHints ? { at, overloaded, hints: readHints(headers) } : { at, overloaded }
}

/** Reads what a refusal says of the limits; its body is read, and handed on. */
export async function readRefusal(
  response: HttpResponse,
  clock: Clock,
): Promise<{ readonly response: HttpResponse; readonly ending: Ending }> {
  const at = clock.now()
  const { headers } = response
  const pauseMs = readRetryAfter(headers, at)
  // A gateway's page, or a body that breaks off, names no limit: then it is taken for the commonest.
  const text = await response.text({ maxBytes: MOST_BYTES }).catch(() => '')
  const refusedFor = limitOfBody(text) ?? 'serverTime'
  const pause = pauseMs === undefined ? {} : { pauseMs }
  return {
    response: withText(response, text),
    ending: { at, hints: readHints(headers), refusedFor, ...pause },
  }
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
