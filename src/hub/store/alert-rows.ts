import { sql } from 'kysely'
import type { Queryable } from './queryable.ts'
import type { StoredProblem } from './tables/vault.ts'

export interface AlertRow {
  readonly workspaceId: string
  readonly id: string
  readonly subject: string
  readonly kind: string
  readonly level: 'warning' | 'error'
  readonly occurrence: string
  readonly details: StoredProblem
  readonly raisedAt: number
  readonly clearedAt: number | null
}

/**
 * Opens an alert, or turns the subject's open one into it when the occurrence is another.
 * Answers whether anything is new.
 */
export async function raiseAlertRow(
  db: Queryable,
  alert: Omit<AlertRow, 'clearedAt'>,
): Promise<boolean> {
  const { workspaceId, id, subject, kind, level, occurrence, raisedAt } = alert
  const details = JSON.stringify(alert.details)
  const { rows } = await sql`
    insert into alerts (workspace_id, id, subject, kind, level, occurrence, details, raised_at)
    values (${workspaceId}, ${id}, ${subject}, ${kind}, ${level}, ${occurrence}, ${details},
      ${new Date(raisedAt)})
    on conflict (workspace_id, subject) where cleared_at is null
    do update set kind = excluded.kind, level = excluded.level, details = excluded.details,
      occurrence = excluded.occurrence, raised_at = excluded.raised_at
    where alerts.occurrence <> excluded.occurrence
    returning id`.execute(db)
  return rows.length > 0
}

/** Closes a subject's open alert; answers whether there was one. */
export async function clearAlertRow(
  db: Queryable,
  { workspaceId, subject, at }: { workspaceId: string; subject: string; at: number },
): Promise<boolean> {
  const [result] = await db
    .updateTable('alerts')
    .set({ cleared_at: new Date(at) })
    .where('workspace_id', '=', workspaceId)
    .where('subject', '=', subject)
    .where('cleared_at', 'is', null)
    .execute()
  return (result?.numUpdatedRows ?? 0n) > 0n
}

/** Lists a workspace's alerts, newest first; without `all` the open ones only. */
export async function listAlertRows(
  db: Queryable,
  workspaceId: string,
  options: { readonly all?: boolean; readonly limit: number },
): Promise<readonly AlertRow[]> {
  let query = db
    .selectFrom('alerts')
    .select(['workspace_id as workspaceId', 'id', 'subject', 'kind', 'level', 'occurrence'])
    .select(['details', 'raised_at as raisedAt', 'cleared_at as clearedAt'])
    .where('workspace_id', '=', workspaceId)
  if (!options.all) query = query.where('cleared_at', 'is', null)
  return await query.orderBy('raised_at', 'desc').orderBy('id').limit(options.limit).execute()
}
