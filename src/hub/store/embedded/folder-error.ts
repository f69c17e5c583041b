import { type StoreError, storeError } from '../store-error.ts'

const DENIED = new Set(['EACCES', 'EPERM', 'EROFS', 'ENOTDIR', 'EEXIST', 'ELOOP', 'ENAMETOOLONG'])
const FULL = new Set(['ENOSPC', 'EDQUOT'])

/** Turns a failed file operation into an error that names the folder; others stay what they are. */
export function asFolderError(error: unknown, folder: string): unknown {
  const code = systemCode(error)
  if (FULL.has(code)) return diskFull(folder, error)
  if (!DENIED.has(code)) return error
  return storeError('store_folder_unusable', {
    what: `The data folder ${folder} cannot be used (${code}).`,
    why: 'It belongs to another user, is read-only, or something that is no folder has its name.',
    remedy:
      'Give the folder to the user that runs Fairlead, or set another one with FAIRLEAD_DATA_FOLDER.',
    facts: { folder, systemCode: code },
    cause: error,
  })
}

/** Makes the error for a disk without room. */
export function diskFull(folder: string, cause?: unknown): StoreError {
  return storeError('store_disk_full', {
    what: `There is no room left on the disk of ${folder}.`,
    why: 'The database writes every change to disk before it confirms it.',
    remedy:
      'Free some space and start again; everything that was confirmed until now is still there.',
    retry: { when: 'later' },
    facts: { folder },
    cause,
  })
}

function systemCode(error: unknown): string {
  return error instanceof Error && 'code' in error && typeof error.code === 'string'
    ? error.code
    : ''
}
