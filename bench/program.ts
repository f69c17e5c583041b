import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { createInterface } from 'node:readline'

/** A program of the benchmark that runs beside it. */
export interface BesideProgram extends AsyncDisposable {
  /** The line that it printed when it was ready. */
  readonly line: string
}

/** Starts a program below this folder and waits for its line. */
export async function startBeside(
  file: string,
  environment: Readonly<Record<string, string>> = {},
): Promise<BesideProgram> {
  const child = spawn(process.execPath, [join(import.meta.dirname, file)], {
    env: { ...process.env, ...environment },
    // Its log is written, as in real life, and read by nobody.
    stdio: ['pipe', 'pipe', 'ignore'],
  })
  const ended = once(child, 'exit')
  const first = once(createInterface({ input: child.stdout }), 'line')
  const printed = await Promise.race([first, ended.then(() => undefined)])
  if (printed === undefined) throw new Error(`${file} ended before it was ready.`)
  return {
    line: String(printed[0]),
    [Symbol.asyncDispose]: async () => {
      child.stdin.end()
      await ended
    },
  }
}

/** Starts a program, does the work with its line, and ends it however the work went. */
export async function withBeside<Result>(
  file: string,
  environment: Readonly<Record<string, string>>,
  work: (line: string) => Promise<Result>,
): Promise<Result> {
  const beside = await startBeside(file, environment)
  try {
    return await work(beside.line)
  } finally {
    await beside[Symbol.asyncDispose]()
  }
}
