import type { BulkOutcome, DataverseClient, InputRow } from '../../../dataverse/index.ts'
import type { ConnectorError } from '../../connector-error.ts'

/** The row for which none is created. */
export interface Refused {
  readonly index: number
  readonly column?: string
  readonly reason: string
  readonly remedy: string
  readonly code: string
  /** The ids of rows that were created and could not be deleted again. */
  readonly left: readonly string[]
  readonly cause?: unknown
}

/**
 * Creates more rows than one transaction takes. When one is refused, those that were created are deleted
 * again, also those of which nobody knows whether they were.
 *
 * @returns the ids, in the order of the rows
 */
export async function createOrUndo(
  dataverse: DataverseClient,
  table: string,
  rows: readonly InputRow[],
  signal: AbortSignal,
  refusal: (refused: Refused) => ConnectorError,
): Promise<readonly string[]> {
  const ids: string[] = []
  const stop = new AbortController()
  let failed: Omit<Refused, 'left'> | undefined
  let broken: unknown
  try {
    const either = AbortSignal.any([signal, stop.signal])
    for await (const outcome of dataverse.bulk.create(table, rows, { signal: either })) {
      const id = idOf(outcome)
      if (id !== undefined) ids[outcome.index] = id
      failed ??= failureOf(outcome)
      // The rows under way have their outcomes yet, and are known then.
      if (failed !== undefined) stop.abort()
    }
  } catch (error) {
    broken = error
  }
  if (failed === undefined && broken === undefined) return ids
  const left = await undo(
    dataverse,
    table,
    ids.filter((id) => id !== undefined),
  )
  if (failed === undefined) throw broken
  throw refusal({ ...failed, left })
}

function idOf(outcome: BulkOutcome): string | undefined {
  const { status } = outcome
  if (status === 'rejected' || status === 'unresolved' || status === 'not-sent') return undefined
  if (status !== 'unknown' && outcome.id !== undefined) return outcome.id
  return outcome.key?.slice(1, -1)
}

function failureOf(outcome: BulkOutcome): Omit<Refused, 'left'> | undefined {
  const { index, status } = outcome
  if (status === 'unknown') {
    return { index, reason: outcome.reason, remedy: outcome.remedy, code: 'outcome_unknown' }
  }
  if (status === 'unresolved') {
    return { index, reason: outcome.reason, remedy: outcome.remedy, code: outcome.code }
  }
  if (status !== 'rejected') return undefined
  const { reason, remedy, code, column } = outcome
  return { index, reason, remedy, code, ...(column === undefined ? {} : { column }) }
}

const UNDO_MS = 10 * 60_000

// Also when the run was called off, so that it takes a time of its own.
async function undo(
  dataverse: DataverseClient,
  table: string,
  ids: readonly string[],
): Promise<readonly string[]> {
  const left = new Set(ids)
  try {
    for await (const outcome of dataverse.bulk.delete(table, ids, { deadlineMs: UNDO_MS })) {
      const gone =
        outcome.status === 'deleted' ||
        (outcome.status === 'rejected' && outcome.code === 'not_found')
      const id = ids[outcome.index]
      if (gone && id !== undefined) left.delete(id)
    }
  } catch {
    // What is not known to be gone is told to be left.
  }
  return [...left]
}
