import { Fault } from '../fault.ts'
import type { Request } from '../request.ts'
import type { Column, Table } from '../schema/model.ts'
import { initial } from '../seed/insert.ts'
import type { Value } from '../store/rows.ts'
import { applyValues } from '../write/upsert.ts'
import { keepImage } from './images.ts'
import { mediaTypeOf } from './media-types.ts'

/** A file or image column of one row. */
export interface Place {
  readonly table: Table
  readonly slot: number
  readonly column: Column
}

const KILOBYTES = 32_768

/** Makes bytes the content of a column, in the place of what it held. */
export function keepFile(
  request: Request,
  place: Place,
  file: { readonly name: string; readonly mimeType?: string; readonly bytes: Buffer },
): string {
  const { table, slot, column } = place
  const { database } = request
  const row = { table: table.name, id: database.rows(table).idOf(slot) }
  if (column.type === 'Image') {
    const image = keepImage(request, { table, column, id: row.id }, file.bytes, file.name)
    applyValues(request, table, slot, new Map([[column, image]]))
    return image
  }
  refuseSize(column, file.bytes.length)
  const { name, bytes } = file
  const mimeType = file.mimeType ?? mediaTypeOf(name)
  const id = database.newId()
  database.contents.add(id, { name, mimeType, bytes, place: { row, column: column.name } })
  setColumn(request, place, id, name)
  describe(request, place, id, { name, mimeType, size: bytes.length })
  return id
}

/** Takes the content of a column away. */
export function dropFile(request: Request, place: Place): void {
  const { table, slot, column } = place
  if (column.type === 'Image') applyValues(request, table, slot, new Map([[column, null]]))
  else setColumn(request, place, null, null)
}

/** @throws Fault when a file is larger than its column takes */
export function refuseSize(column: Column, bytes: number): void {
  if (bytes <= (column.maxLength ?? KILOBYTES) * 1024) return
  throw new Fault(400, '0x80044a02', 'Attachment file size is too big.')
}

function setColumn(
  request: Request,
  { table, slot, column }: Place,
  id: string | null,
  name: string | null,
): void {
  const values = new Map<Column, Value>([[column, id]])
  const beside = table.byName.get(`${column.name}_name`)
  if (beside) values.set(beside, name)
  applyValues(request, table, slot, values)
}

/** The row of `fileattachment` that tells about a file, where the schema has that table. */
function describe(
  request: Request,
  { table, slot, column }: Place,
  id: string,
  file: { readonly name: string; readonly mimeType: string; readonly size: number },
): void {
  const { database, caller, now } = request
  const attachment = database.schema.tables.get('fileattachment')
  if (!attachment) return
  const time = Math.floor(now / 1000) * 1000
  const row = { table: table.name, id: database.rows(table).idOf(slot) }
  const facts: Readonly<Record<string, Value>> = {
    filename: file.name,
    mimetype: file.mimeType,
    filesizeinbytes: file.size,
    regardingfieldname: column.name,
    createdon: time,
    modifiedon: time,
    createdby: caller.user,
    modifiedby: caller.user,
    versionnumber: database.nextVersion(),
  }
  const values = initial(attachment)
  for (const [name, value] of Object.entries(facts)) {
    const known = attachment.byName.get(name)
    if (known) values.set(known, value)
  }
  const owner = attachment.byName.get('objectid')
  if (owner?.targets.includes(table.name)) values.set(owner, row)
  database.rows(attachment).insert(id, values)
}
