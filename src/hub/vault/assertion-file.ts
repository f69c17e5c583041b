import { readFile, realpath } from 'node:fs/promises'
import { isAbsolute, relative, resolve } from 'node:path'
import { Secret } from '../../kernel/index.ts'
import { VaultError } from './vault-error.ts'

const LARGEST = 64_000

/**
 * Refuses an assertion file outside the folder that the operator named: whoever may edit an Auth Client
 * must not have any other file of the machine read and sent away.
 *
 * @throws VaultError `field_invalid`
 */
export function checkAssertionFile(folder: string | undefined, file: string): void {
  if (folder === undefined || !isAbsolute(file) || !isWithin(resolve(folder), resolve(file)))
    throw outside(folder)
}

/**
 * Reads the assertion that the platform keeps fresh in a file; its links may lead only to files of the
 * same folder.
 *
 * @throws VaultError `field_invalid`
 */
export async function readAssertion(
  folder: string | undefined,
  file: string,
  signal?: AbortSignal,
): Promise<Secret> {
  checkAssertionFile(folder, file)
  const real = await realpath(file)
  if (!isWithin(await realpath(folder ?? ''), real)) throw outside(folder)
  const text = await readFile(real, { encoding: 'utf8', ...(signal && { signal }) })
  return new Secret(text.slice(0, LARGEST).trim())
}

function isWithin(folder: string, file: string): boolean {
  const way = relative(folder, file)
  return way !== '' && !isAbsolute(way) && way.split(/[\\/]/)[0] !== '..'
}

function outside(folder: string | undefined): VaultError {
  return new VaultError('field_invalid', {
    what: 'The field "assertionFile" cannot be accepted.',
    why:
      folder === undefined
        ? 'No folder is named from which assertions may be read.'
        : `It is not the whole path of a file in ${folder}, the folder from which assertions may be read.`,
    remedy:
      'Let FAIRLEAD_ASSERTION_FOLDER name the folder that the platform writes the assertion into, and give the whole path of the file.',
    who: 'operator',
    facts: { field: 'assertionFile' },
  })
}
