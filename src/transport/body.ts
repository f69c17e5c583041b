import { isAscii } from 'node:buffer'
import type { AnswerHeaders } from './answer-headers.ts'
import { chunksOf, gather } from './arriving.ts'
import { decompress, decompressing } from './decompress.ts'
import type { HttpResponse } from './exchange.ts'
import { asTransportError, transportError } from './fault.ts'
import type { IncomingAnswer } from './incoming-answer.ts'
import { TransportError } from './transport-error.ts'

const DEFAULT_MAX_BYTES = 16 * 1024 * 1024
const MOST_DISCARDED_BYTES = 64 * 1024

/** Gives the ways to read a body; each reports what goes wrong by name. */
export function readableBody(
  answer: IncomingAnswer,
  { headers, host, empty }: { headers: AnswerHeaders; host: string; empty: boolean },
): Pick<HttpResponse, 'text' | 'stream' | 'discard'> {
  const codings = empty ? [] : codingsOf(headers)
  const length = empty ? 0 : lengthOf(headers)
  let taken = false
  return {
    text: async ({ maxBytes = DEFAULT_MAX_BYTES } = {}) => {
      taken = true
      try {
        const bytes = await gather(answer, { length, host, maxBytes })
        return decode(await decompress(bytes, codings, maxBytes))
      } catch (error) {
        throw isTooLarge(error)
          ? transportError('body_too_large', host, { maxBytes })
          : bodyError(error, host)
      }
    },
    stream: () => {
      taken = true
      const chunks = named(decompressing(chunksOf(answer), codings), host)
      return streamOf(chunks, () => answer.drop())
    },
    discard: async () => {
      if (taken) return
      taken = true
      await discard(answer)
    },
  }
}

// A small rest is read so that the connection can be used again, a large one costs the connection.
function discard(answer: IncomingAnswer): Promise<void> {
  return new Promise((resolve) => {
    let bytes = 0
    const chunk = ({ byteLength }: Uint8Array) => {
      bytes += byteLength
      if (bytes > MOST_DISCARDED_BYTES) answer.drop()
    }
    answer.take({ chunk, end: () => resolve() })
  })
}

function codingsOf(headers: AnswerHeaders): readonly string[] {
  const text = headers.get('content-encoding')
  if (text === null) return []
  return text.toLowerCase().split(/\s*,\s*/)
}

function lengthOf(headers: AnswerHeaders): number | undefined {
  const text = headers.get('content-length') ?? ''
  return /^\d+$/.test(text) ? Number(text) : undefined
}

// Most bodies are ASCII alone, and reading them as Latin-1 takes a third of the time.
function decode(bytes: Buffer): string {
  if (isAscii(bytes)) return bytes.toString('latin1')
  return new TextDecoder().decode(bytes)
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

async function* named(chunks: AsyncIterable<Uint8Array>, host: string): AsyncGenerator<Uint8Array> {
  try {
    yield* chunks
  } catch (error) {
    throw bodyError(error, host)
  }
}

function isTooLarge(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ERR_BUFFER_TOO_LARGE'
}

// A body that was cut shows as a lost connection, as an HTTP parser's complaint, or as compressed data
// that ends early or makes no sense: all the same to the reader.
function bodyError(error: unknown, host: string): unknown {
  const found = asTransportError(error, host)
  const lost = found instanceof TransportError
  if (lost && !['connection_lost', 'response_malformed'].includes(found.code)) return found
  const zlib =
    error instanceof Error &&
    'code' in error &&
    /^(Z_|ERR_BROTLI|ERR__ERROR)/.test(String(error.code))
  return lost || zlib ? transportError('body_incomplete', host, {}, error) : found
}
