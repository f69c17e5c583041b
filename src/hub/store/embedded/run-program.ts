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

export interface ProgramOptions {
  readonly user: ServerUser
  readonly timeoutMs: number
  readonly folder?: string
  readonly signal?: AbortSignal
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
  options: ProgramOptions,
): Promise<ProgramOutcome> {
  const late = AbortSignal.timeout(options.timeoutMs)
  return new Promise((resolve) => {
    const child = spawn(program, args, {
      ...options.user,
      env: programEnvironment(),
      stdio: ['ignore', 'pipe', 'pipe'],
      // Not spawn's own timeout: its timer outlives a program that could not be started.
      signal: options.signal ? AbortSignal.any([options.signal, late]) : late,
      killSignal: 'SIGKILL',
      windowsHide: true,
      ...(options.folder === undefined ? {} : { cwd: options.folder }),
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
