import { pipeline, type Readable } from 'node:stream'
import { createBrotliDecompress, createGunzip, createInflate } from 'node:zlib'
import type { Dispatcher } from 'undici'
import type { HttpResponse } from './exchange.ts'
import { asTransportError, transportError } from './fault.ts'
import type { TimeLimit } from './time-limit.ts'
import { TransportError } from './transport-error.ts'

const DEFAULT_MAX_BYTES = 16 * 1024 * 1024

/** Gives the ways to read a body; each ends the time limit, and reports what goes wrong by name. */
export function readableBody(
  answer: Dispatcher.ResponseData,
  headers: Headers,
  {
    host,
    limit,
    empty,
  }: { readonly host: string; readonly limit: TimeLimit; readonly empty: boolean },
): Pick<HttpResponse, 'text' | 'stream' | 'discard'> {
  let taken = false
  const take = () => {
    if (taken) throw new Error('An answer can be read only once')
    taken = true
  }
  const chunks = () =>
    readChunks(empty ? answer.body : decompress(answer.body, headers), { answer, host, limit })
  return {
    text: async ({ maxBytes = DEFAULT_MAX_BYTES } = {}) => {
      take()
      return await collect(chunks(), maxBytes, host)
    },
    stream: () => {
      take()
      return streamOf(chunks(), () => {
        limit.end()
        answer.body.on('error', () => undefined).destroy()
      })
    },
    discard: async () => {
      if (taken) return
      take()
      // A small rest is read so that the connection can be used again, a large one costs the connection.
      await answer.body.dump({ limit: 64 * 1024 }).catch(() => undefined)
      limit.end()
    },
  }
}

// A generator that was never begun has nothing to clean up by itself, so that calling off frees the
// connection here, also while a chunk is being waited for.
function streamOf(chunks: AsyncGenerator<Uint8Array>, release: () => void) {
  const pull = async (controller: ReadableStreamDefaultController<Uint8Array>) => {
    const { done, value } = await chunks.next()
    if (done) controller.close()
    else controller.enqueue(value)
  }
  return new ReadableStream<Uint8Array>({ pull, cancel: release }, { highWaterMark: 0 })
}

function decompress(body: Readable, headers: Headers): Readable {
  if (headers.get('content-length') === '0') return body
  const codings = (headers.get('content-encoding') ?? '').toLowerCase().split(/\s*,\s*/)
  return codings.reduceRight<Readable>((source, coding) => {
    const step = decoder(coding)
    return step ? pipeline(source, step, () => undefined) : source
  }, body)
}

function decoder(coding: string) {
  if (coding === 'gzip' || coding === 'x-gzip') return createGunzip()
  if (coding === 'br') return createBrotliDecompress()
  if (coding === 'deflate') return createInflate()
  return undefined
}

async function* readChunks(
  source: Readable,
  exchange: {
    readonly answer: Dispatcher.ResponseData
    readonly host: string
    readonly limit: TimeLimit
  },
): AsyncGenerator<Uint8Array> {
  const { answer, host, limit } = exchange
  try {
    for await (const chunk of source) if (chunk instanceof Uint8Array) yield chunk
  } catch (error) {
    if (hasNothingToDecompress(source, error)) return
    throw bodyError(limit.signal.aborted ? limit.signal.reason : error, host)
  } finally {
    limit.end()
    answer.body.destroy()
  }
}

// An answer without a body may still name an encoding, as 304 does.
function hasNothingToDecompress(source: Readable, error: unknown): boolean {
  const ended = error instanceof Error && 'code' in error && error.code === 'Z_BUF_ERROR'
  return ended && 'bytesWritten' in source && source.bytesWritten === 0
}

// A body that was cut shows as a lost connection, as an HTTP parser's complaint, or as compressed data
// that ends early or makes no sense: all the same to the reader.
function bodyError(error: unknown, host: string): unknown {
  const named = asTransportError(error, host)
  const lost = named instanceof TransportError
  if (lost && !['connection_lost', 'response_malformed'].includes(named.code)) return named
  const zlib =
    error instanceof Error &&
    'code' in error &&
    /^(Z_|ERR_BROTLI|ERR__ERROR)/.test(String(error.code))
  return lost || zlib ? transportError('body_incomplete', host, {}, error) : named
}

async function collect(chunks: AsyncGenerator<Uint8Array>, maxBytes: number, host: string) {
  const parts: Uint8Array[] = []
  let bytes = 0
  for await (const chunk of chunks) {
    bytes += chunk.byteLength
    if (bytes > maxBytes) throw transportError('body_too_large', host, { maxBytes })
    parts.push(chunk)
  }
  return new TextDecoder().decode(Buffer.concat(parts))
}
