import { runAction } from '../runs/index.ts'
import type { StoredRun, TriggerKey } from '../store/index.ts'
import { type HeldRun, holdRun, type StoredPage } from './held-run.ts'
import { PendingOutputs } from './pending-outputs.ts'
import { problemOf } from './problem.ts'
import type { TriggerParts } from './trigger-parts.ts'

/**
 * Runs one execution of a polling trigger. Every page is stored with the place after it in one transaction,
 * and is told of then: a crash between any two steps loses nothing and stores nothing twice. Whoever stops
 * taking ends the run.
 *
 * @throws TriggerError, and what the run itself meets
 */
export async function* pollOnce(
  parts: TriggerParts,
  key: TriggerKey,
  signal: AbortSignal,
): AsyncGenerator<StoredPage, void, undefined> {
  const { clock, logger } = parts
  const run = await holdRun(parts, key, signal)
  const startedAt = clock.now()
  let [stored, repeated] = [0, 0]
  let ending: Pick<StoredRun, 'outcome' | 'problem'> = { outcome: 'stopped' }
  try {
    for await (const page of pages(parts, run)) {
      stored += page.stored
      repeated += page.repeated
      yield page
    }
    ending = { outcome: 'done' }
  } catch (error) {
    if (!signal.aborted) ending = { outcome: 'failed', problem: problemOf(error, clock.now()) }
    throw error
  } finally {
    const endedAt = clock.now()
    const triggerId = key.id
    logger.info('trigger ran', { triggerId, count: stored, repeated, ms: endedAt - startedAt })
    await run.end({ ...ending, startedAt, endedAt, stored, repeated })
  }
}

async function* pages({ host }: TriggerParts, run: HeldRun): AsyncGenerator<StoredPage> {
  const { workspaceId, credentialId, entry: action, config, cursor, signal } = run
  const asked = { workspaceId, credentialId, action, config, cursor, signal }
  const pending = new PendingOutputs()
  for await (const output of runAction(host, { ...asked, input: {} })) {
    if (output.kind === 'data') pending.add(output)
    if (output.kind === 'checkpoint') {
      const { count } = pending
      const page = await run.store(pending.take(), { cursor: output.cursor })
      // A place alone is kept, and is nothing to tell of.
      if (count > 0) yield page
    } else if (pending.full) yield await run.store(pending.take(), {})
  }
  if (pending.count > 0) yield await run.store(pending.take(), {})
}
