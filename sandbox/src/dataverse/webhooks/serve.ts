import type { Answer } from '../../exchange.ts'
import type { Fault } from '../fault.ts'
import type { Database } from '../store/database.ts'
import type { Deliveries } from './deliveries.ts'
import type { Jobs } from './jobs.ts'
import { keyOf, type Notice, Outbox, type Verdicts } from './outbox.ts'
import { hasSyncSteps } from './steps.ts'

/** What serving a request with its webhooks needs. */
export interface StepServing {
  readonly database: Database
  readonly jobs: Jobs
  readonly deliveries: Deliveries
  readonly newGuid: () => string
  readonly serve: (outbox: Outbox) => Answer
  /** Serves the request so that neither counters nor limits know of it. */
  readonly rehearse: (outbox: Outbox) => Answer
}

const NONE: Verdicts = new Map()

/**
 * Serves a request and sends the webhooks of what it writes: asynchronous steps afterwards. Where steps are
 * synchronous the request is rehearsed first and taken back, the receivers are asked, and then it is served
 * with the same ids, failing where a receiver has refused; so nobody else's request waits meanwhile.
 */
export async function serveWithSteps(serving: StepServing): Promise<Answer> {
  const { database, deliveries, newGuid, rehearse } = serving
  if (!hasSyncSteps(database)) return conclude(serving, NONE)
  const rehearsed = new Outbox(newGuid)
  const notices: Notice[] = []
  const ids = database.rehearse(() => {
    rehearse(rehearsed)
    notices.push(...rehearsed.notices.filter(({ step }) => step.isSync))
  })
  const verdicts = new Map<string, Fault | undefined>()
  for (const notice of notices) {
    const { failure } = await deliveries.send(notice)
    verdicts.set(keyOf(notice), failure)
  }
  return database.repeat(ids, () => conclude(serving, verdicts))
}

function conclude({ deliveries, jobs, newGuid, serve }: StepServing, verdicts: Verdicts): Answer {
  const outbox = new Outbox(newGuid, verdicts)
  const answer = serve(outbox)
  for (const notice of outbox.notices) {
    if (!notice.step.isSync) deliveries.enqueue(notice, jobs)
  }
  return answer
}
