import { moment } from './moment.ts'
import type { Queryable } from './queryable.ts'

export interface AttachmentKey {
  readonly workspaceId: string
  readonly id: string
}

/** A stored document without its bytes. */
export interface AttachmentRow {
  readonly name: string | null
  readonly contentType: string
  readonly size: number
}

/** Begins a document; nobody can read it before it is finished. */
export async function insertAttachment(
  db: Queryable,
  { workspaceId, id }: AttachmentKey,
  document: {
    readonly name: string | undefined
    readonly contentType: string
    readonly createdAt: number
    readonly expiresAt: number
  },
): Promise<void> {
  await db
    .insertInto('attachments')
    .values({
      workspace_id: workspaceId,
      id,
      name: document.name ?? null,
      content_type: document.contentType,
      created_at: new Date(document.createdAt),
      expires_at: new Date(document.expiresAt),
    })
    .execute()
}

/** Adds bytes to a document that is not finished. */
export async function insertChunk(
  db: Queryable,
  { workspaceId, id }: AttachmentKey,
  position: number,
  bytes: Uint8Array,
): Promise<void> {
  await db
    .insertInto('attachment_chunks')
    .values({ workspace_id: workspaceId, attachment_id: id, position, bytes })
    .execute()
}

/** Finishes a document: from now on it can be read. */
export async function finishAttachment(
  db: Queryable,
  { workspaceId, id }: AttachmentKey,
  size: number,
): Promise<void> {
  await db
    .updateTable('attachments')
    .set({ size })
    .where('workspace_id', '=', workspaceId)
    .where('id', '=', id)
    .execute()
}

/** Reads what a finished document is, unless its time is over. */
export async function readAttachment(
  db: Queryable,
  { workspaceId, id }: AttachmentKey,
  now: number,
): Promise<AttachmentRow | undefined> {
  const row = await db
    .selectFrom('attachments')
    .select(['name', 'content_type as contentType', 'size'])
    .where('workspace_id', '=', workspaceId)
    .where('id', '=', id)
    .where('expires_at', '>', moment(now))
    .executeTakeFirst()
  if (row === undefined || row.size === null) return undefined
  return { ...row, size: row.size }
}

/** Reads a part of a document; nothing after the last. */
export async function readChunk(
  db: Queryable,
  { workspaceId, id }: AttachmentKey,
  position: number,
): Promise<Uint8Array | undefined> {
  const row = await db
    .selectFrom('attachment_chunks')
    .select('bytes')
    .where('workspace_id', '=', workspaceId)
    .where('attachment_id', '=', id)
    .where('position', '=', position)
    .executeTakeFirst()
  return row?.bytes
}

/** Deletes one document. */
export async function deleteAttachment(
  db: Queryable,
  { workspaceId, id }: AttachmentKey,
): Promise<void> {
  await db
    .deleteFrom('attachments')
    .where('workspace_id', '=', workspaceId)
    .where('id', '=', id)
    .execute()
}

/** Deletes every document whose time is over; answers how many. */
export async function deleteExpiredAttachments(db: Queryable, now: number): Promise<number> {
  const [result] = await db
    .deleteFrom('attachments')
    .where('expires_at', '<=', moment(now))
    .execute()
  return Number(result?.numDeletedRows ?? 0n)
}
