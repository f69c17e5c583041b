import { pipeline, Readable, type Transform } from 'node:stream'
import { promisify } from 'node:util'
import {
  brotliDecompress,
  createBrotliDecompress,
  createGunzip,
  createInflate,
  gunzip,
  inflate,
} from 'node:zlib'

const SMALLEST_CHUNK = 16 * 1024
const LARGEST_CHUNK = 1024 * 1024

const CODINGS: Readonly<Record<string, Coding>> = {
  br: { whole: promisify(brotliDecompress), stream: createBrotliDecompress },
  deflate: { whole: promisify(inflate), stream: createInflate },
  gzip: { whole: promisify(gunzip), stream: createGunzip },
  'x-gzip': { whole: promisify(gunzip), stream: createGunzip },
}

interface Coding {
  whole(bytes: Uint8Array, limits: { chunkSize: number; maxOutputLength: number }): Promise<Buffer>
  stream(): Transform
}

/** Decompresses a whole body at once. @throws RangeError `ERR_BUFFER_TOO_LARGE` beyond `maxBytes` */
export async function decompress(
  bytes: Buffer,
  codings: readonly string[],
  maxBytes: number,
): Promise<Buffer> {
  let plain = bytes
  for (const { whole } of stepsOf(codings)) {
    // An answer without a body may still name an encoding, as 304 does.
    if (plain.byteLength === 0) return plain
    // Rows shrink to a tenth; one large piece is made faster than many small ones.
    const chunkSize = Math.min(LARGEST_CHUNK, Math.max(SMALLEST_CHUNK, plain.byteLength * 8))
    plain = await whole(plain, { chunkSize, maxOutputLength: maxBytes })
  }
  return plain
}

/** Decompresses a body as it arrives. */
export async function* decompressing(
  chunks: AsyncGenerator<Uint8Array>,
  codings: readonly string[],
): AsyncGenerator<Uint8Array> {
  const steps = stepsOf(codings)
  if (steps.length === 0) return yield* chunks
  const first = await chunks.next()
  if (first.done) return
  yield* steps.reduce<Readable>(
    (source, { stream }) => pipeline(source, stream(), () => undefined),
    Readable.from(following(first.value, chunks)),
  )
}

async function* following(first: Uint8Array, rest: AsyncGenerator<Uint8Array>) {
  yield first
  yield* rest
}

// The last one was applied last (RFC 9110 §8.4); what is not known is left as it is.
function stepsOf(codings: readonly string[]): readonly Coding[] {
  return codings.toReversed().flatMap((coding) => CODINGS[coding] ?? [])
}
