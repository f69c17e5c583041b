import { exitCode } from '../exit-code.ts'
import { explanationLines } from '../explanation-view.ts'
import { neededOption, textOption } from '../read-arguments.ts'
import { pick } from '../references.ts'
import { table } from '../table.ts'
import { show } from '../terminal.ts'
import type { Call, Options, Verb } from '../verb.ts'
import { labelled } from '../view.ts'
import { demandProof, proofOptions, readProof } from './auth-client-proof.ts'
import { type AuthClient, describeAuthClient } from './describe.ts'
import { nextSecret } from './next-secret.ts'

const endpointOptions = {
  'client-id': { type: 'string', value: '<id>', what: 'The Application (client) ID' },
  'authorization-endpoint': {
    type: 'string',
    value: '<url>',
    what: 'Where people sign in, as the guide says or of any OAuth 2 server',
  },
  'token-endpoint': { type: 'string', value: '<url>', what: 'Where tokens are asked for' },
  'device-endpoint': { type: 'string', value: '<url>', what: 'Where device codes are asked for' },
  scopes: { type: 'string', value: '<scopes>', what: 'What to ask a server for that is not Entra' },
} as const satisfies Options

const list: Verb = {
  name: 'auth-clients list',
  summary: 'List the Auth Clients',
  usage: '',
  takes: [0, 0],
  async run({ terminal, signal, hub }) {
    const { items } = await (await hub()).call('listAuthClients', {}, { signal })
    const rows = items.map((item) => [
      item.id.slice(0, 8),
      item.name,
      item.clientId,
      item.authentication,
      (
        item.secrets.find(({ slot }) => slot === 'current')?.expiresAt ?? item.certificate?.notAfter
      )?.slice(0, 10),
    ])
    show(terminal, items, () =>
      items.length === 0
        ? 'No Auth Client is stored yet: "fairlead connect" or "fairlead auth-clients add" does it.'
        : table(['id', 'name', 'client id', 'proof', 'proof expires'], rows, terminal.results),
    )
    return exitCode.done
  },
}

const get: Verb = {
  name: 'auth-clients show',
  summary: 'Show one Auth Client with its last problem',
  usage: '<auth client>',
  takes: [1, 1],
  async run(call) {
    const client = await named(call)
    show(call.terminal, client, () => describeAuthClient(call.terminal.results, client))
    return exitCode.done
  },
}

const add: Verb = {
  name: 'auth-clients add',
  summary: 'Store an OAuth client that was registered in Entra ID or elsewhere',
  usage:
    '<name> --client-id <id> --token-endpoint <url> [--authorization-endpoint <url>] [--secret-file <file> | --certificate <file> --private-key <file> | --assertion-file <file> | --public] …',
  options: { ...endpointOptions, ...proofOptions },
  takes: [1, 1],
  async run(call) {
    const { positionals, terminal, signal } = call
    const clientId = neededOption(add, call, 'client-id')
    const tokenEndpoint = neededOption(add, call, 'token-endpoint')
    const proof = await demandProof(add, call)
    const client = await call.hub()
    const body = {
      name: positionals[0] ?? '',
      ...proof,
      ...endpoints(call),
      clientId,
      tokenEndpoint,
    }
    const answer = await client.call('createAuthClient', { body }, { signal })
    for (const { what, remedy } of answer.warnings)
      for (const line of labelled('! ', `${what} ${remedy}`, terminal.notes)) terminal.note(line)
    show(terminal, answer, () => describeAuthClient(terminal.results, answer.authClient))
    return exitCode.done
  },
}

const edit: Verb = {
  name: 'auth-clients edit',
  summary: 'Change an Auth Client; what is left out stays',
  usage: '<auth client> [--name <name>] [--client-id <id>] [--secret-file <file>] …',
  options: {
    name: { type: 'string', value: '<name>', what: 'Another name' },
    ...endpointOptions,
    ...proofOptions,
  },
  takes: [1, 1],
  async run(call) {
    const { terminal, signal } = call
    const { authentication: _kept, ...proof } = await readProof(edit, call)
    const { id, version } = await named(call)
    const changed = await (await call.hub()).call(
      'editAuthClient',
      { params: { id }, body: { version, ...proof, ...endpoints(call) } },
      { signal },
    )
    show(terminal, changed, () => describeAuthClient(terminal.results, changed))
    return exitCode.done
  },
}

const tryOut: Verb = {
  name: 'auth-clients test',
  summary: 'Ask the authorization server whether it accepts this client and its proof',
  usage: '<auth client> [--next]',
  options: { next: { type: 'boolean', what: 'Try the secret that waits to replace the current' } },
  takes: [1, 1],
  async run(call) {
    const { terminal, signal } = call
    const { id } = await named(call)
    const slot = call.options['next'] === true ? 'next' : 'current'
    const answer = await (await call.hub()).call(
      'testAuthClient',
      { params: { id }, body: { slot } },
      { signal },
    )
    show(terminal, answer, () =>
      answer.accepted ? 'Accepted.' : `Not accepted${answer.explanation ? ':' : '.'}`,
    )
    if (answer.explanation)
      for (const line of explanationLines(terminal.notes, answer.explanation)) terminal.note(line)
    return answer.accepted ? exitCode.done : exitCode.notVerified
  },
}

const whereUsed: Verb = {
  name: 'auth-clients where-used',
  summary: 'List the Credentials on an Auth Client',
  usage: '<auth client>',
  takes: [1, 1],
  async run(call) {
    const { id, name } = await named(call)
    const { items } = await (await call.hub()).call(
      'authClientUses',
      { params: { id } },
      { signal: call.signal },
    )
    show(call.terminal, items, () =>
      items.length === 0
        ? `No Credential uses ${name}.`
        : table(
            ['id', 'name', 'state'],
            items.map((item) => [item.credentialId.slice(0, 8), item.name, item.state]),
            call.terminal.results,
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
  get,
  add,
  edit,
  nextSecret,
  tryOut,
  whereUsed,
  remove,
]

async function named({ positionals, signal, hub }: Call): Promise<AuthClient> {
  const { items } = await (await hub()).call('listAuthClients', {}, { signal })
  return pick('Auth Client', items, positionals[0] ?? '')
}

// What is not given is left out, so that it stays as it is.
function endpoints(call: Call) {
  const given = {
    name: textOption(call, 'name'),
    clientId: textOption(call, 'client-id'),
    authorizationEndpoint: textOption(call, 'authorization-endpoint'),
    tokenEndpoint: textOption(call, 'token-endpoint'),
    deviceEndpoint: textOption(call, 'device-endpoint'),
    scopes: textOption(call, 'scopes'),
  }
  return definedOnly(given)
}

function definedOnly<Fields extends Readonly<Record<string, string | undefined>>>(
  fields: Fields,
): { readonly [Name in keyof Fields]?: string } {
  const found: { [Name in keyof Fields]?: string } = {}
  for (const name in fields) {
    const value = fields[name]
    if (value !== undefined) found[name] = value
  }
  return found
}
