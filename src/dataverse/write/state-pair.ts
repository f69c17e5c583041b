import type { TableDefinition } from '../metadata/table.ts'
import { type Encoding, report } from './encoding.ts'
import { Refusal } from './values/refusal.ts'

/** Prepares the check that a status belongs to the state that is written with it. */
export function stateCheck(table: TableDefinition): (encoding: Encoding) => void {
  const statuses = new Map(
    statusesOf(table).flatMap(({ value, state }) =>
      state === undefined ? [] : [[value, state] as const],
    ),
  )
  if (statuses.size === 0) return () => undefined
  return (encoding) => {
    const { statecode: state, statuscode: status } = encoding.body
    if (typeof state !== 'number' || typeof status !== 'number') return
    if ((statuses.get(status) ?? state) !== state) {
      report(encoding, 'statuscode', wrongStatus(table, state))
    }
  }
}

/** Tells that a status does not belong to a state, and which do. */
function wrongStatus(table: TableDefinition, state: number): Refusal {
  const fitting = statusesOf(table).filter((one) => one.state === state)
  const list = fitting.map(({ value, label }) => `${label ?? ''} (${value})`)
  return new Refusal(
    `the status does not belong to the state ${state}`,
    `Give one of: ${list.join(', ')}.`,
  )
}

/** The statuses of a table, each with its state. */
export function statusesOf(table: TableDefinition) {
  return table.columns.find(({ type }) => type === 'status')?.choices ?? []
}
