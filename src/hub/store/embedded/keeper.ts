import { type ChildProcess, spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import type { Clock } from '../../../kernel/index.ts'
import { FileLock } from './file-lock.ts'
import type { Layout } from './layout.ts'
import { findServer, stopServer } from './server.ts'

/** How long the server outlives its last hub: enough for a hub that starts again to find it. */
const GRACE_MS = 2_000
const POLL_MS = 200

/**
 * Makes sure that a keeper runs: a small process, apart from every hub, that stops the server when its
 * last hub is gone, however the hub went. Answers it, if it was started just now.
 */
export function ensureKeeper(layout: Layout, dataFolder: string): ChildProcess | undefined {
  if (FileLock.isHeld(layout.keeperLock)) return undefined
  // Compiled, the program beside this file ends in .js.
  const program = import.meta.url.endsWith('.ts') ? './keeper-main.ts' : './keeper-main.js'
  const child = spawn(
    process.execPath,
    [
      ...['--disable-warning=ExperimentalWarning', '--max-old-space-size=32', '--single-threaded'],
      ...[fileURLToPath(new URL(program, import.meta.url)), dataFolder],
    ],
    // Nothing of the hub's environment is needed there, secrets least of all.
    {
      cwd: layout.home,
      detached: true,
      stdio: 'ignore',
      windowsHide: true,
      ...(process.platform === 'win32' ? {} : { env: {} }),
    },
  )
  child.on('error', () => undefined)
  child.unref()
  return child
}

/** Watches over a server until it may end: the work of the keeper's process. */
export async function keep(layout: Layout, clock: Clock): Promise<void> {
  // A hub that only looks whether there is a keeper holds the lock for a moment.
  const mine = await FileLock.take(layout.keeperLock, 'exclusive', {
    clock,
    timeoutMs: 1_000,
  }).catch(() => undefined)
  if (!mine) return
  try {
    await watch(layout, clock)
  } finally {
    mine.release()
  }
}

async function watch(layout: Layout, clock: Clock): Promise<void> {
  let aloneSince: number | undefined
  for (;;) {
    await clock.sleep(POLL_MS)
    if (!existsSync(layout.hubsLock)) return await stopServer(layout, { clock })
    if (FileLock.isHeld(layout.hubsLock)) {
      aloneSince = undefined
      continue
    }
    aloneSince ??= clock.now()
    if (existsSync(layout.stoppedMark) && !findServer(layout)) return
    if (clock.now() - aloneSince < GRACE_MS) continue
    if (await stopIfAlone(layout, clock)) return
  }
}

/**
 * Stops the server unless some process uses it.
 *
 * Both locks are only tried, never waited for: a hub that is about to start comes first.
 */
export async function stopIfAlone(layout: Layout, clock: Clock): Promise<boolean> {
  const starting = FileLock.try(layout.startLock, 'exclusive')
  const hubs = starting && FileLock.try(layout.hubsLock, 'exclusive')
  try {
    if (!hubs) return false
    await stopServer(layout, { clock })
    return true
  } finally {
    hubs?.release()
    starting?.release()
  }
}
