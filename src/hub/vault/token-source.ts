import type { AccessToken, TokenSource } from '../../dataverse/index.ts'
import type { Clock } from '../../kernel/index.ts'
import type { TokenKey } from '../store/index.ts'
import type { TokenKeeper, Want } from './token-keeper.ts'
import { isAlive, isFresh, type StoredToken } from './token-state.ts'
import { VaultError } from './vault-error.ts'

/**
 * Makes the source of one Credential's tokens, as the Dataverse client wants it. Given the environment that
 * they will be sent to, it gives none of another, which the Credential may have been moved to meanwhile.
 */
export function createTokenSource(
  keeper: TokenKeeper,
  key: TokenKey,
  { clock, environmentUrl }: { readonly clock: Clock; readonly environmentUrl?: string },
): TokenSource {
  const isMeant = (token: StoredToken) =>
    environmentUrl === undefined || token.environmentUrl === environmentUrl
  const give = async (want: Want, signal?: AbortSignal): Promise<AccessToken> => {
    let token = await keeper.get(key, want, signal)
    if (!isMeant(token)) {
      // What this process remembers may be of the environment before.
      keeper.forget(key)
      token = await keeper.get(key, want, signal)
    }
    if (!isMeant(token)) throw movedElsewhere(key.id)
    return { value: token.value, expiresAt: token.expiresAt }
  }
  const isAliveNow = (token: StoredToken) => isAlive(token, clock.now())
  return {
    token: (signal) =>
      give({ enough: (token) => isFresh(token, clock.now()), lastResort: isAliveNow }, signal),
    replace: (failed, signal) => {
      const refused = failed.value.reveal()
      // Another process may have renewed it already: then that one is tried first.
      const enough = (token: StoredToken) => isAliveNow(token) && token.value.reveal() !== refused
      return give({ enough, lastResort: () => false, forced: true }, signal)
    },
  }
}

function movedElsewhere(id: string): VaultError {
  return new VaultError('changed_meanwhile', {
    what: 'The Credential was moved to another environment meanwhile.',
    why: 'A token of that one must not be sent to the one before.',
    remedy: 'Begin again: it then works with the new address.',
    facts: { credentialId: id },
  })
}
