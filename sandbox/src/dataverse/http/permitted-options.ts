import { notSupported } from '../fault.ts'
import type { Request } from '../request.ts'

/** What a list takes. */
export const LIST_OPTIONS = [
  '$select',
  '$filter',
  '$orderby',
  '$expand',
  '$top',
  '$count',
  '$skiptoken',
  '$skip',
]
/** What an `$apply` goes with; its own steps filter. */
export const APPLY_OPTIONS = ['$apply', '$orderby', '$top']
export const FETCH_OPTIONS = ['fetchXml', 'savedQuery', 'userQuery', '$count']
/** What one row takes, and what it refuses with an error of its own. */
export const ROW_OPTIONS = ['$select', '$expand', '$filter', '$orderby', '$top', '$count']
/** What a write that may answer with the row takes. */
export const WRITE_OPTIONS = ['$select', '$expand', 'tag']

/** Only elastic tables have partitions; for others it means nothing. */
const PARTITION = 'partitionId'

/**
 * Refuses query options that mean nothing at this address. No document says that they are ignored,
 * and a client that sends one believes that it counts.
 * @throws Fault 501 naming the first of them
 */
export function permitOptions(request: Request, allowed: readonly string[]): void {
  for (const { name } of request.options.sent) {
    if (name.startsWith('@') || allowed.includes(name) || name === PARTITION) continue
    throw notSupported(`the query option '${name}' at this address`)
  }
}
