import { createInterface } from 'node:readline/promises'
import { Writable } from 'node:stream'
import type { WriteStream } from 'node:tty'
import type { Terminal } from './terminal.ts'
import type { View } from './view.ts'

const mostPiped = 1024 * 1024

/** The terminal of this process; `onClosed` is told when nobody reads the results any more. */
export function processTerminal(json: boolean, onClosed: () => void): Terminal {
  const { stdin, stdout, stderr } = process
  // A reader that has seen enough, such as head, is no fault.
  stdout.on('error', onClosed)
  stderr.on('error', () => undefined)
  return {
    json,
    results: viewOf(stdout),
    notes: viewOf(stderr),
    interactive: stderr.isTTY === true,
    out: (line) => void stdout.write(`${line}\n`),
    keepPace: () => drained(stdout),
    note: (line) => void stderr.write(`${line}\n`),
    askSecret,
    readPiped: async (signal) => {
      if (stdin.isTTY) return undefined
      let text = ''
      stdin.setEncoding('utf8')
      const stop = () => stdin.destroy()
      signal.addEventListener('abort', stop, { once: true })
      for await (const chunk of stdin) {
        text += String(chunk)
        if (text.length > mostPiped) break
      }
      signal.throwIfAborted()
      return text
    },
  }
}

// A reader that is gone is told of elsewhere: here is only waited for one that is slow.
function drained(stream: WriteStream): Promise<void> {
  if (!stream.writableNeedDrain) return Promise.resolve()
  return new Promise((resolve) => {
    const go = () => {
      for (const event of ['drain', 'close', 'error']) stream.off(event, go)
      resolve()
    }
    for (const event of ['drain', 'close', 'error']) stream.once(event, go)
  })
}

function viewOf(stream: WriteStream): View {
  if (stream.isTTY !== true) return { colour: false }
  return { colour: process.env['NO_COLOR'] === undefined, columns: stream.columns }
}

async function askSecret(question: string, signal: AbortSignal): Promise<string> {
  const { stdin: input, stderr: output } = process
  const hidden = new Writable({ write: (_chunk, _encoding, done) => done() })
  const lines = createInterface({ input, output: hidden, terminal: input.isTTY === true })
  // In raw mode Ctrl-C is a key like any other; it is to stop the program all the same.
  lines.once('SIGINT', () => process.kill(process.pid, 'SIGINT'))
  if (input.isTTY) output.write(question)
  try {
    // A pipe that ends without a line would be waited for until the process ends by itself.
    const ended = new Promise<string>((resolve) => lines.once('close', () => resolve('')))
    return (await Promise.race([lines.question('', { signal }), ended])).trim()
  } finally {
    lines.close()
    if (input.isTTY) output.write('\n')
  }
}
