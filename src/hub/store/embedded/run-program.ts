import { spawn } from 'node:child_process'
import type { ServerUser } from './server-user.ts'

export interface ProgramOutcome {
  /** Exit code; `undefined` when a signal or the time limit ended it, or it never started. */
  readonly code: number | undefined
  /** The end of what it printed. */
  readonly output: string
  /** Why it could not be started. */
  readonly error?: Error
}

const KEPT = 4_000

/** The environment of PostgreSQL's programs: nothing of ours reaches them. */
export function programEnvironment(): NodeJS.ProcessEnv | undefined {
  // Windows programs do not load without the system's own variables.
  return process.platform === 'win32' ? undefined : { LC_ALL: 'C', TZ: 'UTC' }
}

/** Runs a program to its end or its time limit; never throws because of what the program does. */
export function runProgram(
  program: string,
  args: readonly string[],
  options: {
    readonly user: ServerUser
    readonly timeoutMs: number
    readonly folder?: string
    readonly signal?: AbortSignal
  },
): Promise<ProgramOutcome> {
  return new Promise((resolve) => {
    const child = spawn(program, args, {
      ...options.user,
      env: programEnvironment(),
      stdio: ['ignore', 'pipe', 'pipe'],
      timeout: options.timeoutMs,
      killSignal: 'SIGKILL',
      windowsHide: true,
      ...(options.folder === undefined ? {} : { cwd: options.folder }),
      ...(options.signal === undefined ? {} : { signal: options.signal }),
    })
    let output = ''
    const keep = (chunk: Buffer) => {
      output = (output + chunk.toString('utf8')).slice(-KEPT)
    }
    child.stdout.on('data', keep)
    child.stderr.on('data', keep)
    child.on('error', (error) => resolve({ code: undefined, output, error }))
    child.on('close', (code) => resolve({ code: code ?? undefined, output }))
  })
}
