import type { ChildProcess } from 'node:child_process'
import { rm, writeFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import type { Clock, Logger, Random, Secret } from '../../../kernel/index.ts'
import { type Binaries, findBinaries } from './binaries.ts'
import { createCluster, hasCluster, ROLE, readPassword } from './cluster.ts'
import { FileLock } from './file-lock.ts'
import { asFolderError } from './folder-error.ts'
import { ensureKeeper, stopIfAlone } from './keeper.ts'
import { type Layout, prepareLayout } from './layout.ts'
import { isAlive } from './pid-file.ts'
import { type RunningServer, startOrAdopt } from './server.ts'
import { findServerUser } from './server-user.ts'

export interface EmbeddedOptions {
  /** The hub's data folder; the server lives in `postgres` below it. */
  readonly dataFolder: string
  readonly logger: Logger
  readonly clock: Clock
  readonly random: Random
  /** Settings that take the place of ours, by PostgreSQL's names. */
  readonly settings?: Readonly<Record<string, string>>
  /** Gives up the start; a server that runs by then is stopped by its keeper. */
  readonly signal?: AbortSignal
}

/** How to reach an embedded server now; a restart can change it. */
export interface Endpoint {
  readonly host: string
  readonly port: number
  readonly user: string
  readonly password: Secret
}

const LOCK_MS = 240_000
const WATCH_MS = 500
const KEEPER_GONE_MS = 1_500

/**
 * Starts the embedded server of a data folder, or adopts the one that runs: other hubs may share it.
 *
 * @throws store_folder_unusable, store_disk_full, store_binaries_missing, store_binaries_unusable,
 * store_password_missing, store_start_failed, store_timeout
 */
export async function startEmbedded(options: EmbeddedOptions): Promise<EmbeddedServer> {
  const layout = await prepareLayout(options.dataFolder)
  const hubLock = await FileLock.take(layout.hubsLock, 'shared', waiting(options))
  try {
    const up = await bringUp(layout, options)
    return new EmbeddedServer(layout, options, hubLock, up, await readPassword(layout))
  } catch (error) {
    hubLock.release()
    await stopIfAlone(layout, options.clock).catch(() => false)
    throw asFolderError(error, layout.home)
  }
}

/** A hub's hold on an embedded server: it keeps the server up until it is closed or its process dies. */
export class EmbeddedServer {
  readonly #layout: Layout
  readonly #options: EmbeddedOptions
  readonly #hubLock: FileLock
  readonly #password: Secret
  readonly #stop = new AbortController()
  readonly #watching: Promise<void>
  #server: RunningServer
  #keeper: ChildProcess | undefined

  constructor(
    layout: Layout,
    options: EmbeddedOptions,
    hubLock: FileLock,
    up: Running,
    password: Secret,
  ) {
    this.#layout = layout
    this.#options = options
    this.#hubLock = hubLock
    this.#server = up.server
    this.#keeper = up.keeper
    this.#password = password
    this.#watching = this.#watch()
  }

  /** Where the server listens now. */
  get endpoint(): Endpoint {
    const { host, port } = this.#server
    return { host, port, user: ROLE, password: this.#password }
  }

  /** The process id of the server. */
  get pid(): number {
    return this.#server.pid
  }

  /** Lets go of the server, and stops it if nobody else uses it. */
  async close(): Promise<void> {
    if (this.#stop.signal.aborted) return
    this.#stop.abort()
    await this.#watching
    const { clock, logger } = this.#options
    await writeFile(this.#layout.stoppedMark, '', { mode: 0o600 }).catch(() => undefined)
    this.#hubLock.release()
    if (!(await stopIfAlone(this.#layout, clock))) return
    logger.debug('embedded PostgreSQL stopped', { pid: this.#server.pid })
    // The keeper has nothing left to do; a program that is asked to stop leaves nothing behind.
    this.#keeper?.kill()
    const wait = { clock, timeoutMs: KEEPER_GONE_MS }
    await FileLock.take(this.#layout.keeperLock, 'exclusive', wait).then(
      (lock) => lock.release(),
      () => undefined,
    )
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close()
  }

  async #watch(): Promise<void> {
    const { signal } = this.#stop
    const { logger } = this.#options
    for (let round = 1; !signal.aborted; round += 1) {
      // Not the hub's clock: watching must not keep a process alive that has nothing else to do.
      await setTimeout(WATCH_MS, undefined, { ref: false, signal }).catch(() => undefined)
      if (signal.aborted) return
      try {
        if (!isAlive(this.#server.pid)) await this.#restart()
        else if (round % 4 === 0) this.#keeper = keeperOf(this.#layout) ?? this.#keeper
      } catch (error) {
        if (!signal.aborted) logger.error('embedded PostgreSQL does not come back', { error })
      }
    }
  }

  async #restart(): Promise<void> {
    const { logger, clock } = this.#options
    logger.warn('embedded PostgreSQL died', { pid: this.#server.pid })
    const begun = clock.now()
    const up = await bringUp(this.#layout, { ...this.#options, signal: this.#stop.signal })
    this.#server = up.server
    this.#keeper = up.keeper ?? this.#keeper
    logger.info('embedded PostgreSQL is back', { pid: this.#server.pid, ms: clock.now() - begun })
  }
}

interface Running {
  readonly server: RunningServer
  readonly keeper: ChildProcess | undefined
}

/** Starts what does not run: cluster, keeper and server, one hub at a time. */
async function bringUp(layout: Layout, options: EmbeddedOptions): Promise<Running> {
  const begun = options.clock.now()
  const lock = await FileLock.take(layout.startLock, 'exclusive', waiting(options))
  try {
    return await bringUpAlone(layout, options, begun)
  } finally {
    lock.release()
  }
}

async function bringUpAlone(
  layout: Layout,
  options: EmbeddedOptions,
  begun: number,
): Promise<Running> {
  const { clock, logger, random, settings, signal } = options
  await rm(layout.stoppedMark, { force: true })
  const user = await findServerUser(layout)
  const given = signal === undefined ? {} : { signal }
  let found: Binaries | undefined
  const binaries = async () => {
    found ??= await findBinaries(user, signal)
    return found
  }
  if (!(await hasCluster(layout))) {
    logger.info('making the embedded database', { folder: layout.home })
    await createCluster(layout, await binaries(), { user, random, ...given })
  }
  const keeper = keeperOf(layout)
  const server = await startOrAdopt(layout, binaries, {
    ...{ user, clock, ...given },
    ...(settings === undefined ? {} : { settings }),
  })
  logger.info(server.adopted ? 'embedded PostgreSQL adopted' : 'embedded PostgreSQL started', {
    ...{ pid: server.pid, folder: layout.home, ms: clock.now() - begun },
  })
  return { server, keeper }
}

function keeperOf(layout: Layout): ChildProcess | undefined {
  return ensureKeeper(layout, dirname(layout.home))
}

function waiting(options: EmbeddedOptions): {
  readonly clock: Clock
  readonly timeoutMs: number
  readonly signal?: AbortSignal
} {
  const { clock, signal } = options
  return { clock, timeoutMs: LOCK_MS, ...(signal === undefined ? {} : { signal }) }
}
