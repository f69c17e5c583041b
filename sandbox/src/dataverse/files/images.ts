import { badPayload, Fault } from '../fault.ts'
import type { Request } from '../request.ts'
import type { Column, Table } from '../schema/model.ts'
import type { Value } from '../store/rows.ts'
import { fromBase64 } from './base64.ts'
import { imageKind } from './media-types.ts'

const NO_ID = '00000000-0000-0000-0000-000000000000'
const KILOBYTES = 10_240

/** The image of a table's rows; only that one can be given when a row is created. */
export function isPrimaryImage(column: Column): boolean {
  return column.name === 'entityimage'
}

/** Whether a column keeps the image as it came, beside the small one that rows show. */
export function keepsFullImage(column: Column): boolean {
  return !isPrimaryImage(column)
}

/**
 * Reads the base64 text of an image in a payload, and keeps it.
 * @throws Fault with the documents' codes: no image, too large, not to be given on create
 */
export function readImage(
  request: Request,
  table: Table,
  column: Column,
  value: unknown,
  purpose: 'create' | 'update',
): Value {
  if (value === null) return null
  if (purpose === 'create' && !isPrimaryImage(column)) {
    throw new Fault(
      400,
      '0x80090487',
      `Non-primary image attribute ${column.name} of entity ${table.name} is not allowed to upload during Create operation.`,
    )
  }
  const bytes = fromBase64(value)
  if (!bytes) {
    throw badPayload(
      table.set,
      `Microsoft.OData.ODataException: The value of the property '${column.name}' is no base64 text, as the type 'Edm.Binary' needs.`,
    )
  }
  return keepImage(request, { table, column, id: NO_ID }, bytes)
}

/** Keeps an image and gives the id that its column holds. @throws Fault when it is none, or too large */
export function keepImage(
  { database }: Request,
  { table, column, id }: { readonly table: Table; readonly column: Column; readonly id: string },
  bytes: Buffer,
  name?: string,
): string {
  const most = (column.maxLength ?? KILOBYTES) / 1024
  const size = bytes.length / 1_048_576
  if (size > most) {
    throw unfit(
      `File size is too big. MaxSize: ${most} MB, Uploaded filesize: ${Math.ceil(size)} MB.`,
    )
  }
  const kind = imageKind(bytes)
  if (!kind) {
    throw unfit(
      `Update image properties failed for objectid: ${id}, logicalName: ${table.name}, attribute: ${column.name}`,
    )
  }
  const image = database.newId()
  const content = { name: name ?? `${image}.${kind.extension}`, mimeType: kind.mediaType, bytes }
  database.contents.add(image, content)
  return image
}

/** The columns beside an image that say which one it is and where it can be read. */
export function imageCompanions(
  request: Request,
  table: Table,
  column: Column,
  id: Value,
): readonly (readonly [name: string, value: Value])[] {
  // .NET ticks, as the service's addresses show them: 100 ns since the year 1.
  const stamp = Math.floor(request.now / 1000) * 10_000_000 + 621_355_968_000_000_000
  const url = `/Image/download.aspx?Entity=${table.name}&Attribute=${column.name}&Id=${String(id)}&Timestamp=${stamp}`
  return [
    [`${column.name}id`, id],
    [`${column.name}_timestamp`, id === null ? null : stamp],
    [`${column.name}_url`, id === null ? null : url],
  ]
}

// https://learn.microsoft.com/power-apps/developer/data-platform/image-column-data
function unfit(reason: string): Fault {
  return new Fault(400, '0x80072553', `Error occured when processing image. Reason: ${reason}`)
}
