import type { CodedError, Logger } from '../../../kernel/index.ts'
import { invalidField } from '../../connector-error.ts'
import { selectField } from '../../field.ts'
import type { PollRange } from './poll.ts'

const FIELD = { key: 'lateRows', label: 'Rows later than 5 minutes' }

/** What is to be done about rows that become visible too late for any walk. */
export type LateRowsChoice = 'whereTracked' | 'require' | 'ignore'

/** The field that says what is done about late rows. */
export function lateRowsField(order: number) {
  return selectField<LateRowsChoice>({
    label: FIELD.label,
    help: 'Rows that become visible later than 5 minutes after their timestamp are found in the changes that the environment tracks of the table.',
    order,
    model: {
      whereTracked: 'Catch them where changes are tracked',
      require: 'Catch them, or fail where changes are not tracked',
      ignore: 'Leave them out',
    },
    default: 'whereTracked',
  })
}

/**
 * Tells whether late rows are looked for; where nothing can be known of them, the log says so.
 *
 * @throws ConnectorError `invalid_field` where they are required and cannot be found
 */
export function seeksLateRows(choice: LateRowsChoice, range: PollRange, logger: Logger): boolean {
  if (choice === 'ignore') return false
  const { logicalName: table, changeTracking } = range.table
  // An update of an old row could not be told from a row that was created late.
  if (range.column === 'createdon') {
    if (choice === 'require') {
      throw notTold('only rows that were modified can be caught late', 'Poll on Last modified')
    }
    logger.debug('late rows cannot be told by time of creation', { table })
    return false
  }
  if (changeTracking) return true
  if (choice === 'require') {
    const what = `the environment does not track the changes of ${table}`
    throw notTold(what, 'Have “Track changes” turned on in the table’s properties')
  }
  logger.debug('late rows cannot be told, changes are not tracked', { table })
  return false
}

/** Names the field in what the environment says where late rows are required after all. */
export function requiredInVain(error: CodedError): CodedError {
  if (error.code !== 'tracking_disabled') return error
  const { what, remedy } = error.explanation
  return notTold(what.replace(/\.$/, ''), remedy.replace(/\.$/, ''), error)
}

function notTold(problem: string, remedy: string, cause?: CodedError) {
  return invalidField(FIELD, problem, `${remedy}, or choose another way with late rows.`, cause)
}
