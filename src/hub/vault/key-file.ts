import {
  closeSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  statSync,
  writeSync,
} from 'node:fs'
import { dirname, join } from 'node:path'
import type { Secret } from '../../kernel/index.ts'
import type { Key } from './envelope.ts'
import { formatKeys, parseKeys } from './key-text.ts'
import { VaultError } from './vault-error.ts'

/** Where the keys come from: a folder outside the database's, or the text of a setting. */
export type KeySource = { readonly folder: string } | { readonly text: Secret }

const HEADER = `# Fairlead encryption keys, the active one first. Without them the stored secrets are lost:
# keep a copy, but never together with a backup of the database.
`

/** The file of the keys in use within a keys folder. */
export function keyFile(folder: string): string {
  return join(folder, 'encryption.keys')
}

/** The file of keys that were rotated out: only older backups of the database need them. */
export function retiredKeyFile(folder: string): string {
  return join(folder, 'retired.keys')
}

/**
 * Reads a key file; `undefined` where there is none.
 *
 * @throws VaultError `keys_invalid` also when others than the owner may read it
 */
export function readKeyFile(path: string): readonly Key[] | undefined {
  try {
    if (process.platform !== 'win32' && (statSync(path).mode & 0o077) !== 0) throw tooOpen(path)
    return parseKeys(readFileSync(path, 'utf8'))
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined
    throw error
  }
}

/** Replaces a key file in one step: killed at any moment, the old or the new one is there, whole. */
export function writeKeyFile(path: string, keys: readonly Key[]): void {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 })
  const fresh = `${path}.${process.pid}`
  const file = openSync(fresh, 'w', 0o600)
  try {
    writeSync(file, HEADER + formatKeys(keys))
    fsyncSync(file)
  } finally {
    closeSync(file)
  }
  renameSync(fresh, path)
  syncFolder(dirname(path))
}

// A rename is durable only when its folder is; Windows has no such thing.
function syncFolder(folder: string): void {
  if (process.platform === 'win32') return
  const handle = openSync(folder, 'r')
  try {
    fsyncSync(handle)
  } finally {
    closeSync(handle)
  }
}

function tooOpen(path: string): VaultError {
  return new VaultError('keys_invalid', {
    what: `The key file ${path} can be read by others.`,
    why: 'Whoever can read it can open every stored secret.',
    remedy: `Run: chmod 600 ${path}`,
    who: 'operator',
    facts: { path },
  })
}
