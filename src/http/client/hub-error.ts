import { CodedError, type ErrorDetails } from '../../kernel/index.ts'
import { type Problem, problem } from '../contract/index.ts'

/** A failure that the hub reported, or why the hub gave no usable answer: `code` is the hub's own. */
export class HubError extends CodedError<string> {
  /** The HTTP status, if there was an answer. */
  readonly status: number | undefined
  /** The id under which the hub's log tells more. */
  readonly requestId: string | undefined

  constructor(
    code: string,
    details: ErrorDetails,
    answer: { readonly status?: number; readonly requestId?: string } = {},
  ) {
    super(code, details)
    this.status = answer.status
    this.requestId = answer.requestId
  }
}

/** Makes the error of a problem that the hub sent. */
export function fromProblem(sent: Problem): HubError {
  const { code, what, why, remedy, who, facts, status, requestId } = sent
  const { when, afterMs } = sent.retry
  const retry = when === 'later' && afterMs !== undefined ? { when, afterMs } : { when }
  return new HubError(code, { what, why, remedy, who, retry, facts }, { status, requestId })
}

/** Reads the body of a failed answer: a problem of the hub, or the sign of something else in between. */
export function readFailure(status: number, text: string): HubError {
  const read = problem.safeParse(parse(text))
  return read.success ? fromProblem(read.data) : notTheHub(status)
}

/** The error of an answer that no hub gives. */
export function notTheHub(status: number, cause?: unknown): HubError {
  return new HubError(
    'not_a_hub',
    {
      what: 'The answer did not come from a hub of this version.',
      why: `It has status ${status} and another shape: a proxy, another program or another version.`,
      remedy: 'Check the address of the hub, and that hub and command have the same version.',
      who: 'operator',
      facts: { status },
      cause,
    },
    { status },
  )
}

/** The error of a hub that could not be reached. */
export function unreachable(url: URL, cause: unknown): HubError {
  return new HubError('hub_unreachable', {
    what: `The hub at ${url.origin} does not answer.`,
    why: 'The connection failed before an answer came.',
    remedy: 'Check that the hub runs and that its address is right.',
    who: 'operator',
    retry: { when: 'later' },
    facts: { origin: url.origin },
    cause,
  })
}

/** The error of a stream that ended before its last line. */
export function cutShort(cause?: unknown): HubError {
  return new HubError('stream_incomplete', {
    what: 'The answer was cut short.',
    why: 'The connection ended before the last line of the answer came.',
    remedy: 'Run it again; what came so far may be incomplete.',
    who: 'operator',
    retry: { when: 'later' },
    cause,
  })
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
