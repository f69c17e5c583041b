import type { Answer } from '../../exchange.ts'
import { checkReach } from '../access/reach.ts'
import type { Right } from '../access/rights.ts'
import { badPayload, Fault, noResource } from '../fault.ts'
import { permitOptions } from '../http/permitted-options.ts'
import { rowMissing } from '../http/row-key.ts'
import { NAMESPACE } from '../query/expression.ts'
import { asGuid } from '../query/operands.ts'
import { jsonAnswer, noContent, type Request } from '../request.ts'
import { type Body, isBody, readBody } from '../write/body.ts'
import { blockDownload, takeBlock, writeBlocks } from './blocks.ts'
import { contentOf, isOnlySmall } from './download.ts'
import { dropFile, type Place } from './keep.ts'
import { newToken } from './ranges.ts'

type Message = (request: Request, body: Body) => Answer

/** The actions on the contents of columns, with the parameters that each must have. */
const MESSAGES: ReadonlyMap<string, readonly [Message, readonly string[]]> = new Map([
  ['InitializeFileBlocksUpload', [beginUpload, ['Target', 'FileName', 'FileAttributeName']]],
  ['UploadBlock', [takeBlock, ['BlockId', 'BlockData', 'FileContinuationToken']]],
  [
    'CommitFileBlocksUpload',
    [commit, ['FileName', 'MimeType', 'BlockList', 'FileContinuationToken']],
  ],
  ['InitializeFileBlocksDownload', [beginDownload, ['Target', 'FileAttributeName']]],
  ['DownloadBlock', [sendBlock, ['Offset', 'BlockLength', 'FileContinuationToken']]],
  ['DeleteFile', [deleteFile, ['FileId']]],
])

/** Whether this is one of the actions on files. */
export function isFileMessage(name: string): boolean {
  return MESSAGES.has(name)
}

/** Answers an action on the content of a column. */
export function answerFileMessage(request: Request, name: string): Answer {
  const [message, parameters] = MESSAGES.get(name) ?? []
  if (!message || !parameters || request.method !== 'POST')
    throw noResource(request.exchange.url.href)
  permitOptions(request, [])
  const body = readBody(request, name)
  const unknown = Object.keys(body).find((given) => !parameters.includes(given))
  if (unknown !== undefined) {
    throw badPayload(
      name,
      `Microsoft.OData.ODataException: The parameter '${unknown}' in the request payload is not a valid parameter for the operation '${name}'.`,
    )
  }
  const missing = parameters.filter((parameter) => body[parameter] === undefined)
  if (missing.length > 0) {
    throw badPayload(
      name,
      `Microsoft.OData.ODataException: One or more parameters of the operation '${name}' are missing from the request payload. The missing parameters are: ${missing.join(', ')}.`,
    )
  }
  return message(request, body)
}

function beginUpload(request: Request, body: Body): Answer {
  const { table, slot, column } = placeOf(request, body, 'Write')
  const token = newToken(request)
  const row = { table: table.name, id: request.database.rows(table).idOf(slot) }
  const name = String(body['FileName'])
  request.database.uploads.begin(token, {
    row,
    column: column.name,
    name,
    way: 'blocks',
    parts: [],
  })
  return reply(request, 'InitializeFileBlocksUpload', { FileContinuationToken: token })
}

function commit(request: Request, body: Body): Answer {
  return reply(request, 'CommitFileBlocksUpload', writeBlocks(request, body))
}

function beginDownload(request: Request, body: Body): Answer {
  const place = placeOf(request, body, 'Read')
  const { table, slot, column } = place
  const content = contentOf(request, place)
  const rowId = request.database.rows(table).idOf(slot)
  if (!content || isOnlySmall(place)) {
    const id = request.database.rows(table).text(slot, column) ?? ''
    const text =
      column.type === 'Image'
        ? `No FileAttachment records found for imagedescriptorId: ${id} for image attribute: ${column.name} of ${table.name} record with id ${rowId}.`
        : `No file attachment found for attribute: ${column.name} EntityId: ${rowId}.`
    throw new Fault(404, '0x80040217', text)
  }
  const id = request.database.rows(table).text(slot, column) ?? ''
  return reply(request, 'InitializeFileBlocksDownload', {
    FileSizeInBytes: content.bytes.length,
    FileName: content.name,
    FileContinuationToken: Buffer.from(`download:${id}`).toString('base64'),
    IsChunkingSupported: true,
  })
}

function sendBlock(request: Request, body: Body): Answer {
  return reply(request, 'DownloadBlock', { Data: blockDownload(request, body) })
}

function deleteFile(request: Request, body: Body): Answer {
  const { database } = request
  const id = asGuid(String(body['FileId'])) ?? ''
  const owner = database.contents.get(id)?.place
  const rows = owner && database.rows(owner.row.table)
  const slot = rows?.slotOf(owner?.row.id ?? '')
  const column = rows?.table.byName.get(owner?.column ?? '')
  if (!rows || slot === undefined || !column) {
    throw new Fault(404, '0x80040217', `fileattachment With Id = ${id} Does Not Exist`)
  }
  dropFile(request, { table: rows.table, slot, column })
  return noContent(request)
}

/** Finds the column of the row that a message is about. */
function placeOf(request: Request, body: Body, right: Right): Place {
  const target = body['Target']
  const type = isBody(target) ? String(target['@odata.type']).replace(/^#/, '') : ''
  const table = request.database.schema.tables.get(
    type.startsWith(NAMESPACE) ? type.slice(NAMESPACE.length) : '',
  )
  if (!isBody(target) || !table) {
    throw badPayload(
      'Target',
      "Microsoft.OData.ODataException: The parameter 'Target' needs '@odata.type' and the primary key of a row.",
    )
  }
  const name = String(body['FileAttributeName'])
  const column = table.byName.get(name)
  if (column?.type !== 'File' && column?.type !== 'Image') {
    throw new Fault(
      400,
      '0x80040203',
      `The attribute '${name}' of the entity '${table.name}' is no file or image column.`,
    )
  }
  const id = asGuid(String(target[table.id.name])) ?? ''
  const slot = request.database.rows(table).slotOf(id)
  if (slot === undefined) throw rowMissing(table, { kind: 'id', id, text: id })
  checkReach(request.database, request.caller, right, table, slot)
  return { table, slot, column }
}

function reply(
  request: Request,
  action: string,
  values: Readonly<Record<string, unknown>>,
): Answer {
  const context = `${request.base}/$metadata#Microsoft.Dynamics.CRM.${action}Response`
  return jsonAnswer(request, JSON.stringify({ '@odata.context': context, ...values }))
}
