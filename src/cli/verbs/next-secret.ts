import { exitCode } from '../exit-code.ts'
import { pick } from '../references.ts'
import { show } from '../terminal.ts'
import { UsageError } from '../usage-error.ts'
import type { Call, Verb } from '../verb.ts'
import { demandProof, proofOptions } from './auth-client-proof.ts'
import { type AuthClient, describeAuthClient } from './describe.ts'

/** The change of a secret without a gap: store the next, test it, let it take over. */
export const nextSecret: Verb = {
  name: 'auth-clients next-secret',
  summary: 'Store the secret that will replace the current one; --promote lets it take over',
  usage: '<auth client> [--secret-file <file>] [--secret-expires <date>] | --promote | --discard',
  options: {
    'secret-file': proofOptions['secret-file'],
    'secret-expires': proofOptions['secret-expires'],
    promote: { type: 'boolean', what: 'Make the next secret the current one' },
    discard: { type: 'boolean', what: 'Erase the next secret' },
  },
  takes: [1, 1],
  async run(call) {
    const { options, positionals, terminal, signal } = call
    if (options['promote'] === true && options['discard'] === true)
      throw new UsageError(nextSecret, 'Either --promote or --discard.')
    const client = await call.hub()
    const { items } = await client.call('listAuthClients', {}, { signal })
    const { id } = pick('Auth Client', items, positionals[0] ?? '')
    const changed = await change(call, id)
    show(terminal, changed, () => describeAuthClient(terminal.results, changed))
    return exitCode.done
  },
}

async function change(call: Call, id: string): Promise<AuthClient> {
  const { options, signal } = call
  const client = await call.hub()
  const params = { id }
  if (options['promote'] === true) return client.call('promoteSecret', { params }, { signal })
  if (options['discard'] === true) return client.call('removeNextSecret', { params }, { signal })
  const { clientSecret = '', secretExpiresAt } = await demandProof(nextSecret, call)
  const expiry = secretExpiresAt === undefined ? {} : { expiresAt: secretExpiresAt }
  return client.call('addSecret', { params, body: { clientSecret, ...expiry } }, { signal })
}
