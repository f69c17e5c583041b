import { execFileSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

/** What a running server says of itself in `postmaster.pid`. */
export interface PidFile {
  readonly pid: number
  readonly port: number
  /** Folder of its socket, or its address where it has none. */
  readonly host: string
  readonly status: 'starting' | 'ready' | 'stopping'
}

/**
 * Reads the text of a `postmaster.pid`; one that is only half written gives `undefined`.
 *
 * @see https://www.postgresql.org/docs/18/storage-file-layout.html
 */
export function parsePidFile(text: string): PidFile | undefined {
  const [pid, , , port, socketFolder, address, , status] = text.split('\n')
  if (!/^[1-9]\d{0,9}$/.test(pid ?? '')) return undefined
  const said = status?.trim()
  return {
    pid: Number(pid),
    port: Number(port) || 0,
    host: socketFolder || address || '',
    status: said === 'ready' || said === 'stopping' ? said : 'starting',
  }
}

// Beyond the largest number that any system gives a process.
const NO_PROCESS = 2_147_483_646

/** Reads the `postmaster.pid` of a data folder, if there is one. */
export function readPidFile(dataFolder: string): PidFile | undefined {
  try {
    return parsePidFile(readFileSync(join(dataFolder, 'postmaster.pid'), 'utf8'))
  } catch {
    return undefined
  }
}

/**
 * Takes the process out of a `postmaster.pid` whose number meanwhile belongs to something else, as after
 * the restart of a container; PostgreSQL would refuse to start. The line that names its shared memory
 * stays, so that PostgreSQL still sees a former server's processes, if any live on.
 *
 * The file of a server that runs is never touched: one may have come up since it was last looked for.
 */
export function disownPidFile(dataFolder: string, clusterName: string): void {
  const found = readPidFile(dataFolder)
  if (!found || !isAlive(found.pid) || isServer(found.pid, clusterName)) return
  const path = join(dataFolder, 'postmaster.pid')
  const [, ...rest] = readFileSync(path, 'utf8').split('\n')
  writeFileSync(path, [NO_PROCESS, ...rest].join('\n'))
}

/** Tells whether a process exists, whoever owns it. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM'
  }
}

/** Tells whether a process is the server of this cluster, not one that got its number later. */
export function isServer(pid: number, clusterName: string): boolean {
  return isAlive(pid) && commandLine(pid).includes(clusterName)
}

function commandLine(pid: number): string {
  try {
    if (process.platform === 'linux') return readFileSync(`/proc/${pid}/cmdline`, 'utf8')
    const list =
      process.platform === 'win32'
        ? [
            'powershell',
            '-NoProfile',
            '-Command',
            `(Get-CimInstance Win32_Process -Filter ProcessId=${pid}).CommandLine`,
          ]
        : ['/bin/ps', '-ww', '-o', 'command=', '-p', String(pid)]
    const [program = '', ...args] = list
    return execFileSync(program, args, { encoding: 'utf8', timeout: 10_000 })
  } catch {
    return ''
  }
}
