import { resolvePath } from '../address/address.ts'
import { callOptions } from '../call-options.ts'
import { invalidArgument } from '../errors/dataverse-error.ts'
import type { Session } from '../session.ts'
import { ByteReader, type ByteSource } from './byte-reader.ts'
import { checkSize, type FileTarget } from './file-target.ts'
import { uploadBlocks } from './upload-blocks.ts'
import {
  nameParts,
  PART_BYTES,
  type UploadedFile,
  type UploadOptions,
  wrongSize,
} from './upload-options.ts'
import { uploadSession } from './upload-session.ts'

/**
 * Uploads a file, of which no more than a part is held at a time: one that fits a part in one request,
 * a longer one part by part, each of which is sent again where it is lost.
 */
export async function uploadFile(
  session: Session,
  target: FileTarget,
  source: ByteSource,
  options: UploadOptions,
): Promise<UploadedFile> {
  const fileName = checkName(options.fileName)
  const size = options.size ?? (source instanceof Uint8Array ? source.byteLength : undefined)
  if (size !== undefined) checkSize(target, size)
  const reader = new ByteReader(source, (piece) => session.wait(piece, 'the file’s bytes', options))
  try {
    if (size !== undefined && size > PART_BYTES) {
      return await uploadSession(session, target, reader, { ...options, fileName, size })
    }
    const first = await reader.take(PART_BYTES)
    checkSize(target, first.byteLength)
    if (await reader.atEnd()) {
      if (size !== undefined && size !== first.byteLength) throw wrongSize(size)
      return await uploadWhole(session, target, first, { ...options, fileName })
    }
    if (size !== undefined) throw wrongSize(size)
    return await uploadBlocks(session, target, reader, { ...options, fileName, first })
  } finally {
    await reader.close()
  }
}

async function uploadWhole(
  session: Session,
  { path }: FileTarget,
  body: Uint8Array,
  { fileName, onProgress, ...options }: UploadOptions,
): Promise<UploadedFile> {
  const { headers, search } = nameParts(fileName)
  const response = await session.request({
    ...callOptions(options),
    method: 'PATCH',
    url: resolvePath(session.api, `${path}${search}`),
    headers: { ...headers, 'content-type': 'application/octet-stream' },
    body,
    idempotent: true,
  })
  await response.discard()
  onProgress?.({ bytes: body.byteLength, total: body.byteLength })
  return { bytes: body.byteLength }
}

function checkName(fileName: string): string {
  const name = fileName.trim()
  const unfit = [...name].some((one) => one < ' ' || '\\/:*?"<>|\u007f'.includes(one))
  const folder = name === '.' || name === '..'
  if (name !== '' && name.length <= 255 && !unfit && !folder && name.isWellFormed()) return name
  throw invalidArgument(
    'fileName',
    'it cannot be the name of a file',
    'Give a name of at most 255 characters, without a folder and without \\ / : * ? " < > |.',
  )
}
