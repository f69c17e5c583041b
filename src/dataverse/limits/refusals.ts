import { TransportError } from '../../transport/index.ts'
import { DataverseError } from '../errors/dataverse-error.ts'
import type { LimitName } from './signals.ts'

const WORDS: Readonly<Record<LimitName | 'queue', string>> = {
  serverTime: 'The server time that this user may use within a window is used up.',
  requests: 'The number of requests that this user may send within a window is used up.',
  concurrency: 'As many requests of this user run as may run at once.',
  queue: 'As many requests wait as are held in memory.',
}

/** Makes the error for a request that was not sent, because its turn did not come in time. */
export function waitedTooLong(url: URL, limit: LimitName | 'queue', waitedMs: number) {
  return new DataverseError('throttled', {
    what:
      limit === 'queue'
        ? `A request to ${url.host} was not sent: too many wait already.`
        : `A request to ${url.host} was not sent: its turn did not come within ${waitedMs} ms.`,
    why: WORDS[limit],
    remedy: 'Send fewer requests, or allow a longer wait.',
    retry: { when: 'later' },
    facts: { host: url.host, limit, waitedMs },
  })
}

/** Makes the error for a request that was called off before it was sent. */
export function calledOffWaiting(url: URL, cause: unknown): TransportError {
  return new TransportError('aborted', {
    what: `The request to ${url.host} was called off while it waited for its turn.`,
    why: 'Whoever asked for it stopped it.',
    remedy: 'Make the request again if it is still wanted.',
    retry: { when: 'later' },
    facts: { host: url.host },
    ...(cause === undefined ? {} : { cause }),
  })
}
