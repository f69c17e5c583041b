import { type ChildProcess, spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { open, readFile, rename, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import type { Clock } from '../../../kernel/index.ts'
import { type StoreError, storeError, timedOut } from '../store-error.ts'
import type { Binaries } from './binaries.ts'
import { diskFull } from './folder-error.ts'
import type { Layout } from './layout.ts'
import { disownPidFile, isServer, type PidFile, readPidFile } from './pid-file.ts'
import { programEnvironment } from './run-program.ts'
import { serverArguments } from './server-settings.ts'
import type { ServerUser } from './server-user.ts'
import { makeSocketFolder } from './socket-folder.ts'

/** A server that accepts connections. */
export interface RunningServer {
  readonly pid: number
  readonly port: number
  /** Folder of its socket, or its address. */
  readonly host: string
  readonly adopted: boolean
}

export interface StartOptions {
  readonly user: ServerUser
  readonly clock: Clock
  /** Settings that take the place of ours, by PostgreSQL's names. */
  readonly settings?: Readonly<Record<string, string>>
  readonly signal?: AbortSignal
}

// Recovery after a crash reads the log since the last checkpoint: seconds, on a slow disk minutes.
const START_MS = 180_000
const LOG_KEPT_BYTES = 4_000_000
const POLL_MS = 10

/** The server of a cluster, if it runs. */
export function findServer(layout: Layout): PidFile | undefined {
  const file = readPidFile(layout.data)
  return file && isServer(file.pid, layout.clusterName) ? file : undefined
}

/**
 * Adopts the server of a cluster that runs already, or starts it. The caller holds the start lock.
 *
 * @throws store_start_failed, store_disk_full, store_timeout
 */
export async function startOrAdopt(
  layout: Layout,
  binaries: () => Promise<Binaries>,
  options: StartOptions,
): Promise<RunningServer> {
  const { clock, signal } = options
  const deadline = clock.now() + START_MS
  let started: ChildProcess | undefined
  for (let attempts = 0; ; ) {
    signal?.throwIfAborted()
    if (clock.now() > deadline) throw timedOut('Starting the embedded PostgreSQL', START_MS)
    const found = findServer(layout)
    if (found?.status === 'ready' && hasSocket(found))
      return { ...found, adopted: started?.pid !== found.pid }
    if (found?.status === 'ready') await stopServer(layout, { clock })
    else if (!found && (!started || hasEnded(started))) {
      if (started) {
        await explainEnd(layout)
        await clock.sleep(Math.min(1_000, 25 * 2 ** attempts), signal)
      }
      attempts += 1
      started = await launch(layout, await binaries(), options)
    }
    await clock.sleep(POLL_MS, signal)
  }
}

/**
 * Stops the server of a cluster, if it runs: politely, and without its farewell checkpoint if that takes
 * too long. Nothing that was confirmed is lost either way. The caller holds the start lock.
 *
 * @throws store_timeout
 */
export async function stopServer(
  layout: Layout,
  options: { readonly clock: Clock; readonly signal?: AbortSignal },
): Promise<void> {
  const { clock, signal } = options
  const socketFolder = readPidFile(layout.data)?.host || join(tmpdir(), layout.clusterName)
  const found = findServer(layout)
  if (!found) return await removeSocketFolder(layout, socketFolder)
  const gone = async (ms: number): Promise<boolean> => {
    const deadline = clock.now() + ms
    while (isServer(found.pid, layout.clusterName)) {
      if (clock.now() > deadline) return false
      await clock.sleep(POLL_MS, signal)
    }
    return true
  }
  // On Windows this ends the server at once, which costs a recovery at the next start and nothing else.
  process.kill(found.pid, 'SIGINT')
  if (!(await gone(15_000))) {
    process.kill(found.pid, 'SIGQUIT')
    if (!(await gone(15_000))) throw timedOut('Stopping the embedded PostgreSQL', 30_000)
  }
  await removeSocketFolder(layout, socketFolder)
}

async function removeSocketFolder(layout: Layout, folder: string): Promise<void> {
  if (!basename(folder).startsWith(layout.clusterName)) return
  await rm(folder, { recursive: true, force: true }).catch(() => undefined)
}

function hasSocket(server: PidFile): boolean {
  return process.platform === 'win32' || existsSync(join(server.host, `.s.PGSQL.${server.port}`))
}

function hasEnded(child: ChildProcess): boolean {
  return child.pid === undefined || child.exitCode !== null || child.signalCode !== null
}

async function launch(
  layout: Layout,
  binaries: Binaries,
  options: StartOptions,
): Promise<ChildProcess> {
  const { user } = options
  const former = readPidFile(layout.data)
  disownPidFile(layout.data, layout.clusterName)
  const endpoint =
    process.platform === 'win32'
      ? { port: former?.port ?? 0 }
      : { folder: await makeSocketFolder(layout.clusterName, user, former?.host || undefined) }
  const log = await openLog(layout)
  try {
    const args = await serverArguments(layout, endpoint, options)
    const child = spawn(binaries.postgres, args, {
      ...user,
      cwd: layout.data,
      env: programEnvironment(),
      detached: true,
      stdio: ['ignore', log.fd, log.fd],
      windowsHide: true,
    })
    child.on('error', () => undefined)
    child.unref()
    return child
  } finally {
    await log.close()
  }
}

async function openLog({ logFile, home }: Layout): ReturnType<typeof open> {
  const size = await stat(logFile).then(
    (it) => it.size,
    () => 0,
  )
  if (size > LOG_KEPT_BYTES) await rename(logFile, `${logFile}.1`)
  const log = await open(logFile, 'a', 0o600)
  const { uid, gid } = await stat(home)
  // Root may start what another user will start the next time.
  if (process.getuid?.() === 0) await log.chown(uid, gid)
  return log
}

// A killed server's children live on for a moment and hold its memory; only that is worth another start.
async function explainEnd(layout: Layout): Promise<void> {
  const log = await readFile(layout.logFile, 'utf8').catch(() => '')
  const lines = log.slice(-8_000).trimEnd().split('\n')
  const fatal = lines.findLastIndex((line) => /(FATAL|PANIC): {2}/.test(line))
  const said = lines.slice(Math.max(fatal, lines.length - 8)).join('\n')
  if (/pre-existing shared memory block|is another postmaster/i.test(said)) return
  throw /No space left on device/.test(said) ? diskFull(layout.home) : startFailed(layout, said)
}

function startFailed(layout: Layout, said: string): StoreError {
  return storeError('store_start_failed', {
    what: `The embedded PostgreSQL in ${layout.home} did not start.`,
    why: said === '' ? 'It said nothing before it ended.' : `It said: ${said.slice(-600)}`,
    remedy: `Read ${layout.logFile}, put right what it says, and start again.`,
    facts: { folder: layout.home },
  })
}
