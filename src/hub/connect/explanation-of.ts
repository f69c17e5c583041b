import { DataverseError } from '../../dataverse/index.ts'
import { CodedError } from '../../kernel/index.ts'
import { type Evidence, entryOf, explainDataverse, type Hints } from '../../oauth/index.ts'
import type { CodedExplanation } from './verify/report.ts'

/**
 * Explains any failure on the way to an environment. Dataverse's own codes are explained by the
 * catalogue, which knows who can do what in which admin center.
 */
export function explanationOf(error: unknown, hints: Hints = {}): CodedExplanation {
  if (error instanceof DataverseError && error.dataverseCode !== undefined) {
    if (entryOf(error.dataverseCode) !== undefined) {
      const found = explainDataverse(error.dataverseCode, hints, privilegeIn(error.message))
      if (found) return pick(found)
    }
  }
  if (error instanceof CodedError) return pick({ code: error.code, ...error.explanation })
  return {
    code: 'internal',
    what: 'Fairlead failed unexpectedly.',
    why: 'This is a fault of Fairlead; its log holds the details.',
    remedy: 'Try again; if it stays, report it with the log.',
    who: 'fairlead',
    retry: { when: 'once' },
  }
}

// Only these fields are stored and shown.
function pick({ code, what, why, remedy, who, retry }: CodedExplanation): CodedExplanation {
  return { code, what, why, remedy, who, retry }
}

function privilegeIn(message: string): Evidence {
  const privilege = /\b(prv[A-Za-z0-9_]{2,120})\b/.exec(message)?.[1]
  const table = /entity(?: of)? '?([a-z][a-z0-9_]{1,100})'?/.exec(message)?.[1]
  return {
    ...(privilege === undefined ? {} : { privilege }),
    ...(table === undefined ? {} : { table }),
  }
}
