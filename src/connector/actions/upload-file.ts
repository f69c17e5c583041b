import { z } from 'zod'
import type { ByteSource } from '../../dataverse/index.ts'
import { invalidField, missingField } from '../connector-error.ts'
import type { AttachmentStore } from '../context.ts'
import { defineAction } from '../define-entry.ts'
import { A_TEXT, blankToNothing } from '../field.ts'
import { FILE_COLUMN, fileColumnField, fileColumns } from '../fields/file-column.ts'
import { objectTypeField, objectTypes, readTable } from '../fields/object-type.ts'
import { ID_VALUE, rowIdInput } from '../fields/row-id.ts'
import { withFields } from '../naming-field.ts'

const CONTENT = { key: 'content', label: 'Content' }

const text = (title: string, description: string) =>
  z
    .preprocess(blankToNothing, z.string({ error: A_TEXT }).optional())
    .meta({ title, description, type: 'string' })

const A_TYPE = 'a type such as application/pdf'
const TYPE = /^\s*[\w!#$&^.+-]{1,127}\/[\w!#$&^.+-]{1,127}\s*(;[\x20-\x7e]*)?$/

const input = z.object({
  idValue: rowIdInput(),
  fileName: z
    .string({ error: A_TEXT })
    .trim()
    .min(1, { error: A_TEXT })
    .max(255, { error: 'a name of at most 255 characters' })
    .meta({ title: 'File name', description: 'With its extension, such as contract.pdf.' }),
  url: text('Attachment', 'The url of an attachment; or give the content.'),
  content: text(CONTENT.label, 'The bytes of a small file in base64.'),
  mimeType: z
    .preprocess(
      blankToNothing,
      z.string({ error: A_TYPE }).regex(TYPE, { error: A_TYPE }).optional(),
    )
    .meta({ title: 'Content type', description: 'Such as application/pdf.', type: 'string' }),
})

type Input = z.infer<typeof input>

const FIELDS = {
  column: FILE_COLUMN,
  key: ID_VALUE,
  fileName: { key: 'fileName', label: 'File name' },
  size: { key: 'url', label: 'Attachment' },
}

/** Writes a file into a file or image column of a row. */
export const uploadFile = defineAction({
  name: 'uploadFile',
  title: 'Upload File',
  help: 'Puts an attachment, or content in base64, into a file or image column of a row.',
  order: 87,
  config: z.object({ objectType: objectTypeField(), column: fileColumnField() }),
  input,
  output: z.object({ id: z.string(), fileId: z.string().optional(), size: z.int() }),
  options: { objectTypes, fileColumns },
  run: async function* ({ config, input, dataverse, attachments, signal }) {
    const { logicalName } = await readTable(dataverse, config.objectType, signal)
    const { idValue: id, fileName } = input
    const { source, mimeType, ...sized } = await open(input, attachments, signal)
    const file = { table: logicalName, key: id, column: config.column.toLowerCase() }
    const type = input.mimeType ?? mimeType
    const options = {
      fileName,
      signal,
      ...sized,
      ...(type === undefined ? {} : { mimeType: type }),
    }
    const { bytes, fileId } = await lettingGo(source, () =>
      withFields(FIELDS, () => dataverse.files.upload(file, source, options)),
    )
    const body = { id, size: bytes, ...(fileId === undefined ? {} : { fileId }) }
    yield { kind: 'data', body, id }
  },
})

interface Opened {
  readonly source: ByteSource
  readonly size?: number
  readonly mimeType?: string
}

async function open(
  { url, content }: Input,
  attachments: AttachmentStore,
  signal: AbortSignal,
): Promise<Opened> {
  if (url !== undefined && content !== undefined) {
    throw invalidField(CONTENT, 'an attachment is given as well', 'Give one of them.')
  }
  if (content !== undefined) {
    const source = bytesOf(content)
    return { source, size: source.length }
  }
  if (url === undefined)
    throw missingField(FIELDS.size, 'Give the url of an attachment, or content.')
  const { body, size, contentType } = await attachments.get(url, { signal })
  return {
    source: body,
    ...(size === undefined ? {} : { size }),
    ...(contentType === undefined ? {} : { mimeType: contentType }),
  }
}

// What is refused before a byte was read would hold the connection that the attachment comes by.
async function lettingGo<Result>(source: ByteSource, work: () => Promise<Result>): Promise<Result> {
  try {
    return await work()
  } finally {
    if (source instanceof ReadableStream) await source.cancel().catch(() => undefined)
  }
}

const BASE64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/

function bytesOf(content: string): Buffer {
  const plain = content.replace(/^data:[^,]{0,200};base64,/, '').replace(/\s+/g, '')
  if (plain !== '' && BASE64.test(plain)) return Buffer.from(plain, 'base64')
  throw invalidField(
    CONTENT,
    'it is not base64',
    'Give the bytes of the file in base64, such as QQ==.',
  )
}
