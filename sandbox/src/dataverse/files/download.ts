import type { Answer } from '../../exchange.ts'
import { Fault } from '../fault.ts'
import { JSON_TYPE } from '../http/envelope.ts'
import type { Request } from '../request.ts'
import type { Content } from '../store/contents.ts'
import { keepsFullImage } from './images.ts'
import type { Place } from './keep.ts'
import { PART_SIZE } from './ranges.ts'

const RANGE = /^bytes=(\d+)-(\d*)$/

/** Answers with the bytes of a column, all or those of a range. */
export function download(request: Request, place: Place, full: boolean): Answer {
  const content = contentOf(request, place)
  if (!content || (full && isOnlySmall(place))) return { status: 204 }
  const { bytes, name, mimeType } = content
  const range = readRange(request.exchange.headers.range, bytes.length)
  const exposed = range
    ? ['x-ms-file-size', 'x-ms-file-name', 'x-ms-chunk-size', 'mimetype']
    : ['x-ms-file-size', 'x-ms-file-name', 'mimetype']
  return {
    status: range ? 206 : 200,
    headers: {
      'content-type': 'application/octet-stream',
      'content-disposition': `attachment; filename="${asHeader(name).replaceAll('"', '%22')}"`,
      'x-ms-file-size': String(bytes.length),
      'x-ms-file-name': asHeader(name),
      ...(range ? { 'x-ms-chunk-size': String(PART_SIZE) } : {}),
      mimetype: mimeType,
      'access-control-expose-headers': exposed.join('; '),
    },
    body: range ? bytes.subarray(range.start, range.end + 1) : bytes,
  }
}

/** The same as base64 in JSON: the older way without `/$value`, which dynamics-web-api still takes. */
export function downloadText(request: Request, place: Place, full: boolean): Answer {
  const { status, headers, body } = download(request, place, full)
  if (body === undefined) return { status }
  const { table, slot, column } = place
  const row = `${table.set}(${request.database.rows(table).idOf(slot)})`
  const context = `${request.base}/$metadata#${row}/${column.name}`
  const value = Buffer.from(body).toString('base64')
  return {
    status,
    headers: { ...headers, 'content-type': JSON_TYPE },
    body: JSON.stringify({ '@odata.context': context, value }),
  }
}

/** What a column of a row holds. */
export function contentOf(
  { database }: Request,
  { table, slot, column }: Place,
): Content | undefined {
  const id = database.rows(table).text(slot, column)
  return id === null ? undefined : database.contents.get(id)
}

/** Whether only the small image of a column is kept. */
export function isOnlySmall({ column }: Place): boolean {
  return column.type === 'Image' && !keepsFullImage(column)
}

function readRange(
  header: string | undefined,
  size: number,
): { start: number; end: number } | undefined {
  if (header === undefined) return undefined
  const [, first, last = ''] = RANGE.exec(header) ?? []
  const start = Number(first ?? Number.NaN)
  const end = last === '' ? size - 1 : Math.min(Number(last), size - 1)
  if (start <= end) return { start, end }
  throw new Fault(416, '0x80040203', `The range '${header}' is not within the ${size} bytes.`, {
    'content-range': `bytes */${size}`,
  })
}

/** Headers hold no other characters than those of ASCII. */
function asHeader(name: string): string {
  return name.replace(/[^\x20-\x7e]/g, (character) => encodeURIComponent(character))
}
