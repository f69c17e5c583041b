import type { AttachmentStore } from '../../connector/index.ts'
import type { Clock, Random } from '../../kernel/index.ts'
import {
  type AttachmentKey,
  deleteAttachment,
  deleteExpiredAttachments,
  finishAttachment,
  insertAttachment,
  insertChunk,
  readAttachment,
  readChunk,
  type Store,
} from '../store/index.ts'
import { AttachmentError } from './attachment-error.ts'

/** A document to read, as slowly as its reader likes. */
export interface Attachment {
  readonly name?: string
  readonly contentType: string
  readonly size: number
  readonly body: ReadableStream<Uint8Array>
}

/**
 * Documents that are too large for a message, kept for a day. They lie in the database in parts, so that
 * every hub on it can give them out and nothing has to be shared besides.
 */
export interface Attachments {
  /** Where runs of a workspace put theirs. */
  of(workspaceId: string): AttachmentStore
  /** @throws AttachmentError `attachment_not_found` */
  open(workspaceId: string, id: string): Promise<Attachment>
  /** Deletes those whose time is over. */
  tidy(): Promise<number>
}

interface Parts {
  readonly store: Store
  readonly publicUrl: URL
  readonly clock: Clock
  readonly random: Random
  /** The largest document, in bytes. */
  readonly maxBytes?: number
}

const KEPT_MS = 24 * 60 * 60_000
const CHUNK_BYTES = 256 * 1024
const MOST_BYTES = 1024 * 1024 * 1024

/** Makes the attachments over a store. */
export function createAttachments(parts: Parts): Attachments {
  const { store, clock } = parts
  return {
    of: (workspaceId) => ({
      put: (body, options) => put(parts, workspaceId, body, options),
      get: async (url) => open(parts, { workspaceId, id: idOf(url, parts.publicUrl) }),
    }),
    open: (workspaceId, id) => open(parts, { workspaceId, id }),
    tidy: () => deleteExpiredAttachments(store.db, clock.now()),
  }
}

async function put(
  { store, clock, random, publicUrl, maxBytes = MOST_BYTES }: Parts,
  workspaceId: string,
  body: ReadableStream<Uint8Array>,
  { contentType, name, signal }: Parameters<AttachmentStore['put']>[1],
): ReturnType<AttachmentStore['put']> {
  const { db } = store
  const key = { workspaceId, id: random.id() }
  const createdAt = clock.now()
  const expiresAt = createdAt + KEPT_MS
  await insertAttachment(db, key, { name, contentType, createdAt, expiresAt })
  try {
    let [size, position] = [0, 0]
    for await (const chunk of evenly(body)) {
      signal?.throwIfAborted()
      size += chunk.length
      if (size > maxBytes) throw tooLarge(maxBytes)
      await insertChunk(db, key, position, chunk)
      position += 1
    }
    await finishAttachment(db, key, size)
    return { url: new URL(`/api/v1/attachments/${key.id}`, publicUrl).href, size }
  } catch (error) {
    // Should this fail too, it goes when its time is over.
    await deleteAttachment(db, key).catch(() => undefined)
    throw error
  }
}

// Only what lies here is read by its address: nothing is fetched from anywhere.
function idOf(url: string, publicUrl: URL): string {
  const { origin, pathname } = URL.parse(url, publicUrl.href) ?? {}
  const [, id] = /^\/api\/v1\/attachments\/([\w-]+)$/.exec(pathname ?? '') ?? []
  if (origin !== publicUrl.origin || id === undefined) throw notFound()
  return id
}

async function* evenly(body: ReadableStream<Uint8Array>): AsyncGenerator<Uint8Array> {
  let [parts, size] = [[] as Uint8Array[], 0]
  for await (const piece of body) {
    for (let at = 0; at < piece.length; ) {
      const part = piece.subarray(at, at + CHUNK_BYTES - size)
      parts.push(part)
      at += part.length
      size += part.length
      if (size < CHUNK_BYTES) continue
      yield Buffer.concat(parts)
      parts = []
      size = 0
    }
  }
  if (size > 0) yield Buffer.concat(parts)
}

async function open({ store, clock }: Parts, key: AttachmentKey): Promise<Attachment> {
  const found = await readAttachment(store.db, key, clock.now())
  if (found === undefined) throw notFound()
  const { name, contentType, size } = found
  let [position, left] = [0, size]
  const body = new ReadableStream<Uint8Array>(
    {
      pull: async (controller) => {
        if (left === 0) return controller.close()
        const chunk = await readChunk(store.db, key, position)
        if (chunk === undefined) throw notFound()
        position += 1
        left -= chunk.length
        controller.enqueue(new Uint8Array(chunk))
      },
    },
    { highWaterMark: 1 },
  )
  return { contentType, size, body, ...(name !== null && { name }) }
}

function notFound(): AttachmentError {
  return new AttachmentError('attachment_not_found', {
    what: 'There is no such attachment.',
    why: 'It is older than a day, belongs to another workspace, or its address is mistyped.',
    remedy: 'Run the action again that made it.',
  })
}

function tooLarge(maxBytes: number): AttachmentError {
  return new AttachmentError('attachment_too_large', {
    what: `The document has more than ${maxBytes} bytes.`,
    why: 'The hub keeps no larger attachments.',
    remedy: 'Ask for a smaller document.',
    facts: { maxBytes },
  })
}
