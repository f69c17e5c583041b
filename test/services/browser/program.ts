import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join, resolve } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { testDatabase } from '../../support/database.ts'
import type { Sandbox } from '../../support/sandbox.ts'
import { temporaryFolder } from '../../support/temporary-folder.ts'

const BIN = resolve(import.meta.dirname, '../../../bin/fairlead.cjs')
const PATIENCE_MS = 60_000

/** A machine on which `fairlead` is used: a data folder and a database, both gone at the end. */
export interface Machine extends AsyncDisposable {
  /** Where a file of this machine is. */
  path(name: string): string
  /** Starts the command line. */
  start(...words: readonly string[]): Program
  /** Runs it to its end, which has to be a good one. */
  run(...words: readonly string[]): Promise<string>
}

/** The command line at work. */
export interface Program {
  /** Waits until it has printed what fits, and answers with the first group of it. */
  prints(pattern: RegExp): Promise<string>
  /** Everything that it printed so far. */
  printed(): string
  /** Waits for its end. */
  exitCode(): Promise<number | null>
  /** Presses Ctrl-C. */
  interrupt(): Promise<number | null>
}

export async function newMachine(sandbox: Sandbox): Promise<Machine> {
  const folder = await temporaryFolder()
  const database = await testDatabase()
  const { authority, organizations } = sandbox.description
  const origins = [authority, ...organizations.map(({ url }) => url)]
  const environment = {
    ...process.env,
    NO_COLOR: '1',
    FAIRLEAD_PORT: '0',
    FAIRLEAD_DATA_FOLDER: folder.path,
    FAIRLEAD_ALLOWED_ORIGINS: origins.join(','),
    DATABASE_URL: database.databaseUrl.reveal(),
  }
  const running = new Set<Program>()
  const start = (...words: readonly string[]) => {
    const program = startProgram(words, environment)
    running.add(program)
    return program
  }
  return {
    path: (name) => join(folder.path, name),
    start,
    run: async (...words) => {
      const program = start(...words)
      const code = await program.exitCode()
      if (code === 0) return program.printed()
      throw new Error(`fairlead ${words.join(' ')} ended with ${code}:\n${program.printed()}`)
    },
    [Symbol.asyncDispose]: async () => {
      for (const program of running) await program.interrupt()
      await database.drop()
      await folder[Symbol.asyncDispose]()
    },
  }
}

function startProgram(words: readonly string[], env: NodeJS.ProcessEnv): Program {
  const child = spawn(process.execPath, [BIN, ...words], { env, stdio: ['ignore', 'pipe', 'pipe'] })
  const ended = once(child, 'close')
  let text = ''
  const readers = new Set<() => void>()
  const read = (chunk: string) => {
    text += chunk
    for (const reader of readers) reader()
  }
  for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', read)
  const command = `fairlead ${words.join(' ')}`
  const exitCode = async () => {
    await soon(ended, () => `${command} does not end:\n${text}`)
    return child.exitCode
  }
  return {
    printed: () => text,
    prints: async (pattern) => {
      const found = new Promise<string>((resolveMatch, reject) => {
        const look = () => {
          const match = pattern.exec(text)
          if (match) resolveMatch(match[1] ?? match[0])
        }
        readers.add(look)
        ended.then(() => reject(new Error(`${command} ended without ${pattern}:\n${text}`)))
        look()
      })
      return await soon(found, () => `${command} does not print ${pattern}:\n${text}`)
    },
    exitCode,
    interrupt: async () => {
      if (child.exitCode === null && child.signalCode === null) child.kill('SIGINT')
      return await exitCode()
    },
  }
}

async function soon<T>(waited: Promise<T>, complaint: () => string): Promise<T> {
  const over = new AbortController()
  const late = async () => {
    await setTimeout(PATIENCE_MS, undefined, { signal: over.signal })
    throw new Error(complaint())
  }
  return await Promise.race([waited, late()]).finally(() => over.abort())
}
