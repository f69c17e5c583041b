import { isObject, type JsonObject } from '../../kernel/index.ts'
import { readNumber, readText } from '../answer/answer-fields.ts'
import { unexpectedAnswer } from '../answer/json-answer.ts'
import type { CallOptions } from '../call-options.ts'
import { callOptions } from '../call-options.ts'
import type { Operation } from '../operation.ts'
import type { Session } from '../session.ts'
import type { ByteReader } from './byte-reader.ts'
import { checkSize, type FileTarget } from './file-target.ts'
import { PART_BYTES, type UploadedFile, type UploadOptions } from './upload-options.ts'

/**
 * Uploads a file of unknown size block by block; it becomes the column's file only once all blocks are
 * there. A block has a name of its own, so that it may be sent again.
 *
 * @see https://learn.microsoft.com/power-apps/developer/data-platform/file-column-data
 */
export async function uploadBlocks(
  session: Session,
  target: FileTarget,
  reader: ByteReader,
  options: UploadOptions & { readonly first: Uint8Array },
): Promise<UploadedFile> {
  const { fileName, mimeType = 'application/octet-stream', first, onProgress } = options
  const call = callOptions(options)
  const token = await begin(session, target, fileName, call)
  const blocks: string[] = []
  let bytes = 0
  for (let block = first; block.byteLength > 0; block = await reader.take(PART_BYTES)) {
    checkSize(target, bytes + block.byteLength)
    const id = Buffer.from(String(blocks.length).padStart(8, '0')).toString('base64')
    const data = Buffer.from(block.buffer, block.byteOffset, block.byteLength).toString('base64')
    const body = { BlockId: id, BlockData: data, FileContinuationToken: token }
    await session.perform(message('UploadBlock', body, true), call)
    blocks.push(id)
    bytes += block.byteLength
    onProgress?.({ bytes })
  }
  const commit = {
    FileName: fileName,
    MimeType: mimeType,
    BlockList: blocks,
    FileContinuationToken: token,
  }
  const stored = await session.perform(message('CommitFileBlocksUpload', commit, false), call)
  const size = readNumber(stored, 'FileSizeInBytes')
  if (size !== undefined && size !== bytes) {
    throw unexpectedAnswer('CommitFileBlocksUpload', `${size} bytes stored of ${bytes} sent`)
  }
  const fileId = readText(stored, 'FileId')
  return { bytes, ...(fileId === undefined ? {} : { fileId }) }
}

async function begin(
  session: Session,
  target: FileTarget,
  fileName: string,
  options: CallOptions,
): Promise<string> {
  const { table, column } = target
  const idColumn = table.primaryIdColumn ?? `${table.logicalName}id`
  const id = await idOf(session, target, idColumn, options)
  const row = { '@odata.type': `Microsoft.Dynamics.CRM.${table.logicalName}`, [idColumn]: id }
  const body = { Target: row, FileName: fileName, FileAttributeName: column }
  const begun = await session.perform(message('InitializeFileBlocksUpload', body, true), options)
  const token = readText(begun, 'FileContinuationToken')
  if (token !== undefined) return token
  throw unexpectedAnswer('InitializeFileBlocksUpload', 'no token for the blocks of the file')
}

// The messages take a row by its id only.
async function idOf(
  session: Session,
  { row }: FileTarget,
  idColumn: string,
  options: CallOptions,
): Promise<string> {
  const known = /\(([0-9a-f-]{36})\)$/.exec(row)?.[1]
  if (known !== undefined) return known
  const read: Operation<string> = {
    method: 'GET',
    path: `${row}?$select=${idColumn}`,
    read: ({ body }) => {
      const id = isObject(body) ? readText(body, idColumn) : undefined
      if (id === undefined) throw unexpectedAnswer(row, 'a row without its id')
      return id
    },
  }
  return session.perform(read, options)
}

function message(name: string, body: JsonObject, idempotent: boolean): Operation<JsonObject> {
  return {
    method: 'POST',
    path: name,
    body,
    idempotent,
    read: ({ body: answer }) => (isJsonObject(answer) ? answer : {}),
  }
}

function isJsonObject(value: unknown): value is JsonObject {
  return isObject(value)
}
