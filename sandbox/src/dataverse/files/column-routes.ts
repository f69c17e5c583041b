import type { Answer } from '../../exchange.ts'
import { checkReach } from '../access/reach.ts'
import { answerProperty } from '../answer/single.ts'
import { reads } from '../collection-answers.ts'
import { badQuery, Fault, notSupported, wrongMethod } from '../fault.ts'
import type { Segment } from '../http/address.ts'
import { permitOptions } from '../http/permitted-options.ts'
import { noContent, type Request } from '../request.ts'
import { setProperty } from '../write/property.ts'
import { checkMatch } from '../write/upsert.ts'
import { download, downloadText } from './download.ts'
import { dropFile, keepFile, type Place, refuseSize } from './keep.ts'
import { beginRanges, checkBinary, takeRange } from './ranges.ts'

const MOST_AT_ONCE = 128 * 1_048_576

/** Answers what is asked of a file or image column: upload, download, deletion. */
export function answerFileColumn(
  request: Request,
  place: Place,
  last: Segment | undefined,
): Answer {
  const { table, slot, column } = place
  const { method } = request
  if (last) {
    if (last.name !== '$value')
      throw notSupported(`the path segment '${last.name}' after a property`)
    if (!reads(request)) throw wrongMethod(method)
    permitOptions(request, ['size'])
    checkReach(request.database, request.caller, 'Read', table, slot)
    return download(request, place, optionOf(request, 'size') === 'full')
  }
  if (method === 'PATCH') return upload(request, place)
  permitOptions(request, reads(request) ? ['size'] : ['tag'])
  if (method === 'DELETE') {
    checkMatch(request, table, slot)
    dropFile(request, place)
    return noContent(request)
  }
  if (method === 'PUT') return setProperty(request, table, slot, column)
  if (!reads(request)) throw wrongMethod(method)
  checkReach(request.database, request.caller, 'Read', table, slot)
  const size = optionOf(request, 'size')
  if (size !== undefined) return downloadText(request, place, size === 'full')
  return answerProperty(request, table, slot, column)
}

// https://learn.microsoft.com/power-apps/developer/data-platform/file-column-data
function upload(request: Request, place: Place): Answer {
  permitOptions(request, ['tag', 'x-ms-file-name', 'sessiontoken'])
  const { headers, body } = request.exchange
  checkReach(request.database, request.caller, 'Write', place.table, place.slot)
  const token = optionOf(request, 'sessiontoken')
  if (token !== undefined) return takeRange(request, place, token)
  if (headers['x-ms-transfer-mode'] === 'chunked') {
    return beginRanges(request, place, nameOf(request))
  }
  if (headers['content-range'] !== undefined) {
    throw badQuery('Content-Range needs the address that the start of the upload has given.')
  }
  checkBinary(request)
  if (body.length >= MOST_AT_ONCE) {
    throw new Fault(413, '0x80044a02', 'Attachment file size is too big.')
  }
  if (place.column.type === 'File') refuseSize(place.column, body.length)
  checkMatch(request, place.table, place.slot)
  keepFile(request, place, { name: nameOf(request), bytes: body })
  return noContent(request)
}

/** The header, which takes ASCII only, wins over the option. */
function nameOf(request: Request): string {
  const header = request.exchange.headers['x-ms-file-name']
  const name = typeof header === 'string' ? header : optionOf(request, 'x-ms-file-name')
  if (name !== undefined && name !== '') return name
  throw new Fault(400, '0x80040203', "The name of the file is missing: 'x-ms-file-name'.")
}

function optionOf(request: Request, name: string): string | undefined {
  return request.options.sent.find((option) => option.name === name)?.value
}
