import { CodedError } from '../../kernel/index.ts'
import type { StoredProblem } from '../store/index.ts'

/** What is kept of a failure: one that is not foreseen is told by the log only. */
export function problemOf(error: unknown, since: number): StoredProblem {
  if (error instanceof CodedError) {
    const { code, explanation, facts } = error
    return { code, ...explanation, facts, since }
  }
  return {
    code: 'internal',
    what: 'Something went wrong inside the hub.',
    why: 'It is a fault of the hub, not of the trigger.',
    remedy: 'Give the time to the operator: the log of the hub tells more.',
    who: 'fairlead',
    retry: { when: 'never' },
    facts: {},
    since,
  }
}
