import { isObject } from '../../kernel/index.ts'
import { runAction } from '../runs/index.ts'
import {
  type DeliveryRow,
  finishDelivery,
  lockRun,
  nextDelivery,
  putOffDelivery,
  type TriggerKey,
} from '../store/index.ts'
import { type HeldRun, holdRun, type StoredPage } from './held-run.ts'
import { PendingOutputs } from './pending-outputs.ts'
import { problemOf } from './problem.ts'
import { runSuperseded } from './trigger-error.ts'
import type { TriggerParts } from './trigger-parts.ts'

const FIRST_RETRY_MS = 30_000
const LONGEST_RETRY_MS = 60 * 60_000
const MOST_ATTEMPTS = 14

/**
 * Works off the messages of one trigger that wait, oldest first: the outputs of each are stored in the
 * transaction that marks it as done. One that fails is put off, and the next is worked on.
 */
export async function* workOff(
  parts: TriggerParts,
  key: TriggerKey,
  signal: AbortSignal,
): AsyncGenerator<StoredPage, void, undefined> {
  const { clock, store } = parts
  const run = await holdRun(parts, key, signal)
  const startedAt = clock.now()
  let [stored, repeated] = [0, 0]
  let place = run.cursor
  let problem: unknown
  try {
    for (;;) {
      run.signal.throwIfAborted()
      const delivery = await nextDelivery(store.db, key)
      if (delivery === undefined) break
      try {
        const { page, cursor } = await workOn(parts, run, delivery, place)
        place = cursor
        stored += page.stored
        repeated += page.repeated
        yield page
      } catch (error) {
        run.signal.throwIfAborted()
        problem = error
        await putOff(parts, run, delivery, error)
      }
    }
  } finally {
    const endedAt = clock.now()
    await run.end({
      outcome: signal.aborted ? 'stopped' : problem === undefined ? 'done' : 'failed',
      ...(problem !== undefined && { problem: problemOf(problem, endedAt) }),
      ...{ startedAt, endedAt, stored, repeated },
    })
  }
}

async function workOn(
  { host }: TriggerParts,
  run: HeldRun,
  { sequence, body }: DeliveryRow,
  cursor: HeldRun['cursor'],
): Promise<{ readonly page: StoredPage; readonly cursor: HeldRun['cursor'] }> {
  const { workspaceId, credentialId, entry: action, config, signal } = run
  const input: unknown = JSON.parse(body ?? 'null')
  const asked = { workspaceId, credentialId, action, config, input, cursor, signal }
  const pending = new PendingOutputs()
  let place = cursor
  for await (const output of runAction(host, asked)) {
    if (output.kind === 'data') pending.add(output)
    else place = output.cursor
  }
  const page = await run.store(pending.take(), {
    ...(place !== cursor && { cursor: place }),
    also: (db) => finishDelivery(db, run, sequence),
  })
  return { page, cursor: place }
}

async function putOff(
  { store, clock, logger, leaseMs }: TriggerParts,
  run: HeldRun,
  { sequence, attempts }: DeliveryRow,
  error: unknown,
): Promise<void> {
  const retryMs =
    attempts + 1 >= MOST_ATTEMPTS
      ? undefined
      : Math.min(FIRST_RETRY_MS * 2 ** attempts, LONGEST_RETRY_MS)
  const problem = problemOf(error, clock.now())
  logger.warn('message for a trigger failed', { triggerId: run.id, attempt: attempts + 1, error })
  await store.transaction(async (db) => {
    if ((await lockRun(db, run, leaseMs)) === undefined) throw runSuperseded(run.id)
    await putOffDelivery(db, run, sequence, { problem, retryMs })
  })
}

const NO_ID = '00000000-0000-0000-0000-000000000000'

/**
 * Names a message of Dataverse, the same when it is sent again; nothing where it has no id of its own.
 *
 * @see https://learn.microsoft.com/power-apps/developer/data-platform/use-webhooks
 */
export function idsOf(message: unknown): readonly string[] {
  if (!isObject(message)) return []
  return ['OperationId', 'CorrelationId'].flatMap((name) => {
    const id = message[name]
    return typeof id === 'string' && id !== '' && id !== NO_ID ? [id.slice(0, 100)] : []
  })
}
