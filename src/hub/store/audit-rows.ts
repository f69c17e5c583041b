import type { Json } from '../../kernel/index.ts'
import type { Queryable } from './queryable.ts'
import type { StoredActor } from './tables/vault.ts'

export interface AuditRow {
  readonly workspaceId: string
  readonly sequence: number
  readonly at: number
  readonly actor: StoredActor
  readonly action: string
  readonly subject: { readonly kind: string; readonly id: string }
  readonly result: 'ok' | 'refused' | 'failed'
  readonly fields: readonly string[]
  readonly facts: Readonly<Record<string, Json>>
  readonly hash: string
}

export interface AuditHead {
  readonly sequence: number
  readonly hash: string
}

/** Reads a workspace's last entry's place and hash and keeps others from appending meanwhile. */
export async function lockAuditHead(
  db: Queryable,
  workspaceId: string,
  start: string,
): Promise<AuditHead> {
  await db
    .insertInto('audit_heads')
    .values({ workspace_id: workspaceId, sequence: 0, hash: start })
    .onConflict((conflict) => conflict.doNothing())
    .execute()
  return await db
    .selectFrom('audit_heads')
    .select(['sequence', 'hash'])
    .where('workspace_id', '=', workspaceId)
    .forUpdate()
    .executeTakeFirstOrThrow()
}

/** Reads a workspace's last entry's place and hash. */
export async function readAuditHead(
  db: Queryable,
  workspaceId: string,
): Promise<AuditHead | undefined> {
  return await db
    .selectFrom('audit_heads')
    .select(['sequence', 'hash'])
    .where('workspace_id', '=', workspaceId)
    .executeTakeFirst()
}

/** Appends an entry, whose sequence follows the locked head's. */
export async function appendAuditRow(db: Queryable, row: AuditRow): Promise<void> {
  await db
    .insertInto('audit_entries')
    .values({
      workspace_id: row.workspaceId,
      sequence: row.sequence,
      at: new Date(row.at),
      actor: JSON.stringify(row.actor),
      action: row.action,
      subject_kind: row.subject.kind,
      subject_id: row.subject.id,
      result: row.result,
      fields: JSON.stringify(row.fields),
      facts: JSON.stringify(row.facts),
      hash: row.hash,
    })
    .execute()
  await db
    .updateTable('audit_heads')
    .set({ sequence: row.sequence, hash: row.hash })
    .where('workspace_id', '=', row.workspaceId)
    .execute()
}

/** Reads entries below `before`, newest first, or above `after`, oldest first. */
export async function listAuditRows(
  db: Queryable,
  workspaceId: string,
  range: {
    readonly before?: number | undefined
    readonly after?: number
    readonly limit: number
  },
): Promise<readonly AuditRow[]> {
  let query = db
    .selectFrom('audit_entries')
    .select(['workspace_id as workspaceId', 'sequence', 'at', 'actor', 'action'])
    .select(['subject_kind as subjectKind', 'subject_id as subjectId'])
    .select(['result', 'fields', 'facts', 'hash'])
    .where('workspace_id', '=', workspaceId)
  if (range.before !== undefined) query = query.where('sequence', '<', range.before)
  if (range.after !== undefined) query = query.where('sequence', '>', range.after)
  const rows = await query
    .orderBy('sequence', range.after === undefined ? 'desc' : 'asc')
    .limit(range.limit)
    .execute()
  return rows.map(({ subjectKind, subjectId, ...row }) => ({
    ...row,
    subject: { kind: subjectKind, id: subjectId },
  }))
}
