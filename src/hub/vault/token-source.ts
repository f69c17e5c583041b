import type { AccessToken, TokenSource } from '../../dataverse/index.ts'
import type { Clock } from '../../kernel/index.ts'
import type { TokenKey } from '../store/index.ts'
import type { TokenKeeper } from './token-keeper.ts'
import { isAlive, isFresh } from './token-state.ts'

/** Makes the source of one Credential's tokens, as the Dataverse client wants it. */
export function createTokenSource(keeper: TokenKeeper, key: TokenKey, clock: Clock): TokenSource {
  const present = ({ value, expiresAt }: AccessToken): AccessToken => ({ value, expiresAt })
  return {
    token: async (signal) =>
      present(
        await keeper.get(
          key,
          {
            enough: (token) => isFresh(token, clock.now()),
            lastResort: (token) => isAlive(token, clock.now()),
          },
          signal,
        ),
      ),
    replace: async (failed, signal) => {
      const refused = failed.value.reveal()
      return present(
        await keeper.get(
          key,
          {
            // Another process may have renewed it already: then that one is tried first.
            enough: (token) => isAlive(token, clock.now()) && token.value.reveal() !== refused,
            lastResort: () => false,
            forced: true,
          },
          signal,
        ),
      )
    },
  }
}
