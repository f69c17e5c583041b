import { moment } from './moment.ts'
import type { Queryable } from './queryable.ts'

export interface SetupLinkRow {
  readonly workspaceId: string
  /** Absent: the link makes the first user. */
  readonly userId: string | null
  readonly userName: string | null
}

/** Stores a link by its hash; links that have ended leave with it. */
export async function insertSetupLink(
  db: Queryable,
  link: {
    readonly workspaceId: string
    readonly tokenHash: string
    readonly userId: string | null
    readonly at: number
    readonly expiresAt: number
  },
): Promise<void> {
  await db.deleteFrom('setup_links').where('expires_at', '<=', moment(link.at)).execute()
  await db
    .insertInto('setup_links')
    .values({
      workspace_id: link.workspaceId,
      token_hash: link.tokenHash,
      user_id: link.userId,
      created_at: new Date(link.at),
      expires_at: new Date(link.expiresAt),
    })
    .execute()
}

/** Reads a link that can still be used. */
export async function findSetupLink(
  db: Queryable,
  tokenHash: string,
  at: number,
): Promise<SetupLinkRow | undefined> {
  return await db
    .selectFrom('setup_links as link')
    .leftJoin('users as user', (join) =>
      join
        .onRef('user.workspace_id', '=', 'link.workspace_id')
        .onRef('user.id', '=', 'link.user_id'),
    )
    .select(['link.workspace_id as workspaceId', 'link.user_id as userId', 'user.name as userName'])
    .where('link.token_hash', '=', tokenHash)
    .where('link.expires_at', '>', moment(at))
    .executeTakeFirst()
}

/** Takes a link out of the store: of any number of takers, one gets it. */
export async function takeSetupLink(
  db: Queryable,
  tokenHash: string,
  at: number,
): Promise<Pick<SetupLinkRow, 'workspaceId' | 'userId'> | undefined> {
  return await db
    .deleteFrom('setup_links')
    .where('token_hash', '=', tokenHash)
    .where('expires_at', '>', moment(at))
    .returning(['workspace_id as workspaceId', 'user_id as userId'])
    .executeTakeFirst()
}

/** Takes back every other link for the same purpose. */
export async function deleteSetupLinks(
  db: Queryable,
  workspaceId: string,
  userId: string | null,
): Promise<void> {
  await db
    .deleteFrom('setup_links')
    .where('workspace_id', '=', workspaceId)
    .where('user_id', userId === null ? 'is' : '=', userId)
    .execute()
}
