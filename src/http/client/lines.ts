import { cutShort } from './hub-error.ts'

const MAX_LINE = 64 * 1024 * 1024

/** Reads newline-delimited JSON as it arrives; blank lines, which keep a connection open, are skipped. */
export async function* readLines(body: ReadableStream<Uint8Array>): AsyncGenerator<unknown> {
  const decoder = new TextDecoder('utf-8', { fatal: true })
  const reader = body.getReader()
  let rest = ''
  try {
    for (;;) {
      const { done, value } = await reader.read()
      rest += done ? decoder.decode() : decoder.decode(value, { stream: true })
      const lines = rest.split('\n')
      rest = lines.pop() ?? ''
      for (const line of lines) if (line.trim() !== '') yield JSON.parse(line)
      if (rest.length > MAX_LINE) throw cutShort()
      if (done) break
    }
    if (rest.trim() !== '') yield JSON.parse(rest)
  } finally {
    await reader.cancel().catch(() => undefined)
  }
}
