import { type FlowRow, readFlow } from '../../store/index.ts'
import { ConnectError } from '../connect-error.ts'
import type { ConnectParts } from '../connect-parts.ts'
import { endWithFailure } from './flow-end.ts'

// Longer than any step of a flow may take, and than a device code is left alone between two questions.
const SILENCE_MS = 150_000

/** Tells whether the process that worked on a flow has not been heard of for too long. */
export function isInterrupted({ stage, heardAt }: FlowRow, now: number): boolean {
  return stage === 'redeeming' && heardAt !== null && now - heardAt > SILENCE_MS
}

/** Ends a flow whose process is gone, and answers it as it is then. */
export async function endInterrupted(parts: ConnectParts, row: FlowRow): Promise<FlowRow> {
  await endWithFailure(parts, row, flowInterrupted())
  return (await readFlow(parts.store.db, row.workspaceId, row.id)) ?? row
}

/** The failure of a flow that nobody works on any more. */
export function flowInterrupted(): ConnectError {
  return new ConnectError('flow_interrupted', {
    what: 'The sign-in was interrupted: the hub process that was finishing it has ended.',
    why: 'It was stopped or restarted before the answer of the authorization server was stored. Nothing of it was kept.',
    remedy: 'Authenticate again.',
    retry: { when: 'once' },
  })
}
