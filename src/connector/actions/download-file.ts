import { z } from 'zod'
import type { DownloadedFile } from '../../dataverse/index.ts'
import type { JsonObject } from '../../kernel/index.ts'
import { ConnectorError } from '../connector-error.ts'
import { defineAction } from '../define-entry.ts'
import { attachmentOutput, documentTooLarge, outputField } from '../fields/document-output.ts'
import { FILE_COLUMN, fileColumnField, fileColumns } from '../fields/file-column.ts'
import { toJsonSchema } from '../fields/json-schema.ts'
import { objectTypeField, objectTypes, readTable } from '../fields/object-type.ts'
import { ID_VALUE, rowIdInput } from '../fields/row-id.ts'
import { withFields } from '../naming-field.ts'

const BINARY = 'application/octet-stream'
// What stands around the content in the message.
const FRAME_BYTES = 1_024

/** Reads a file out of a file or image column of a row. */
export const downloadFile = defineAction({
  name: 'downloadFile',
  title: 'Download File',
  help: 'Reads a file or image of a row as an attachment, or as base64 in the message.',
  order: 88,
  config: z.object({
    objectType: objectTypeField(),
    column: fileColumnField(),
    output: outputField(30),
  }),
  input: z.object({ idValue: rowIdInput() }),
  options: { objectTypes, fileColumns },
  outputSchema: async ({ config: { output } }) =>
    output === 'attachment'
      ? toJsonSchema(attachmentOutput.extend({ id: z.string(), fileName: z.string().optional() }))
      : IN_BODY,
  run: async function* ({ config, input, dataverse, attachments, limits, signal }) {
    const { logicalName } = await readTable(dataverse, config.objectType, signal)
    const { idValue: id } = input
    const column = config.column.toLowerCase()
    const file = await withFields({ column: FILE_COLUMN, key: ID_VALUE }, () =>
      dataverse.files.download({ table: logicalName, key: id, column }, { signal }),
    )
    if (file === undefined) throw noFile(logicalName, column)
    const { fileName, contentType = BINARY, bytes } = file
    const named = { id, ...(fileName === undefined ? {} : { fileName }) }
    if (config.output === 'body') {
      const content = await readWithin(file, limits.maxMessageBytes)
      yield { kind: 'data', body: { ...named, 'content-type': contentType, content }, id }
      return
    }
    const name = fileName === undefined ? {} : { name: fileName }
    const { size, url } = await attachments.put(ReadableStream.from(bytes), {
      ...{ contentType, signal },
      ...name,
    })
    const type = /\.\w{1,10}$/.exec(fileName ?? '')?.[0] ?? ''
    yield { kind: 'data', body: { ...named, 'content-type': contentType, type, size, url }, id }
  },
})

const IN_BODY: JsonObject = {
  type: 'object',
  properties: {
    id: { type: 'string', format: 'uuid' },
    fileName: { type: 'string' },
    'content-type': { type: 'string' },
    content: { type: 'string', contentEncoding: 'base64' },
  },
}

async function readWithin({ bytes }: DownloadedFile, maxBytes: number): Promise<string> {
  const most = Math.floor((maxBytes - FRAME_BYTES) / 4) * 3
  const pieces: Uint8Array[] = []
  let length = 0
  for await (const piece of bytes) {
    length += piece.byteLength
    if (length > most) throw documentTooLarge(maxBytes)
    pieces.push(piece)
  }
  return Buffer.concat(pieces).toString('base64')
}

function noFile(table: string, column: string): ConnectorError {
  return new ConnectorError('no_file', {
    what: `The row of ${table} has no file in ${column}.`,
    why: 'Nothing was uploaded to it, or it was deleted.',
    remedy: 'Choose a row whose column holds a file.',
    facts: { field: ID_VALUE.key, table, column },
  })
}
