import type { Trigger, Triggers } from '../../hub/triggers/index.ts'
import { toTimestamp } from '../../kernel/index.ts'
import { presentTrouble } from './vault.ts'

/** Shows a trigger. */
export function presentTrigger({ lastRun, createdAt, ...trigger }: Trigger) {
  return {
    ...trigger,
    ...(lastRun && { lastRun: presentRun(lastRun) }),
    createdAt: toTimestamp(createdAt),
  }
}

function presentRun({ problem, startedAt, endedAt, ...run }: NonNullable<Trigger['lastRun']>) {
  return {
    ...run,
    startedAt: toTimestamp(startedAt),
    endedAt: toTimestamp(endedAt),
    ...(problem && { problem: presentTrouble(problem) }),
  }
}

type StoredOutput =
  ReturnType<Triggers['outputs']> extends AsyncIterable<infer Output> ? Output : never

/** Shows a stored output. */
export function presentOutput({ sequence, outputId, body, createdAt }: StoredOutput) {
  return {
    sequence,
    ...(outputId !== null && { id: outputId }),
    body,
    createdAt: toTimestamp(createdAt),
  }
}
