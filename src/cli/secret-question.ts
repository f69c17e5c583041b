import { createInterface } from 'node:readline/promises'
import { Writable } from 'node:stream'
import type { ReadStream } from 'node:tty'

/** Asks for a secret without showing what is typed; from a pipe it takes the next line. */
export async function askSecret(
  question: string,
  signal: AbortSignal,
  { input, output }: { readonly input: ReadStream; readonly output: NodeJS.WritableStream },
): Promise<string> {
  const hidden = new Writable({ write: (_chunk, _encoding, done) => done() })
  const lines = createInterface({ input, output: hidden, terminal: input.isTTY === true })
  if (input.isTTY === true) output.write(question)
  try {
    return (await lines.question('', { signal })).trim()
  } finally {
    lines.close()
    if (input.isTTY === true) output.write('\n')
  }
}
