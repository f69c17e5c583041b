import { chmod, chown, lstat, mkdir, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { storeError } from '../store-error.ts'
import type { ServerUser } from './server-user.ts'

const SOCKET = '.s.PGSQL.5432'
// macOS ends socket paths at 104 bytes, Linux at 108, both with the closing zero.
const LONGEST = 103

/**
 * Makes a folder for the socket of a server that does not run: short, and closed to all but it and us.
 *
 * `former` is the folder of a server that died: those still connected to it look for it there.
 *
 * @throws store_folder_unusable
 */
export async function makeSocketFolder(
  clusterName: string,
  user: ServerUser,
  former?: string,
): Promise<string> {
  for (const parent of [tmpdir(), '/tmp']) {
    const wanted = former ?? join(parent, clusterName)
    if (Buffer.byteLength(`${wanted}/${SOCKET}`) + 7 > LONGEST) continue
    if (await claim(wanted, user)) return wanted
    // Somebody else has the name; one that cannot be foretold is certainly free.
    const free = await mkdtemp(`${join(parent, clusterName)}-`).catch(() => undefined)
    if (free !== undefined && (await claim(free, user))) return free
  }
  throw storeError('store_folder_unusable', {
    what: 'No folder for the socket of the embedded PostgreSQL could be made.',
    why: `The folder for temporary files, ${tmpdir()}, cannot be written or its path is too long.`,
    remedy: 'Point TMPDIR to a folder with a short path that the user of Fairlead can write.',
    facts: { folder: tmpdir() },
  })
}

async function claim(folder: string, user: ServerUser): Promise<boolean> {
  try {
    await mkdir(folder, { mode: 0o700 }).catch((error) => {
      if (error.code !== 'EEXIST') throw error
    })
    const us = process.getuid?.()
    const found = await lstat(folder)
    const ours = us === undefined || found.uid === us || found.uid === user?.uid
    if (!found.isDirectory() || !ours) return false
    await chmod(folder, 0o700)
    if (user) await chown(folder, user.uid, user.gid)
    // A dead server's lock names a process number that may be another's by now; nobody listens here.
    await rm(join(folder, `${SOCKET}.lock`), { force: true })
    return true
  } catch {
    return false
  }
}
