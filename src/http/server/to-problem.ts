import { CodedError, type Explanation } from '../../kernel/index.ts'
import type { Problem } from '../contract/index.ts'
import { statusOf } from './status-of.ts'

/** Turns any failure into what leaves the hub: one that is not foreseen shows its request id only. */
export function toProblem(error: unknown, requestId: string): Problem {
  if (!(error instanceof CodedError)) return internal(requestId)
  const { what, why, remedy, who, retry } = isOfStore(error)
    ? storeAway(error, requestId)
    : error.explanation
  return {
    type: `urn:fairlead:problem:${error.code}`,
    title: what,
    status: statusOf(error),
    detail: `${why} ${remedy}`,
    code: error.code,
    what,
    why,
    remedy,
    who,
    retry,
    facts: isOfStore(error) ? {} : error.facts,
    requestId,
  }
}

function isOfStore(error: CodedError): boolean {
  return error.code.startsWith('store_')
}

// Hosts and folders of the store are the operator's business: callers who are not signed in see this too.
function storeAway({ explanation }: CodedError, requestId: string): Explanation {
  return {
    ...explanation,
    what: 'The store of the hub does not answer as it should.',
    why: 'Its log tells more to whoever runs the hub.',
    remedy: `Try again in a minute; if it stays so, give the request id ${requestId} to the operator.`,
  }
}

function internal(requestId: string): Problem {
  const what = 'Something went wrong inside the hub.'
  const why = 'It is a fault of the hub, not of the call.'
  const remedy = `Give the request id ${requestId} to the operator: the log of the hub tells more.`
  return {
    type: 'urn:fairlead:problem:internal',
    title: what,
    status: 500,
    detail: `${why} ${remedy}`,
    code: 'internal',
    what,
    why,
    remedy,
    who: 'fairlead',
    retry: { when: 'never' },
    facts: {},
    requestId,
  }
}
