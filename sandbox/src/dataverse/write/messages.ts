import { Fault } from '../fault.ts'
import type { Table } from '../schema/model.ts'

/**
 * Refuses to write rows that only other writes make: those of a table between two, changed by
 * associating, and the common view of all activities.
 */
export function refuseMessage(table: Table, message: 'Create' | 'Update' | 'Delete'): void {
  if (!table.isIntersect && table.name !== 'activitypointer') return
  throw new Fault(
    400,
    '0x80040800',
    `The '${message}' method does not support entities of type '${table.name}'. MessageProcessorCache returned MessageProcessor.Empty.`,
  )
}
