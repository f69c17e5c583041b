import { invalidArgument } from '../errors/dataverse-error.ts'
import type { TableDefinition } from '../metadata/table.ts'
import type { InputRow } from './encoding.ts'
import { statusesOf } from './state-pair.ts'
import { choiceFinder } from './values/choice.ts'
import { Refusal } from './values/refusal.ts'

/** The state that a row is to have, by number or label; a status alone tells its state. */
export interface StateChange {
  readonly state?: number | string
  readonly status?: number | string
}

/** Makes the two values of a change of state. @throws DataverseError `invalid_argument` */
export function stateRow(table: TableDefinition, { state, status }: StateChange): InputRow {
  if (state === undefined && status === undefined) {
    throw invalidArgument(
      'state',
      'neither state nor status is given',
      'Give one of them, or both.',
    )
  }
  if (status === undefined) return { statecode: state }
  return { statecode: state ?? stateOf(table, status), statuscode: status }
}

function stateOf(table: TableDefinition, status: number | string): number | undefined {
  const statuses = statusesOf(table)
  const value = choiceFinder(statuses)(status)
  if (value instanceof Refusal) throw invalidArgument('status', value.problem, value.remedy)
  return statuses.find((one) => one.value === value)?.state
}
