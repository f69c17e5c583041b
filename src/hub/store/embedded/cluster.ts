import { chown, mkdir, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { type Random, randomToken, Secret } from '../../../kernel/index.ts'
import { storeError } from '../store-error.ts'
import type { Binaries } from './binaries.ts'
import { asFolderError, diskFull } from './folder-error.ts'
import type { Layout } from './layout.ts'
import { type ProgramOptions, type ProgramOutcome, runProgram } from './run-program.ts'
import { dataPathFor, type ServerUser } from './server-user.ts'
import { makeSocketFolder } from './socket-folder.ts'

/** The only role of an embedded server. */
export const ROLE = 'fairlead'

const INIT_MS = 120_000

/** Tells whether a data folder is there, whole: it gets its name only when it is. */
export function hasCluster(layout: Layout): Promise<boolean> {
  return stat(join(layout.data, 'PG_VERSION')).then(
    () => true,
    () => false,
  )
}

/**
 * Reads the password of an existing cluster.
 *
 * @throws store_password_missing
 */
export async function readPassword(layout: Layout): Promise<Secret> {
  const text = await readFile(layout.passwordFile, 'utf8').catch((error) => {
    if (error.code === 'ENOENT') return ''
    throw asFolderError(error, layout.home)
  })
  if (text !== '') return new Secret(text)
  throw storeError('store_password_missing', {
    what: `The password of the embedded database is missing: ${layout.passwordFile}.`,
    why: 'It is generated with the database and kept beside it; without it nobody can log in.',
    remedy:
      'Put the file back from a backup of the data folder, next to the database it came with.',
    facts: { folder: layout.home },
  })
}

/**
 * Makes the data folder of a new cluster. Killed at any moment, it leaves nothing that is mistaken for
 * one: the folder is made under another name and renamed at the end.
 *
 * @throws store_start_failed, store_disk_full, store_folder_unusable
 */
export async function createCluster(
  layout: Layout,
  binaries: Binaries,
  options: {
    readonly user: ServerUser
    readonly random: Random
    readonly signal?: AbortSignal
  },
): Promise<void> {
  try {
    await removeLeftovers(layout)
    const password = await keepPassword(layout, options.random)
    const fresh = `${layout.data}.new-${options.random.id()}`
    await mkdir(fresh, { mode: 0o700 })
    if (options.user) await chown(fresh, options.user.uid, options.user.gid)
    await initialise(layout, fresh, binaries, { ...options, password })
    await rename(fresh, layout.data)
  } catch (error) {
    throw asFolderError(error, layout.home)
  }
}

async function initialise(
  layout: Layout,
  fresh: string,
  binaries: Binaries,
  options: {
    readonly user: ServerUser
    readonly password: string
    readonly signal?: AbortSignal
  },
): Promise<void> {
  const { user, signal } = options
  const passed = join(await makeSocketFolder(layout.clusterName, user), 'initial')
  try {
    await writeFile(passed, options.password, { mode: 0o600 })
    if (user) await chown(passed, user.uid, user.gid)
    const outcome = await runInitdb(binaries, initArguments(fresh, user, passed), {
      user,
      folder: fresh,
      timeoutMs: INIT_MS,
      ...(signal === undefined ? {} : { signal }),
    })
    signal?.throwIfAborted()
    if (outcome.code === 0) return
    if (/No space left on device/.test(outcome.output)) throw diskFull(layout.home)
    throw storeError('store_start_failed', {
      what: `A new database could not be made in ${layout.home}.`,
      why: outcome.error?.message ?? (outcome.output.trim().slice(-400) || 'It took too long.'),
      remedy: 'Put right what is said above, or set DATABASE_URL to a PostgreSQL server of yours.',
      facts: { folder: layout.home },
      cause: outcome.error,
    })
  } finally {
    await rm(passed, { force: true })
  }
}

// initdb asks the system for the name of its user, which many containers do not have; where the kernel
// lets a user see himself as another one, nobody's name does. The files still belong to the user.
async function runInitdb(
  binaries: Binaries,
  args: readonly string[],
  options: ProgramOptions,
): Promise<ProgramOutcome> {
  const outcome = await runProgram(binaries.initdb, args, options)
  if (!/could not look up effective user ID/.test(outcome.output)) return outcome
  const named = ['--user', '--map-user=65534', '--map-group=65534', '--', binaries.initdb, ...args]
  const second = await runProgram('/usr/bin/unshare', named, options)
  return second.code === 0 ? second : outcome
}

function initArguments(folder: string, user: ServerUser, passwordFile: string): string[] {
  return [
    ...['-D', dataPathFor(folder, user), '-U', ROLE, `--pwfile=${passwordFile}`],
    ...['--auth-local=scram-sha-256', '--auth-host=scram-sha-256', '-E', 'UTF8'],
    // Orders text by code point, the same on every machine and after every upgrade of its libraries.
    ...['--locale=C', '--locale-provider=builtin', '--builtin-locale=C.UTF-8', '--no-instructions'],
  ]
}

async function keepPassword(layout: Layout, random: Random): Promise<string> {
  const kept = await readFile(layout.passwordFile, 'utf8').catch(() => '')
  if (kept !== '') return kept
  const password = randomToken(random)
  const fresh = `${layout.passwordFile}.new`
  await writeFile(fresh, password, { mode: 0o600, flush: true })
  await rename(fresh, layout.passwordFile)
  return password
}

async function removeLeftovers(layout: Layout): Promise<void> {
  for (const name of await readdir(layout.home))
    if (name.startsWith('data.new-'))
      await rm(join(layout.home, name), { recursive: true, force: true, maxRetries: 3 })
}
