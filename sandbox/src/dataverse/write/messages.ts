import { Fault } from '../fault.ts'
import type { Table } from '../schema/model.ts'

const MADE_BY_OTHERS = new Set(['activitypointer', 'fileattachment'])

/**
 * Refuses to write rows that only other writes make: those of a table between two, changed by
 * associating, the common view of all activities, and what tells about the files of columns.
 */
export function refuseMessage(table: Table, message: 'Create' | 'Update' | 'Delete'): void {
  if (!table.isIntersect && !MADE_BY_OTHERS.has(table.name)) return
  throw new Fault(
    400,
    '0x80040800',
    `The '${message}' method does not support entities of type '${table.name}'. MessageProcessorCache returned MessageProcessor.Empty.`,
  )
}
