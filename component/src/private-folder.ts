import { lstatSync, mkdirSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

const OTHERS = 0o077

/**
 * The folder for what this user's processes on this machine keep for each other, below the one for temporary
 * files; none where others could write into it. They must be able to tell us neither what a table is nor
 * what to run.
 */
export function privateFolder(): string | undefined {
  try {
    // A container's user may have a number and no name; Windows gives everybody a folder of his own.
    const uid = process.getuid?.() ?? -1
    const folder = join(tmpdir(), `fairlead-component-${uid}`)
    mkdirSync(folder, { recursive: true, mode: 0o700 })
    // Somebody else's link to one of this user's own folders is neither.
    const { mode, uid: owner } = lstatSync(folder)
    const ours = process.platform === 'win32' || (owner === uid && (mode & OTHERS) === 0)
    return ours ? folder : undefined
  } catch {
    return undefined
  }
}
