import type { Answer } from '../../exchange.ts'
import { Fault } from '../fault.ts'
import { noContent, type Request } from '../request.ts'
import { keepFile, type Place, refuseSize } from './keep.ts'
import type { Upload } from './uploads.ts'

/** The size of a part that the service recommends. */
export const PART_SIZE = 4_194_304

const RANGE = /^bytes (\d+)-(\d+)\/(\d+)$/

/** Begins an upload by ranges: the parts go to the address that is answered. */
export function beginRanges(
  request: Request,
  { table, slot, column }: Place,
  name: string,
): Answer {
  const { database, exchange, base } = request
  if (exchange.body.length > 0) {
    throw refused('The request that starts an upload in chunks has no body.')
  }
  const row = { table: table.name, id: database.rows(table).idOf(slot) }
  const token = newToken(request)
  database.uploads.begin(token, { row, column: column.name, name, way: 'ranges', parts: [] })
  const address = `${base}/${table.set}(${row.id})/${column.name}`
  return {
    status: 200,
    headers: {
      'accept-ranges': 'bytes',
      location: `${address}?sessiontoken=${encodeURIComponent(token)}`,
      'x-ms-chunk-size': String(PART_SIZE),
      'access-control-expose-headers': 'x-ms-chunk-size',
    },
    body: '',
  }
}

/** Takes the next part; the last one makes the file. */
export function takeRange(request: Request, place: Place, token: string): Answer {
  const { uploads } = request.database
  const upload = uploads.get(token)
  if (upload?.way !== 'ranges' || !isOf(request, upload, place)) {
    throw refused('The session token is not that of an upload to this column.')
  }
  checkBinary(request)
  const { body } = request.exchange
  const { size, end } = readRange(request, upload)
  if (place.column.type === 'File') refuseSize(place.column, size)
  // The bytes of a request are a view of what came in; a part outlives the request.
  uploads.add(token, upload, { id: '', bytes: body }, size)
  if (end + 1 < size) return { status: 206, body: '' }
  const bytes = Buffer.concat([...upload.parts.map((part) => part.bytes), body])
  uploads.end(token)
  keepFile(request, place, { name: upload.name, bytes })
  return noContent(request)
}

/** A token that nobody guesses, and as opaque as the service's. */
export function newToken({ database }: Request): string {
  return Buffer.from(`${database.newId()}.${database.newId()}`).toString('base64')
}

/** Bytes come as they are, and say so. */
export function checkBinary({ exchange: { headers } }: Request): void {
  const type = headers['content-type'] ?? ''
  if (/^application\/octet-stream\s*(;|$)/i.test(type)) return
  throw new Fault(
    415,
    '',
    `The request entity's media type '${type.split(';')[0]}' is not supported for this resource.`,
  )
}

/** Whether an upload was begun for this column of this row. */
function isOf({ database }: Request, upload: Upload, { table, slot, column }: Place): boolean {
  return (
    upload.row.table === table.name &&
    upload.row.id === database.rows(table).idOf(slot) &&
    upload.column === column.name
  )
}

/** The ranges follow each other without a gap, and agree with the bytes that come. */
function readRange({ exchange }: Request, upload: Upload): { size: number; end: number } {
  const text = exchange.headers['content-range']
  const [, first, last, whole] = RANGE.exec(text ?? '') ?? []
  if (first === undefined) {
    throw refused(`Content-Range must be 'bytes <first>-<last>/<size>', not '${text ?? ''}'.`)
  }
  const [start, end, size] = [Number(first), Number(last), Number(whole)]
  const received = upload.parts.reduce((sum, { bytes }) => sum + bytes.length, 0)
  if (start !== received) {
    throw refused(`The range begins at ${start}, but ${received} bytes have been received.`)
  }
  if (end < start || end >= size) throw refused(`The range '${text}' does not fit its size.`)
  if (end - start + 1 !== exchange.body.length) {
    throw refused(`The range has ${end - start + 1} bytes, the body ${exchange.body.length}.`)
  }
  if (upload.size !== undefined && upload.size !== size) {
    throw refused(`The size of the file was ${upload.size} before, and is ${size} now.`)
  }
  return { size, end }
}

function refused(reason: string): Fault {
  return new Fault(400, '0x80040203', reason)
}
