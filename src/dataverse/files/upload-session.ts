import { resolveLink, resolvePath } from '../address/address.ts'
import { unexpectedAnswer } from '../answer/json-answer.ts'
import { callOptions } from '../call-options.ts'
import type { Session } from '../session.ts'
import type { ByteReader } from './byte-reader.ts'
import type { FileTarget } from './file-target.ts'
import {
  nameParts,
  PART_BYTES,
  type UploadedFile,
  type UploadOptions,
  wrongSize,
} from './upload-options.ts'

const LARGEST_PART_BYTES = 16 * 1024 * 1024

/**
 * Uploads a file of known size in parts that say where they belong, so that one may be sent again.
 *
 * @see https://learn.microsoft.com/power-apps/developer/data-platform/file-column-data
 */
export async function uploadSession(
  session: Session,
  target: FileTarget,
  reader: ByteReader,
  options: UploadOptions & { readonly size: number },
): Promise<UploadedFile> {
  const { size, onProgress } = options
  const { url, partBytes } = await begin(session, target, options)
  let bytes = 0
  while (bytes < size) {
    const part = await reader.take(Math.min(partBytes, size - bytes))
    const end = bytes + part.byteLength
    const last = end === size
    // The last part makes the file; it is not sent before the source is known to hold no more.
    if (part.byteLength === 0 || (last && !(await reader.atEnd()))) throw wrongSize(size)
    const response = await session.request({
      ...callOptions(options),
      method: 'PATCH',
      url,
      headers: {
        ...nameParts(options.fileName).headers,
        'content-type': 'application/octet-stream',
        'content-range': `bytes ${bytes}-${end - 1}/${size}`,
      },
      body: part,
      idempotent: true,
    })
    await response.discard()
    if (last === (response.status === 206)) {
      throw unexpectedAnswer(
        target.path,
        `${response.status} to a part that ends at ${end} of ${size}`,
      )
    }
    bytes = end
    onProgress?.({ bytes, total: size })
  }
  return { bytes }
}

async function begin(session: Session, { path }: FileTarget, options: UploadOptions) {
  const { headers } = nameParts(options.fileName)
  const search = `?x-ms-file-name=${encodeURIComponent(options.fileName)}`
  const url = resolvePath(session.api, `${path}${search}`)
  const response = await session.request({
    ...callOptions(options),
    method: 'PATCH',
    url,
    headers: { ...headers, 'x-ms-transfer-mode': 'chunked' },
    idempotent: true,
  })
  await response.discard()
  const location = response.headers.get('location')
  if (location === null) throw unexpectedAnswer(path, 'no address for the parts of the file')
  const told = Number(response.headers.get('x-ms-chunk-size') ?? PART_BYTES)
  const partBytes =
    Number.isInteger(told) && told > 0 ? Math.min(told, LARGEST_PART_BYTES) : PART_BYTES
  return { url: resolveLink(session.api, location, url), partBytes }
}
