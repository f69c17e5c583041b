import { type KeySource, keyFile } from './key-file.ts'
import { VaultError } from './vault-error.ts'

/** Makes the error for keys that the store needs and nobody has. */
export function keyMissing(ids: readonly string[], source: KeySource): VaultError {
  return new VaultError('key_missing', {
    what:
      ids.length === 0
        ? 'There is no encryption key.'
        : `The encryption key ${ids.join(', ')} is missing.`,
    why: `The store holds secrets sealed with it, and it is not in ${placeOf(source)}. Fairlead makes a key only for an empty store.`,
    remedy: `Put the key back into ${placeOf(source)} from where it was kept, or start with another, empty database.`,
    who: 'operator',
    facts: { keyIds: [...ids] },
  })
}

/** Makes the error for a key that has the right id and the wrong bytes. */
export function keyForeign(id: string, source: KeySource): VaultError {
  return new VaultError('key_foreign', {
    what: `The encryption key ${id} is not the one that this store was written with.`,
    why: `The key of that id in ${placeOf(source)} differs from the one whose check value the store keeps.`,
    remedy: `Put the right key into ${placeOf(source)}, or use the database that belongs to this one.`,
    who: 'operator',
    facts: { keyId: id },
  })
}

/** Makes the error for a retired key that is to be active again. */
export function keyRetired(id: string, source: KeySource): VaultError {
  return new VaultError('keys_invalid', {
    what: `The encryption key ${id} was retired and cannot be active again.`,
    why: `It is the first one in ${placeOf(source)}, and the first one is active.`,
    remedy: 'Put the key that replaced it first.',
    who: 'operator',
    facts: { keyId: id },
  })
}

function placeOf(source: KeySource): string {
  return 'folder' in source ? keyFile(source.folder) : 'FAIRLEAD_KEYS'
}
