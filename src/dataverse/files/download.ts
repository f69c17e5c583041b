import { type HttpResponse, TransportError } from '../../transport/index.ts'
import { resolvePath } from '../address/address.ts'
import { unexpectedAnswer } from '../answer/json-answer.ts'
import type { CallOptions } from '../call-options.ts'
import { callOptions } from '../call-options.ts'
import { DataverseError } from '../errors/dataverse-error.ts'
import type { Session } from '../session.ts'
import type { FileTarget } from './file-target.ts'
import { PART_BYTES, type Progress } from './upload-options.ts'

/** How to download. */
export interface DownloadOptions extends CallOptions {
  /** Of an image: whole, or as the small picture that is always there. @defaultValue `'full'` */
  readonly image?: 'full' | 'thumbnail'
  /** Called with each piece that arrives; it must not throw. */
  readonly onProgress?: (progress: Progress) => void
}

/** A file that is being read. */
export interface DownloadedFile {
  /** The number of bytes, where the service tells it. */
  readonly size?: number
  readonly fileName?: string
  readonly contentType?: string
  /** The bytes as they arrive; to be read once. Stopping early ends the request. */
  readonly bytes: AsyncGenerator<Uint8Array, void, undefined>
}

const FRUITLESS_ATTEMPTS = 3

/**
 * Begins to download a file, part by part; where a part breaks off, the next request goes on from there.
 *
 * @returns nothing where the column holds no file
 */
export async function downloadFile(
  session: Session,
  target: FileTarget,
  options: DownloadOptions,
): Promise<DownloadedFile | undefined> {
  const { image = 'full' } = options
  const search = target.kind === 'image' && image === 'full' ? '?size=full' : ''
  const url = resolvePath(session.api, `${target.path}/$value${search}`)
  const first = await requestFrom(session, url, 0, options)
  if (first.status === 204) {
    await first.discard()
    return undefined
  }
  const size = sizeOf(first)
  const fileName = first.headers.get('x-ms-file-name')
  const contentType = first.headers.get('mimetype') ?? first.headers.get('content-type')
  return {
    ...(size === undefined ? {} : { size }),
    ...(fileName === null ? {} : { fileName: decoded(fileName) }),
    ...(contentType === null ? {} : { contentType }),
    bytes: readParts({ session, url, first, size, options }),
  }
}

interface Download {
  readonly session: Session
  readonly url: URL
  readonly first: HttpResponse
  readonly size: number | undefined
  readonly options: DownloadOptions
}

async function* readParts(download: Download): AsyncGenerator<Uint8Array, void, undefined> {
  const { url, first, size, options } = download
  let position = 0
  let fruitless = 0
  let response: HttpResponse | undefined = first
  while (response !== undefined) {
    const before = position
    try {
      for await (const piece of response.stream()) {
        position += piece.byteLength
        options.onProgress?.({ bytes: position, ...(size === undefined ? {} : { total: size }) })
        yield piece
      }
    } catch (error) {
      if (!isCut(error)) throw error
      fruitless = position > before ? 0 : fruitless + 1
      const whole = size === undefined || response.status !== 206
      if (whole || fruitless >= FRUITLESS_ATTEMPTS) throw error
    }
    if (size === undefined || position >= size) break
    if (position === before && response.status === 206) fruitless += 1
    if (fruitless >= FRUITLESS_ATTEMPTS) throw unexpectedAnswer(url, 'parts without bytes')
    response = await nextPart(download, position)
  }
  if (size !== undefined && position !== size) {
    throw unexpectedAnswer(url, `${position} bytes of a file of ${size}`)
  }
}

async function nextPart({ session, url, first, size, options }: Download, position: number) {
  const response = await requestFrom(session, url, position, options)
  // The service need not say which range it sends, as in the documents' own example.
  const same =
    response.status === 206 &&
    (sizeOf(response) ?? size) === size &&
    (startOf(response) ?? position) === position
  const etag = first.headers.get('etag')
  if (same && response.headers.get('etag') === etag) return response
  await response.discard()
  throw new DataverseError('conflict', {
    what: 'The file was changed while it was read.',
    why: 'A later part does not belong to the file of which the first parts came.',
    remedy: 'Download the file again.',
    retry: { when: 'once' },
    facts: { position },
  })
}

function requestFrom(session: Session, url: URL, position: number, options: CallOptions) {
  return session.request({
    ...callOptions(options),
    method: 'GET',
    url,
    headers: {
      accept: 'application/octet-stream, application/json',
      // A range of a compressed file would be no range of the file.
      'accept-encoding': 'identity',
      range: `bytes=${position}-${position + PART_BYTES - 1}`,
    },
  })
}

function sizeOf({ headers, status }: HttpResponse): number | undefined {
  const ranged = /\/(\d{1,15})$/.exec(headers.get('content-range') ?? '')?.[1]
  const told =
    ranged ??
    headers.get('x-ms-file-size') ??
    (status === 200 ? headers.get('content-length') : null)
  return told !== null && /^\d{1,15}$/.test(told) ? Number(told) : undefined
}

function startOf({ headers }: HttpResponse): number | undefined {
  const start = /^bytes (\d{1,15})-/.exec(headers.get('content-range') ?? '')?.[1]
  return start === undefined ? undefined : Number(start)
}

function isCut(error: unknown): boolean {
  if (!(error instanceof TransportError)) return false
  return ['body_incomplete', 'connection_lost', 'timeout'].includes(error.code)
}

function decoded(fileName: string): string {
  try {
    return decodeURIComponent(fileName)
  } catch {
    return fileName
  }
}
