import { createHash } from 'node:crypto'
import { chmod, mkdir, open, realpath } from 'node:fs/promises'
import { join } from 'node:path'
import { asFolderError } from './folder-error.ts'

/** Where everything of one embedded server is kept. */
export interface Layout {
  /** The folder all the others are in. */
  readonly home: string
  /** PostgreSQL's own data folder. */
  readonly data: string
  readonly passwordFile: string
  readonly logFile: string
  /** Held exclusively while the server is started or stopped. */
  readonly startLock: string
  /** Held, shared, by every process that uses the server, for as long as it lives. */
  readonly hubsLock: string
  /** Held exclusively by the keeper. */
  readonly keeperLock: string
  /** Present while the server was stopped on purpose: the keeper need not wait. */
  readonly stoppedMark: string
  /** Marks the server among the machine's processes. */
  readonly clusterName: string
}

/** Names the parts of an embedded server below a data folder, whose real path is given. */
export function layoutOf(realFolder: string): Layout {
  const home = join(realFolder, 'postgres')
  const hash = createHash('sha256').update(realFolder).digest('hex').slice(0, 16)
  return {
    home,
    data: join(home, 'data'),
    passwordFile: join(home, 'password'),
    logFile: join(home, 'server.log'),
    startLock: join(home, 'start.lock'),
    hubsLock: join(home, 'hubs.lock'),
    keeperLock: join(home, 'keeper.lock'),
    stoppedMark: join(home, 'stopped'),
    clusterName: `fairlead-${hash}`,
  }
}

/**
 * Makes the folders and lock files of an embedded server, none of which others can read.
 *
 * @throws store_folder_unusable, store_disk_full
 */
export async function prepareLayout(dataFolder: string): Promise<Layout> {
  try {
    await mkdir(dataFolder, { recursive: true, mode: 0o700 })
    const layout = layoutOf(await realpath(dataFolder))
    await mkdir(layout.home, { recursive: true, mode: 0o700 })
    // As root on a system without /proc, the server is another user and has to pass through here.
    const passed = process.getuid?.() === 0 && process.platform !== 'linux'
    if (passed) await chmod(layout.home, 0o711)
    for (const path of [layout.startLock, layout.hubsLock, layout.keeperLock])
      await (await open(path, 'a', 0o600)).close()
    return layout
  } catch (error) {
    throw asFolderError(error, dataFolder)
  }
}
