import type { Answer } from '../../http/contract/index.ts'
import { exitCode } from '../exit-code.ts'
import { pick } from '../references.ts'
import { table } from '../table.ts'
import { show } from '../terminal.ts'
import type { Call, Verb } from '../verb.ts'

type Credential = Answer<'getCredential'>

const list: Verb = {
  name: 'credentials list',
  summary: 'List the Credentials',
  usage: '',
  takes: [0, 0],
  async run({ terminal, signal, hub }) {
    const { items } = await (await hub()).call('listCredentials', {}, { signal })
    show(terminal, items, () =>
      table(
        ['id', 'name', 'environment', 'grant', 'state', 'works until at least'],
        items.map((item) => [
          item.id.slice(0, 8),
          item.name,
          item.environmentUrl,
          item.grant,
          item.state,
          item.worksUntilAtLeast?.slice(0, 10),
        ]),
      ),
    )
    return exitCode.done
  },
}

const get: Verb = {
  name: 'credentials show',
  summary: 'Show one Credential with its last problem',
  usage: '<credential>',
  takes: [1, 1],
  async run(call) {
    const credential = await named(call)
    show(call.terminal, credential, () => describe(credential))
    return exitCode.done
  },
}

const add: Verb = {
  name: 'credentials add',
  summary: 'Create a Credential on an Auth Client; "connect" does this and signs in',
  usage: '<crm address> --auth-client <auth client> [--name <name>] [--app] [--api-version v9.2]',
  options: {
    'auth-client': { type: 'string' },
    name: { type: 'string' },
    app: { type: 'boolean' },
    'api-version': { type: 'string' },
  },
  takes: [1, 1],
  async run({ positionals, options, terminal, signal, hub }) {
    const client = await hub()
    const { items } = await client.call('listAuthClients', {}, { signal })
    const authClient = pick('Auth Client', items, String(options['auth-client'] ?? ''))
    const baseUrl = positionals[0] ?? ''
    const version = options['api-version']
    const created = await client.call(
      'createCredential',
      {
        body: {
          authClientId: authClient.id,
          name: String(options['name'] ?? baseUrl),
          baseUrl,
          grant: options['app'] === true ? 'app' : 'delegated',
          ...(typeof version === 'string' && { apiVersion: version }),
        },
      },
      { signal },
    )
    show(terminal, created, () => describe(created))
    return exitCode.done
  },
}

const edit: Verb = {
  name: 'credentials edit',
  summary: 'Change a Credential; what is left out stays',
  usage: '<credential> [--name <name>] [--base-url <crm address>] [--api-version v9.2]',
  options: {
    name: { type: 'string' },
    'base-url': { type: 'string' },
    'api-version': { type: 'string' },
  },
  takes: [1, 1],
  async run(call) {
    const { id, version } = await named(call)
    const { name, 'base-url': baseUrl, 'api-version': apiVersion } = call.options
    const changed = await (await call.hub()).call(
      'editCredential',
      {
        params: { id },
        body: {
          version,
          ...(typeof name === 'string' && { name }),
          ...(typeof baseUrl === 'string' && { baseUrl }),
          ...(typeof apiVersion === 'string' && { apiVersion }),
        },
      },
      { signal: call.signal },
    )
    show(call.terminal, changed, () => describe(changed))
    return exitCode.done
  },
}

const remove: Verb = {
  name: 'credentials remove',
  summary: 'Remove a Credential; its tokens are erased at once',
  usage: '<credential>',
  takes: [1, 1],
  async run(call) {
    const { id, name } = await named(call)
    await (await call.hub()).call('removeCredential', { params: { id } }, { signal: call.signal })
    show(call.terminal, { removed: id }, () => `Removed ${name}.`)
    return exitCode.done
  },
}

export const credentials: readonly Verb[] = [
  list,
  { ...list, name: 'credentials' },
  get,
  add,
  edit,
  remove,
]

async function named({ positionals, signal, hub }: Call): Promise<Credential> {
  const { items } = await (await hub()).call('listCredentials', {}, { signal })
  return pick('Credential', items, positionals[0] ?? '')
}

function describe(credential: Credential): string {
  const { identity, problem } = credential
  const facts: readonly (readonly [string, string | undefined])[] = [
    ['id', credential.id],
    ['name', credential.name],
    ['environment', credential.environmentUrl],
    ['API version', credential.apiVersion],
    ['grant', credential.grant],
    ['state', credential.state],
    ['signed in as', identity?.userPrincipalName ?? identity?.fullName ?? identity?.userId],
    ['works until', credential.worksUntilAtLeast],
    ['problem', problem && `${problem.what} (${problem.code})`],
    ['remedy', problem?.remedy],
  ]
  return facts
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => `${name.padEnd(14)} ${value}`)
    .join('\n')
}
