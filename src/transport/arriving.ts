import { transportError } from './fault.ts'
import type { IncomingAnswer } from './incoming-answer.ts'

/** Gathers a body, up to a limit; `length` is what the answer announced, if it did. */
export function gather(
  answer: IncomingAnswer,
  { length, host, maxBytes }: { length: number | undefined; host: string; maxBytes: number },
): Promise<Buffer> {
  const refuse = () => answer.abort(transportError('body_too_large', host, { maxBytes }))
  if (length !== undefined && length > maxBytes) refuse()
  return new Promise((resolve, reject) => {
    const body = length === undefined || length > maxBytes ? ofAnyLength() : ofLength(length)
    answer.take({
      chunk: (chunk) => {
        if (body.add(chunk) > maxBytes) refuse()
      },
      end: (error) => (error === undefined ? resolve(body.whole()) : reject(error)),
    })
  })
}

interface Gathered {
  /** Answers with how many bytes there are by now. */
  add(chunk: Uint8Array): number
  whole(): Buffer
}

// Into one place at once: a large body is then held once, not in pieces and again as a whole.
function ofLength(length: number): Gathered {
  const bytes = Buffer.allocUnsafeSlow(length)
  let filled = 0
  return {
    add: (chunk) => {
      bytes.set(chunk, filled)
      filled += chunk.byteLength
      return filled
    },
    whole: () => bytes.subarray(0, filled),
  }
}

function ofAnyLength(): Gathered {
  const chunks: Uint8Array[] = []
  let bytes = 0
  return {
    add: (chunk) => {
      chunks.push(chunk)
      bytes += chunk.byteLength
      return bytes
    },
    whole: () => Buffer.concat(chunks, bytes),
  }
}

/** Gives a body chunk by chunk, as fast as they are taken; what is not taken costs the connection. */
export async function* chunksOf(answer: IncomingAnswer): AsyncGenerator<Uint8Array> {
  const arrived: Uint8Array[] = []
  let over: { readonly error?: unknown } | undefined
  let wake = () => {}
  answer.take({
    chunk: (chunk) => {
      arrived.push(chunk)
      answer.pause()
      wake()
    },
    end: (error) => {
      over = { error }
      wake()
    },
  })
  try {
    while (true) {
      const chunk = arrived.shift()
      if (chunk !== undefined) yield chunk
      else if (over?.error !== undefined) throw over.error
      else if (over) return
      else {
        const next = new Promise<void>((resolve) => {
          wake = resolve
        })
        answer.resume()
        await next
      }
    }
  } finally {
    answer.drop()
  }
}
