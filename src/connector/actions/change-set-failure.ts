import type { DataverseError, OperationOutcome } from '../../dataverse/index.ts'

/** Finds what a change set failed by: what was only rolled back with it tells nothing. None where all is done. */
export function changeSetFailure(
  outcomes: readonly OperationOutcome<unknown>[],
): { readonly index: number; readonly error: DataverseError } | undefined {
  const failed = outcomes.flatMap((one, index) =>
    one.ok || one.skipped ? [] : [{ index, error: one.error }],
  )
  return failed.find(({ error }) => error.code !== 'rolled_back') ?? failed[0]
}
