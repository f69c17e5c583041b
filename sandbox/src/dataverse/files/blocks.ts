import type { Answer } from '../../exchange.ts'
import { checkRight } from '../access/membership.ts'
import { Fault } from '../fault.ts'
import { rowMissing } from '../http/row-key.ts'
import { noContent, type Request } from '../request.ts'
import type { Body } from '../write/body.ts'
import { fromBase64 } from './base64.ts'
import { keepFile, refuseSize } from './keep.ts'
import { PART_SIZE } from './ranges.ts'
import type { Upload } from './uploads.ts'

const MOST_OF_ID = 64

/** Takes one block of an upload. @throws Fault for ids and sizes that are not as documented */
export function takeBlock(request: Request, body: Body): Answer {
  const { uploads } = request.database
  const { token, upload } = uploadOf(request, body)
  const id = body['BlockId']
  const name = fromBase64(id)
  if (typeof id !== 'string' || !name?.length) throw refused("'BlockId' must be base64 text.")
  if (name.length > MOST_OF_ID) throw refused(`'BlockId' may have ${MOST_OF_ID} bytes at most.`)
  const [first] = upload.parts
  if (first && first.id.length !== id.length) {
    throw refused("All values of 'BlockId' must have the same length.")
  }
  const bytes = fromBase64(body['BlockData'])
  if (!bytes) throw refused("'BlockData' must be base64 text.")
  if (bytes.length > PART_SIZE) throw refused("'BlockData' may have 4 MB at most.")
  uploads.add(token, upload, { id, bytes })
  return noContent(request)
}

/** Makes a file of the blocks, in the order of the list. */
export function writeBlocks(
  request: Request,
  body: Body,
): { readonly FileId: string; readonly FileSizeInBytes: number } {
  const { database } = request
  const { token, upload } = uploadOf(request, body)
  const rows = database.rows(upload.row.table)
  const { table } = rows
  const slot = rows.slotOf(upload.row.id)
  const column = table.byName.get(upload.column)
  if (slot === undefined || !column) {
    throw rowMissing(table, { kind: 'id', id: upload.row.id, text: upload.row.id })
  }
  const list = body['BlockList']
  if (!Array.isArray(list)) throw refused("'BlockList' must be a list of block ids.")
  const blocks = list.map((id: unknown) => {
    const part = upload.parts.find((known) => known.id === id)
    if (!part) throw refused(`There is no block '${String(id)}'.`)
    return part.bytes
  })
  const size = blocks.reduce((sum, { length }) => sum + length, 0)
  if (column.type === 'File') refuseSize(column, size)
  const bytes = Buffer.concat(blocks)
  database.uploads.end(token)
  const name = String(body['FileName'])
  const mimeType = String(body['MimeType'])
  const id = keepFile(request, { table, slot, column }, { name, mimeType, bytes })
  return { FileId: id, FileSizeInBytes: size }
}

/** One block of a file that is being downloaded, as base64. */
export function blockDownload(request: Request, body: Body): string {
  const { database, caller } = request
  const token = Buffer.from(String(body['FileContinuationToken']), 'base64').toString()
  const content = database.contents.get(/^download:(.+)$/.exec(token)?.[1] ?? '')
  if (!content) throw badToken()
  const table = database.schema.tables.get(content.place?.row.table ?? '')
  if (table) checkRight(caller, 'Read', table)
  const offset = body['Offset']
  const length = body['BlockLength']
  if (!isWhole(offset) || offset > content.bytes.length) {
    throw refused(`'Offset' must be a number from 0 to ${content.bytes.length}.`)
  }
  if (!isWhole(length) || length > PART_SIZE) {
    throw refused(`'BlockLength' must be a number from 0 to ${PART_SIZE}.`)
  }
  return content.bytes.subarray(offset, offset + length).toString('base64')
}

function uploadOf(request: Request, body: Body): { token: string; upload: Upload } {
  const token = String(body['FileContinuationToken'])
  const upload = request.database.uploads.get(token)
  if (upload?.way !== 'blocks') throw badToken()
  return { token, upload }
}

function isWhole(value: unknown): value is number {
  return typeof value === 'number' && Number.isInteger(value) && value >= 0
}

function badToken(): Fault {
  return refused("'FileContinuationToken' is not that of an open upload or download.")
}

function refused(reason: string): Fault {
  return new Fault(400, '0x80040203', reason)
}
