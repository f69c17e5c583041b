import { exitCode } from '../exit-code.ts'
import { pick } from '../references.ts'
import { table } from '../table.ts'
import { paint, show } from '../terminal.ts'
import type { Call, Verb } from '../verb.ts'
import {
  type AuthClient,
  describeAuthClient,
  proofOptions,
  readProof,
} from './auth-client-proof.ts'

const list: Verb = {
  name: 'auth-clients list',
  summary: 'List the Auth Clients',
  usage: '',
  takes: [0, 0],
  async run({ terminal, signal, hub }) {
    const { items } = await (await hub()).call('listAuthClients', {}, { signal })
    show(terminal, items, () =>
      table(
        ['id', 'name', 'client id', 'proof', 'secret expires'],
        items.map((item) => [
          item.id.slice(0, 8),
          item.name,
          item.clientId,
          item.authentication,
          item.secrets.find(({ slot }) => slot === 'current')?.expiresAt?.slice(0, 10) ??
            item.certificate?.notAfter.slice(0, 10),
        ]),
      ),
    )
    return exitCode.done
  },
}

const add: Verb = {
  name: 'auth-clients add',
  summary: 'Store an OAuth client that was registered in Entra ID or elsewhere',
  usage:
    '<name> --client-id <id> --authorization-endpoint <url> --token-endpoint <url> [--secret-file <file> | --certificate <file> --private-key <file> | --assertion-file <file> | --public] [--secret-expires 2028-01-31]',
  options: {
    'client-id': { type: 'string' },
    'authorization-endpoint': { type: 'string' },
    'token-endpoint': { type: 'string' },
    'device-endpoint': { type: 'string' },
    scopes: { type: 'string' },
    ...proofOptions,
  },
  takes: [1, 1],
  async run(call) {
    const { positionals, options, terminal, signal, hub } = call
    const { authentication, ...proof } = await readProof(call, true)
    const answer = await (await hub()).call(
      'createAuthClient',
      {
        body: {
          name: positionals[0] ?? '',
          clientId: String(options['client-id'] ?? ''),
          tokenEndpoint: String(options['token-endpoint'] ?? ''),
          authentication: authentication ?? 'secret',
          ...proof,
          ...endpoints(options),
        },
      },
      { signal },
    )
    for (const { what, remedy } of answer.warnings)
      terminal.note(`${paint(terminal, 'yellow', '!')} ${what} ${remedy}`)
    show(terminal, answer, () => describeAuthClient(answer.authClient))
    return exitCode.done
  },
}

const edit: Verb = {
  name: 'auth-clients edit',
  summary: 'Change an Auth Client; what is left out stays',
  usage:
    '<auth client> [--name <name>] [--client-id <id>] [--authorization-endpoint <url>] [--token-endpoint <url>] [--secret-file <file>] …',
  options: {
    name: { type: 'string' },
    'client-id': { type: 'string' },
    'authorization-endpoint': { type: 'string' },
    'token-endpoint': { type: 'string' },
    'device-endpoint': { type: 'string' },
    scopes: { type: 'string' },
    ...proofOptions,
  },
  takes: [1, 1],
  async run(call) {
    const { id, version } = await named(call)
    const { name, 'client-id': clientId, 'token-endpoint': tokenEndpoint } = call.options
    const { authentication: _kept, ...proof } = await readProof(call, false)
    const changed = await (await call.hub()).call(
      'editAuthClient',
      {
        params: { id },
        body: {
          version,
          ...proof,
          ...endpoints(call.options),
          ...(typeof name === 'string' && { name }),
          ...(typeof clientId === 'string' && { clientId }),
          ...(typeof tokenEndpoint === 'string' && { tokenEndpoint }),
        },
      },
      { signal: call.signal },
    )
    show(call.terminal, changed, () => describeAuthClient(changed))
    return exitCode.done
  },
}

const tryOut: Verb = {
  name: 'auth-clients test',
  summary: 'Ask the authorization server whether it accepts this client and secret',
  usage: '<auth client> [--next]',
  options: { next: { type: 'boolean' } },
  takes: [1, 1],
  async run(call) {
    const { id } = await named(call)
    const slot = call.options['next'] === true ? 'next' : 'current'
    const answer = await (await call.hub()).call(
      'testAuthClient',
      { params: { id }, body: { slot } },
      { signal: call.signal },
    )
    show(call.terminal, answer, () =>
      answer.accepted
        ? 'Accepted.'
        : [answer.explanation?.what, answer.explanation?.remedy].filter(Boolean).join('\n'),
    )
    return answer.accepted ? exitCode.done : exitCode.notVerified
  },
}

const whereUsed: Verb = {
  name: 'auth-clients where-used',
  summary: 'List the Credentials on an Auth Client',
  usage: '<auth client>',
  takes: [1, 1],
  async run(call) {
    const { id } = await named(call)
    const { items } = await (await call.hub()).call(
      'authClientUses',
      { params: { id } },
      { signal: call.signal },
    )
    show(call.terminal, items, () =>
      table(
        ['credential', 'name', 'state'],
        items.map((item) => [item.credentialId.slice(0, 8), item.name, item.state]),
      ),
    )
    return exitCode.done
  },
}

const remove: Verb = {
  name: 'auth-clients remove',
  summary: 'Remove an Auth Client that no Credential uses',
  usage: '<auth client>',
  takes: [1, 1],
  async run(call) {
    const { id, name } = await named(call)
    await (await call.hub()).call('removeAuthClient', { params: { id } }, { signal: call.signal })
    show(call.terminal, { removed: id }, () => `Removed ${name}.`)
    return exitCode.done
  },
}

export const authClients: readonly Verb[] = [
  list,
  { ...list, name: 'auth-clients' },
  add,
  edit,
  tryOut,
  whereUsed,
  remove,
]

async function named({ positionals, signal, hub }: Call): Promise<AuthClient> {
  const { items } = await (await hub()).call('listAuthClients', {}, { signal })
  return pick('Auth Client', items, positionals[0] ?? '')
}

function endpoints(options: Call['options']): {
  authorizationEndpoint?: string
  deviceEndpoint?: string
  scopes?: string
} {
  const {
    'authorization-endpoint': authorizationEndpoint,
    'device-endpoint': deviceEndpoint,
    scopes,
  } = options
  return {
    ...(typeof authorizationEndpoint === 'string' && { authorizationEndpoint }),
    ...(typeof deviceEndpoint === 'string' && { deviceEndpoint }),
    ...(typeof scopes === 'string' && { scopes }),
  }
}
