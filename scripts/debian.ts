import { accessSync, constants, globSync, mkdirSync, rmSync } from 'node:fs'
import { homedir } from 'node:os'
import { delimiter, join } from 'node:path'
import { output, run, toolEnvironment } from './command.ts'

/** A program of Debian's that a test needs. */
export interface DebianProgram {
  readonly name: string
  readonly package: string
}

/** Where a program is, and the LD_LIBRARY_PATH to start it with where it was only unpacked. */
export interface FoundProgram {
  readonly path: string
  readonly libraryPath?: string
}

const cache = join(process.env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache'), 'fairlead/debian')
const unpacked = join(cache, 'root')

/** Finds a program, or installs it: as root by apt, otherwise unpacked into the user's cache. */
export async function provide(program: DebianProgram): Promise<FoundProgram | undefined> {
  const found = find(program.name)
  if (found) return found
  if (process.platform !== 'linux') return undefined
  console.log(`${program.name} is not here; installing Debian's package ${program.package}`)
  if (process.getuid?.() === 0) await installAsRoot(program.package)
  else await unpackAsUser(program.package)
  return find(program.name)
}

function find(name: string): FoundProgram | undefined {
  const installed = (toolEnvironment.PATH ?? '')
    .split(delimiter)
    .map((folder) => join(folder, name))
  // The script in /usr/sbin changes the user; the program behind it serves whoever starts it.
  for (const path of [join('/usr/lib/rabbitmq/bin', name), ...installed, join('/usr/sbin', name)])
    if (isExecutable(path)) return { path }
  const path = [join(unpacked, 'usr/lib/chromium', name), join(unpacked, 'usr/bin', name)].find(
    isExecutable,
  )
  if (path === undefined) return undefined
  const folders = globSync(`${unpacked}/{usr/,}lib/*-linux-gnu{,/*}`, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map((entry) => join(entry.parentPath, entry.name))
  return { path, libraryPath: folders.join(delimiter) }
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK)
    return true
  } catch {
    return false
  }
}

async function installAsRoot(name: string): Promise<void> {
  await run('apt-get', ['update', '-qq'])
  await run('env', [
    'DEBIAN_FRONTEND=noninteractive',
    ...['apt-get', 'install', '-y', '-qq', '--no-install-recommends', name],
  ])
}

// apt with every folder that it writes to moved into the cache, and packages unpacked instead of installed.
async function unpackAsUser(name: string): Promise<void> {
  for (const folder of ['lists/partial', 'archives/partial', 'root'])
    mkdirSync(join(cache, folder), { recursive: true })
  const options = [
    `Dir::State::lists=${join(cache, 'lists')}`,
    `Dir::Cache=${cache}`,
    `Dir::Cache::archives=${join(cache, 'archives')}`,
    'Debug::NoLocking=1',
    'APT::Sandbox::User=',
  ].flatMap((option) => ['-o', option])
  await run('apt-get', [...options, 'update', '-qq'])
  await run('apt-get', [
    ...options,
    ...['install', '-y', '-qq', '--download-only', '--no-install-recommends', name],
  ])
  for (const archive of globSync(`${cache}/archives/*.deb`)) {
    await output('dpkg-deb', ['-x', archive, unpacked])
    rmSync(archive)
  }
}
