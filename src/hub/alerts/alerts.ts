import type { Clock, Explanation, Json, Logger, Random } from '../../kernel/index.ts'
import {
  type AlertRow,
  clearAlertRow,
  listAlertRows,
  type Queryable,
  raiseAlertRow,
  type Store,
} from '../store/index.ts'

/** What somebody should know of without looking. */
export interface Notice {
  /** What it is about: a subject has at most one open alert. */
  readonly subject: string
  readonly kind: string
  readonly level: 'warning' | 'error'
  /** Tells one occurrence from the next: the same one is not raised again. */
  readonly occurrence: string
  readonly code: string
  readonly explanation: Explanation
  readonly facts?: Readonly<Record<string, Json>>
}

/** An alert, open until `clearedAt`. Times are ms since 1970. */
export interface Alert extends Notice {
  readonly id: string
  readonly workspaceId: string
  readonly facts: Readonly<Record<string, Json>>
  readonly raisedAt: number
  readonly clearedAt?: number
}

/** Alerts, one for each subject. Given a transaction, they come and go with it. */
export interface Alerts {
  /** Raises an alert; answers whether it is news. */
  raise(workspaceId: string, notice: Notice, transaction?: Queryable): Promise<boolean>
  /** Clears a subject's alert; answers whether there was one. */
  clear(workspaceId: string, subject: string, transaction?: Queryable): Promise<boolean>
  /** Lists open alerts, newest first; with `all` also those that were cleared. At most 500. */
  list(workspaceId: string, options?: { readonly all?: boolean }): Promise<readonly Alert[]>
}

const LISTED = 500

/** Makes the alerts over a store. */
export function createAlerts({
  store,
  clock,
  random,
  logger,
}: {
  readonly store: Store
  readonly clock: Clock
  readonly random: Random
  readonly logger: Logger
}): Alerts {
  return {
    raise: async (workspaceId, notice, transaction = store.db) => {
      const raised = await raiseAlertRow(transaction, toRow(workspaceId, notice, random, clock))
      if (raised)
        logger.warn('alert raised', { workspaceId, alert: notice.subject, code: notice.code })
      return raised
    },
    clear: (workspaceId, subject, transaction = store.db) =>
      clearAlertRow(transaction, { workspaceId, subject, at: clock.now() }),
    list: async (workspaceId, { all = false } = {}) =>
      (await listAlertRows(store.db, workspaceId, { all, limit: LISTED })).map(toAlert),
  }
}

function toRow(workspaceId: string, notice: Notice, random: Random, clock: Clock) {
  const { code, explanation, facts = {}, ...row } = notice
  const at = clock.now()
  return {
    ...row,
    workspaceId,
    id: random.id(),
    raisedAt: at,
    details: { code, ...explanation, facts, since: at },
  }
}

function toAlert({ details, clearedAt, ...row }: AlertRow): Alert {
  const { code, facts, since: _, ...explanation } = details
  return { ...row, code, explanation, facts, ...(clearedAt !== null && { clearedAt }) }
}
