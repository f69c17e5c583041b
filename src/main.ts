import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { createRequire } from 'node:module'
import { createHttp, openPort } from './http/index.ts'
import { type Access, checkPublicUrl, DEFAULT_WORKSPACE } from './hub/access/index.ts'
import { hubActor } from './hub/audit/index.ts'
import type { RotationProgress, RotationResult } from './hub/vault/index.ts'
import {
  createLogger,
  type Logger,
  type Secret,
  systemClock,
  systemRandom,
} from './kernel/index.ts'
import { type Configuration, readConfiguration } from './main/configuration.ts'
import { beginMaintenance, type Chore } from './main/maintenance.ts'
import { openRooms, presentRooms, type Rooms } from './main/rooms.ts'
import { Undo } from './main/undo.ts'

export type { Configuration } from './main/configuration.ts'

/** A hub that runs in this process. */
export interface RunningHub extends AsyncDisposable {
  /** Where people reach it. */
  readonly url: URL
  readonly redirectUri: string
  readonly platformName: string
  /** The one-time link of the first user, as long as there is none. */
  readonly setUpLink?: Secret
  /** A key for whoever may read the data folder, good until this hub stops. */
  issueOperatorKey(): Promise<Secret>
}

/** How a hub runs in this process. */
export interface HubOptions {
  readonly signal: AbortSignal
  /** Logs nothing but errors: whoever asks is told of the rest. */
  readonly quiet?: boolean
  /** How many further ports to try when the wanted one is taken. */
  readonly orNextPorts?: number
}

const operatorKeyMs = 24 * 60 * 60_000

/** Reads and checks the configuration of this machine. @throws ConfigurationError */
export function configure(): Configuration {
  return readConfiguration(process.env, { folder: process.cwd(), exists: existsSync })
}

/**
 * Starts the hub: the port first, since the public URL of a loopback hub depends on it, then store, keys
 * and rooms, then it serves. What was begun is undone when it fails.
 */
export async function startHub(
  configuration: Configuration,
  { signal, quiet = false, orNextPorts = 0 }: HubOptions,
): Promise<RunningHub> {
  const { host, port: wanted, platformName, trustedProxies } = configuration
  checkPublicUrl(configuration.publicUrl)
  const logger = stderrLogger(configuration, quiet)
  const undo = new Undo()
  return undo.whole(async () => {
    const port = await openPort({ host, port: wanted, orNext: orNextPorts })
    undo.defer(() => port.close())
    const publicUrl = publicUrlOn(configuration.publicUrl, wanted, port.port)
    const around = { configuration, publicUrl, logger, signal }
    const rooms = await openRooms(around)
    undo.defer(() => rooms[Symbol.asyncDispose]())
    const parts = { clock: systemClock, random: systemRandom, logger }
    const hub = presentRooms(rooms, around)
    port.serve(createHttp({ hub, publicUrl, platformName, trustedProxies, ...parts }).fetch)
    // What is being answered may end while there is still a store.
    undo.defer(() => port.close())
    undo.defer(beginMaintenance(choresOf(rooms), parts))
    const deliveries = rooms.triggers.begin()
    undo.defer(() => deliveries.stop())
    const link = await rooms.access.firstLink()
    logger.info('hub started', { url: publicUrl.href, port: port.port })
    return {
      url: publicUrl,
      redirectUri: rooms.connect.redirectUri,
      platformName,
      ...(link !== undefined && { setUpLink: link.url }),
      issueOperatorKey: async () => {
        const { apiKey, key } = await issueOperatorKey(rooms.access)
        // Should this fail or never come to pass, the key still ends by itself.
        undo.defer(() => rooms.access.withdrawApiKey(apiKey.id).catch(() => undefined))
        return key
      },
      [Symbol.asyncDispose]: () => undo.run(),
    }
  })
}

/** Encrypts everything with a new key, beside any hub that runs. */
export async function rotateKeys(
  configuration: Configuration,
  options: { readonly signal: AbortSignal; onProgress(progress: RotationProgress): void },
): Promise<RotationResult> {
  return await withRooms(configuration, options.signal, ({ vault }) =>
    vault.rotateKeys(hubActor(DEFAULT_WORKSPACE), options),
  )
}

/** Issues a one-time link for a new password. */
export async function resetUser(
  configuration: Configuration,
  name: string | undefined,
  signal: AbortSignal,
): Promise<{ readonly url: Secret; readonly expiresAt: number }> {
  return await withRooms(configuration, signal, ({ access }) => access.resetUser(name))
}

/** Runs the sandbox as a program of its own until it ends; answers with its exit code. */
export async function runSandbox(args: readonly string[], signal: AbortSignal): Promise<number> {
  const program = createRequire(import.meta.url).resolve(
    'fairlead-sandbox/bin/fairlead-sandbox.cjs',
  )
  const child = spawn(process.execPath, [program, ...args, '--exit-with-parent'], {
    // Its input ends with this process, however that ends.
    stdio: ['pipe', 'inherit', 'inherit'],
  })
  const stop = () => child.kill('SIGTERM')
  signal.addEventListener('abort', stop, { once: true })
  const [code] = await once(child, 'exit')
  return signal.aborted ? 0 : Number(code ?? 1)
}

// Idle grants are kept alive, secrets that end are warned of, and what is old goes.
function choresOf({ vault, triggers, attachments }: Rooms): readonly Chore[] {
  return [
    async (signal) => {
      const { touched, failed, warned } = await vault.tick(signal)
      return touched + failed + warned
    },
    () => triggers.tidy(),
    () => attachments.tidy(),
  ]
}

function issueOperatorKey(access: Access): ReturnType<Access['issueApiKey']> {
  return access.issueApiKey({ name: 'Command line', scopes: ['admin'], validMs: operatorKeyMs })
}

// The operator's work beside the HTTP server, on this machine's data.
async function withRooms<T>(
  configuration: Configuration,
  signal: AbortSignal,
  work: (rooms: Rooms) => Promise<T>,
): Promise<T> {
  const logger = stderrLogger(configuration, true)
  const { publicUrl } = configuration
  const rooms = await openRooms({ configuration, publicUrl, logger, signal })
  try {
    return await work(rooms)
  } finally {
    await rooms[Symbol.asyncDispose]()
  }
}

function stderrLogger({ logLevel }: Configuration, quiet: boolean): Logger {
  return createLogger({
    clock: systemClock,
    level: quiet ? 'error' : logLevel,
    write: (line) => void process.stderr.write(`${line}\n`),
  })
}

// A loopback hub is reached where it listens; behind a proxy the public URL stands as it is.
function publicUrlOn(publicUrl: URL, wanted: number, taken: number): URL {
  if (wanted === taken || publicUrl.protocol === 'https:') return publicUrl
  const moved = new URL(publicUrl)
  moved.port = String(taken)
  return moved
}
