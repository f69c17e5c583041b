import { sql } from 'kysely'
import type { Json } from '../../kernel/index.ts'
import type { Queryable } from './store.ts'
import type { StoredVerification } from './tables/connect.ts'

const KEPT = 20

/** Where a report belongs. */
export interface VerificationPlace {
  readonly workspaceId: string
  readonly credentialId: string
}

/**
 * Stores a report with its Credential, whose own row keeps `summary`; the oldest reports go. Answers
 * whether the Credential is still there.
 */
export async function insertVerification(
  db: Queryable,
  { workspaceId, credentialId }: VerificationPlace,
  verification: {
    readonly id: string
    readonly startedAt: number
    readonly report: StoredVerification
    readonly summary: Json
  },
): Promise<boolean> {
  const [found] = await db
    .updateTable('credentials')
    .set({ verification: JSON.stringify(verification.summary) })
    .where('workspace_id', '=', workspaceId)
    .where('id', '=', credentialId)
    .execute()
  if ((found?.numUpdatedRows ?? 0n) === 0n) return false
  await db
    .insertInto('verifications')
    .values({
      workspace_id: workspaceId,
      credential_id: credentialId,
      id: verification.id,
      started_at: new Date(verification.startedAt),
      report: JSON.stringify(verification.report),
    })
    .execute()
  await sql`
    delete from verifications where workspace_id = ${workspaceId}
      and credential_id = ${credentialId} and id not in (
        select id from verifications
        where workspace_id = ${workspaceId} and credential_id = ${credentialId}
        order by started_at desc, id limit ${KEPT})`.execute(db)
  return true
}

/** Reads the last report of a Credential. */
export async function readLatestVerification(
  db: Queryable,
  { workspaceId, credentialId }: VerificationPlace,
): Promise<StoredVerification | undefined> {
  const row = await db
    .selectFrom('verifications')
    .select('report')
    .where('workspace_id', '=', workspaceId)
    .where('credential_id', '=', credentialId)
    .orderBy('started_at', 'desc')
    .limit(1)
    .executeTakeFirst()
  return row?.report
}
