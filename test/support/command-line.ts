import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import type { SandboxDescription } from './sandbox.ts'

const program = fileURLToPath(new URL('../../bin/fairlead.cjs', import.meta.url))
const LONGEST_MS = 30_000

export type Environment = Readonly<Record<string, string>>

/** How a program ended, and what it wrote. */
export interface Ended {
  readonly code: number | null
  readonly stdout: string
  readonly stderr: string
}

/** A program that runs. */
export interface Running {
  readonly process: ChildProcess
  /** Waits for the first match in what it writes to stdout or stderr. */
  seen(pattern: RegExp): Promise<RegExpExecArray>
  ended(): Promise<Ended>
}

/** The settings of a hub that may call a sandbox, without anything of this machine's own. */
export function settings(dataFolder: string, sandbox?: SandboxDescription): Environment {
  const origins = sandbox ? [sandbox.authority, ...sandbox.organizations.map(({ url }) => url)] : []
  return {
    PATH: process.env['PATH'] ?? '',
    HOME: dataFolder,
    FAIRLEAD_DATA_FOLDER: dataFolder,
    FAIRLEAD_ALLOWED_ORIGINS: origins.join(','),
    FAIRLEAD_PORT: '0',
  }
}

/** Runs `fairlead` as a person does, to its end. */
export async function fairlead(
  words: readonly string[],
  env: Environment,
  input = '',
): Promise<Ended> {
  const running = startProgram([program, ...words], env)
  running.process.stdin?.end(input)
  return await running.ended()
}

/** Starts `fairlead` as a person does. */
export function startFairlead(words: readonly string[], env: Environment): Running {
  return startProgram([program, ...words], env)
}

/** Starts a program of this project; it is killed when a wait for it takes longer than any may. */
export function startProgram(words: readonly string[], env: Environment): Running {
  const child = spawn(process.execPath, words, { env, stdio: 'pipe' })
  // A hub that a whole file of tests uses may live as long as they take.
  const inTime = async <T>(wait: Promise<T>): Promise<T> => {
    const timer = setTimeout(() => child.kill('SIGKILL'), LONGEST_MS)
    return await wait.finally(() => clearTimeout(timer))
  }
  const written = { stdout: '', stderr: '' }
  for (const name of ['stdout', 'stderr'] as const) {
    child[name].setEncoding('utf8')
    child[name].on('data', (text: string) => {
      written[name] += text
    })
  }
  child.stdin.on('error', () => undefined)
  const closed = once(child, 'close').then(([code]): Ended => {
    return { code: code === null ? null : Number(code), ...written }
  })
  const see = (pattern: RegExp) =>
    new Promise<RegExpExecArray>((resolve, reject) => {
      const look = () => {
        const found = pattern.exec(written.stdout) ?? pattern.exec(written.stderr)
        if (found) resolve(found)
      }
      for (const stream of [child.stdout, child.stderr]) createInterface(stream).on('line', look)
      closed.then(() => {
        look()
        reject(new Error(`${pattern} was never written:\n${written.stdout}${written.stderr}`))
      })
      look()
    })
  return {
    process: child,
    ended: () => inTime(closed),
    seen: (pattern) => inTime(see(pattern)),
  }
}
