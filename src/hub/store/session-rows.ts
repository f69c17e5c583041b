import { sql } from 'kysely'
import { moment } from './moment.ts'
import type { Queryable } from './queryable.ts'

export interface SessionRow {
  readonly workspaceId: string
  readonly userId: string
  readonly userName: string
  readonly seenAt: number
  readonly expiresAt: number
}

/** Stores a session by the hash of its token; sessions that have ended leave with it. */
export async function insertSession(
  db: Queryable,
  session: {
    readonly workspaceId: string
    readonly userId: string
    readonly tokenHash: string
    readonly at: number
    readonly expiresAt: number
  },
): Promise<void> {
  const at = new Date(session.at)
  await db.deleteFrom('sessions').where('expires_at', '<=', moment(session.at)).execute()
  await db
    .insertInto('sessions')
    .values({
      workspace_id: session.workspaceId,
      user_id: session.userId,
      token_hash: session.tokenHash,
      created_at: at,
      seen_at: at,
      expires_at: new Date(session.expiresAt),
    })
    .execute()
}

/** Reads a session that was seen after `seenAfter` and has not ended at `at`. */
export async function findSession(
  db: Queryable,
  tokenHash: string,
  times: { readonly at: number; readonly seenAfter: number },
): Promise<SessionRow | undefined> {
  return await db
    .selectFrom('sessions as session')
    .innerJoin('users as user', (join) =>
      join
        .onRef('user.workspace_id', '=', 'session.workspace_id')
        .onRef('user.id', '=', 'session.user_id'),
    )
    .select([
      'session.workspace_id as workspaceId',
      'session.user_id as userId',
      'user.name as userName',
      'session.seen_at as seenAt',
      'session.expires_at as expiresAt',
    ])
    .where('session.token_hash', '=', tokenHash)
    .where('session.expires_at', '>', moment(times.at))
    .where('session.seen_at', '>', moment(times.seenAfter))
    .executeTakeFirst()
}

/** Notes that a session was used. */
export async function touchSession(db: Queryable, tokenHash: string, at: number): Promise<void> {
  await db
    .updateTable('sessions')
    .set({ seen_at: new Date(at) })
    .where('token_hash', '=', tokenHash)
    .execute()
}

/** Ends one session. */
export async function deleteSession(db: Queryable, tokenHash: string): Promise<void> {
  await db.deleteFrom('sessions').where('token_hash', '=', tokenHash).execute()
}

/** Ends every session of a user. */
export async function deleteSessionsOf(
  db: Queryable,
  workspaceId: string,
  userId: string,
): Promise<void> {
  await db
    .deleteFrom('sessions')
    .where('workspace_id', '=', workspaceId)
    .where('user_id', '=', userId)
    .execute()
}

/** Counts an attempt and answers how many there were since the window began; ended windows leave. */
export async function countAttempt(
  db: Queryable,
  subject: string,
  times: { readonly at: number; readonly endsAt: number },
): Promise<{ readonly count: number; readonly endsAt: number }> {
  await db.deleteFrom('sign_in_attempts').where('ends_at', '<=', moment(times.at)).execute()
  return await db
    .insertInto('sign_in_attempts')
    .values({ subject, count: 1, ends_at: new Date(times.endsAt) })
    .onConflict((conflict) =>
      conflict.column('subject').doUpdateSet({
        // Far beyond every limit the exact number says nothing, and it must not overflow.
        count: sql<number>`least(sign_in_attempts.count + 1, 1000000)`,
      }),
    )
    .returning(['count', 'ends_at as endsAt'])
    .executeTakeFirstOrThrow()
}

/** Forgets the attempts of a subject. */
export async function forgetAttempts(db: Queryable, subject: string): Promise<void> {
  await db.deleteFrom('sign_in_attempts').where('subject', '=', subject).execute()
}
