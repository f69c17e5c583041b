import { listDue } from '../store/index.ts'
import { workOff } from './deliveries.ts'
import { TriggerError } from './trigger-error.ts'
import type { TriggerParts } from './trigger-parts.ts'

/** Works off stored messages in the background. */
export interface DeliveryWorker {
  /** Says that a message was stored. */
  wake(): void
  /** Ends after the message in hand. */
  stop(): Promise<void>
}

const SWEEP_MS = 30_000
const TRIGGERS_AT_ONCE = 4

/**
 * Begins with what was stored before this process, and looks from time to time for what other processes
 * left behind.
 */
export function beginDeliveries(parts: TriggerParts): DeliveryWorker {
  const stopping = new AbortController()
  let nap = new AbortController()
  const work = async () => {
    while (!stopping.signal.aborted) {
      nap = new AbortController()
      if (await workOnce(parts, stopping.signal)) continue
      await parts.clock
        .sleep(SWEEP_MS, AbortSignal.any([stopping.signal, nap.signal]))
        .catch(() => undefined)
    }
  }
  const done = work()
  return {
    wake: () => nap.abort(),
    stop: async () => {
      stopping.abort()
      await done
    },
  }
}

// Answers whether there may be more to do at once.
async function workOnce(parts: TriggerParts, signal: AbortSignal): Promise<boolean> {
  try {
    const due = await listDue(parts.store.db, TRIGGERS_AT_ONCE)
    await Promise.all(
      due.map(async (key) => {
        for await (const _ of workOff(parts, key, signal));
      }),
    )
    return due.length > 0
  } catch (error) {
    // Another process may have been faster, or somebody paused the trigger.
    if (!signal.aborted && !(error instanceof TriggerError))
      parts.logger.error('messages could not be worked on', { error })
    return false
  }
}
