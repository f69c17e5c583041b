import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { finished } from 'node:stream/promises'

const program = join(import.meta.dirname, '../../src/cli/main.ts')
const endWithParent = join(import.meta.dirname, 'end-with-parent.ts')
const START_MS = 30_000
const RUN_MS = 30_000

/** A hub in a process of its own, started as its operator starts it. */
export interface HubProcess {
  readonly url: string
  readonly stdout: () => string
  readonly stderr: () => string
  /** Waits until the hub has said something on stderr; answers with the first group. */
  said(pattern: RegExp): Promise<string>
  close(): Promise<void>
}

/** How a program of the command line ended. */
export interface Ended {
  readonly code: number | null
  readonly stdout: string
  readonly stderr: string
}

type Environment = Readonly<Record<string, string>>

/** Starts `fairlead serve`, with modules loaded before it, and waits until it listens. */
export async function startHubProcess(
  environment: Environment,
  modules: readonly string[] = [],
): Promise<HubProcess> {
  const loaded = [endWithParent, ...modules].map((path) => `--import=${path}`)
  const child = run(['serve', '--json'], environment, loaded)
  const read = listen(child)
  const stop = async () => {
    if (child.exitCode !== null || child.signalCode !== null) return
    child.kill('SIGTERM')
    await once(child, 'close')
  }
  try {
    if (!child.stdout) throw new Error('The hub has no output')
    const signal = AbortSignal.timeout(START_MS)
    const line = await Promise.race([
      once(createInterface(child.stdout), 'line', { signal }).then(([text]) => String(text)),
      once(child, 'exit', { signal }).then(() => undefined),
    ])
    if (line === undefined) throw new Error(`The hub ended at once: ${read.stderr()}`)
    const { url } = JSON.parse(line)
    return { url, ...read, said: (pattern) => said(child, read.stderr, pattern), close: stop }
  } catch (error) {
    child.kill('SIGKILL')
    throw error
  }
}

async function said(
  { stderr }: ChildProcess,
  read: () => string,
  pattern: RegExp,
): Promise<string> {
  const signal = AbortSignal.timeout(START_MS)
  for (;;) {
    const [, found] = pattern.exec(read()) ?? []
    if (found !== undefined || !stderr) return found ?? ''
    await once(stderr, 'data', { signal })
  }
}

/** Runs one verb of the command line to its end. */
export async function runVerb(
  words: readonly string[],
  environment: Environment,
  input = '',
): Promise<Ended> {
  const child = run(words, environment)
  const read = listen(child)
  child.stdin?.end(input)
  const late = setTimeout(() => child.kill('SIGKILL'), RUN_MS)
  const [code] = await once(child, 'close')
  clearTimeout(late)
  return { code, stdout: read.stdout(), stderr: read.stderr() }
}

function run(
  words: readonly string[],
  environment: Environment,
  flags: readonly string[] = [],
): ChildProcess {
  const { PATH = '', HOME = '', NODE_COMPILE_CACHE } = process.env
  const cache = NODE_COMPILE_CACHE === undefined ? {} : { NODE_COMPILE_CACHE }
  const node = ['--disable-warning=ExperimentalWarning', ...flags]
  return spawn(process.execPath, [...node, program, ...words], {
    env: { PATH, HOME, ...cache, ...environment },
    stdio: ['pipe', 'pipe', 'pipe'],
  })
}

function listen(child: ChildProcess): Pick<HubProcess, 'stdout' | 'stderr'> {
  const written = { stdout: '', stderr: '' }
  for (const name of ['stdout', 'stderr'] as const) {
    const stream = child[name]
    stream?.setEncoding('utf8').on('data', (text: string) => {
      written[name] += text
    })
    if (stream) finished(stream).catch(() => undefined)
  }
  return { stdout: () => written.stdout, stderr: () => written.stderr }
}
