import { randomUUID } from 'node:crypto'
import { createWriteStream } from 'node:fs'
import { mkdir, open, rename, rm } from 'node:fs/promises'
import { extname, join } from 'node:path'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import type { HubClient } from '../http/client/index.ts'
import { isObject, type Json, type JsonObject } from '../kernel/index.ts'

/** A document that an output names, beside the output itself. */
export interface NamedAttachment {
  readonly id: string
  readonly output: JsonObject
}

const MOST_NAMES = 10_000
// Most file systems take 255 bytes; a number to count on by has room.
const LONGEST_STEM_BYTES = 200
const LONGEST_EXTENSION_BYTES = 20

// Names of devices on Windows, whatever their extension.
const RESERVED = /^(con|prn|aux|nul|com\d|lpt\d)(\.|$)/i

/** Finds the document that a run has put aside, if an output names one. */
export function attachmentOf(body: Json): NamedAttachment | undefined {
  if (!isObject(body) || typeof body['size'] !== 'number') return undefined
  const [, id] =
    /^https?:\/\/[^/]+\/api\/v1\/attachments\/([\w-]{1,100})$/.exec(String(body['url'])) ?? []
  return id === undefined || typeof body['content-type'] !== 'string'
    ? undefined
    : { id, output: body }
}

/**
 * Saves a document in a folder, which is made if need be; answers with the path. What is there already stays:
 * the name is counted on. A file is there as a whole or not at all.
 */
export async function saveAttachment(
  client: HubClient,
  { id, output }: NamedAttachment,
  { folder, signal }: { readonly folder: string; readonly signal: AbortSignal },
): Promise<string> {
  await mkdir(folder, { recursive: true })
  const download = await client.download('readAttachment', { params: { id } }, { signal })
  const unfinished = join(folder, `.${randomUUID()}.part`)
  try {
    await pipeline(
      Readable.fromWeb(download.body),
      createWriteStream(unfinished, { flags: 'wx' }),
      { signal },
    )
    return await give(
      unfinished,
      folder,
      fileName(download.name ?? `${id}${String(output['type'] ?? '')}`),
    )
  } finally {
    await rm(unfinished, { force: true })
  }
}

// Whoever makes the file first has the name; it is then replaced by the whole document.
async function give(unfinished: string, folder: string, name: string): Promise<string> {
  const extension = extname(name)
  const stem = name.slice(0, name.length - extension.length)
  for (let count = 1; ; count += 1) {
    const path = join(folder, count === 1 ? name : `${stem}-${count}${extension}`)
    try {
      await (await open(path, 'wx')).close()
      await rename(unfinished, path)
      return path
    } catch (error) {
      const taken = error instanceof Error && 'code' in error && error.code === 'EEXIST'
      if (!taken || count >= MOST_NAMES) throw error
    }
  }
}

/** Makes a name that came from a row one that leads to no other folder, hides no file, and fits every system. */
export function fileName(given: string): string {
  const plain = given.replace(/[\p{Cc}\p{Cf}<>:"/\\|?*]/gu, '_').replace(/^[. ]+|[. ]+$/g, '')
  const extension = extname(plain)
  const stem = plain.slice(0, plain.length - extension.length)
  const name = beginning(stem, LONGEST_STEM_BYTES) || 'attachment'
  return `${RESERVED.test(name) ? '_' : ''}${name}${beginning(extension, LONGEST_EXTENSION_BYTES)}`
}

/** As many whole characters from the beginning as have so many bytes. */
function beginning(text: string, bytes: number): string {
  const { read } = new TextEncoder().encodeInto(text, new Uint8Array(bytes))
  return text.slice(0, read)
}
