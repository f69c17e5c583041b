import { stat } from 'node:fs/promises'
import type { Layout } from './layout.ts'

/** The user a server runs as; `undefined` where it is the one that runs us. */
export type ServerUser = { readonly uid: number; readonly gid: number } | undefined

/**
 * Finds the user for the server. PostgreSQL refuses to run as root, so that under root it becomes the
 * owner of its folder, or nobody where that is root again.
 */
export async function findServerUser(layout: Layout): Promise<ServerUser> {
  if (process.getuid?.() !== 0) return undefined
  const owner = await stat(layout.data).catch(() => stat(layout.home))
  if (owner.uid !== 0) return { uid: owner.uid, gid: owner.gid }
  return process.platform === 'darwin'
    ? { uid: 4_294_967_294, gid: 4_294_967_294 }
    : { uid: 65_534, gid: 65_534 }
}

/**
 * How the server names its data folder, which is also its working folder.
 *
 * Root's folders are often closed to others all the way up. The working folder is entered before the
 * user changes, and this Linux path leads to it without a look at what is above.
 */
export function dataPathFor(data: string, user: ServerUser): string {
  return user && process.platform === 'linux' ? '/proc/self/cwd' : data
}
