import { exitCode } from '../exit-code.ts'
import { neededOption, textOption } from '../read-arguments.ts'
import { pick } from '../references.ts'
import { table } from '../table.ts'
import { show } from '../terminal.ts'
import type { Call, Verb } from '../verb.ts'
import { type Credential, describeCredential } from './describe.ts'
import { verify } from './verify.ts'

const list: Verb = {
  name: 'credentials list',
  summary: 'List the Credentials',
  usage: '',
  takes: [0, 0],
  async run({ terminal, signal, hub }) {
    const { items } = await (await hub()).call('listCredentials', {}, { signal })
    const rows = items.map((item) => [
      item.id.slice(0, 8),
      item.name,
      item.environmentUrl,
      item.grant,
      item.state,
      item.worksUntilAtLeast?.slice(0, 10),
    ])
    show(terminal, items, () =>
      items.length === 0
        ? 'No Credential is stored yet: "fairlead connect <crm address>" makes one.'
        : table(
            ['id', 'name', 'environment', 'grant', 'state', 'works until'],
            rows,
            terminal.results,
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
    show(call.terminal, credential, () => describeCredential(call.terminal.results, credential))
    return exitCode.done
  },
}

const add: Verb = {
  name: 'credentials add',
  summary: 'Create a Credential on an Auth Client; "connect" does this and signs in',
  usage: '<crm address> --auth-client <auth client> [--name <name>] [--app]',
  options: {
    'auth-client': { type: 'string', value: '<auth client>', what: 'Its name or id' },
    name: { type: 'string', value: '<name>', what: 'Its name; default the address' },
    app: { type: 'boolean', what: 'For an application user, without anybody signing in' },
    'api-version': { type: 'string', value: '<version>', what: 'For example v9.2' },
  },
  takes: [1, 1],
  async run(call) {
    const { positionals, options, terminal, signal } = call
    const reference = neededOption(add, call, 'auth-client')
    const client = await call.hub()
    const { items } = await client.call('listAuthClients', {}, { signal })
    const baseUrl = positionals[0] ?? ''
    const version = textOption(call, 'api-version')
    const body = {
      authClientId: pick('Auth Client', items, reference).id,
      name: textOption(call, 'name') ?? baseUrl,
      baseUrl,
      grant: options['app'] === true ? ('app' as const) : ('delegated' as const),
      ...(version !== undefined && { apiVersion: version }),
    }
    const created = await client.call('createCredential', { body }, { signal })
    show(terminal, created, () => describeCredential(terminal.results, created))
    return exitCode.done
  },
}

const edit: Verb = {
  name: 'credentials edit',
  summary: 'Change a Credential; what is left out stays',
  usage: '<credential> [--name <name>] [--base-url <crm address>] [--api-version v9.2]',
  options: {
    name: { type: 'string', value: '<name>', what: 'Another name' },
    'base-url': { type: 'string', value: '<crm address>', what: 'Another address' },
    'api-version': { type: 'string', value: '<version>', what: 'For example v9.2' },
  },
  takes: [1, 1],
  async run(call) {
    const { terminal, signal } = call
    const { id, version } = await named(call)
    const [name, baseUrl, apiVersion] = ['name', 'base-url', 'api-version'].map((option) =>
      textOption(call, option),
    )
    const body = {
      version,
      ...(name !== undefined && { name }),
      ...(baseUrl !== undefined && { baseUrl }),
      ...(apiVersion !== undefined && { apiVersion }),
    }
    const changed = await (await call.hub()).call(
      'editCredential',
      { params: { id }, body },
      { signal },
    )
    show(terminal, changed, () => describeCredential(terminal.results, changed))
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
  { ...verify, name: 'credentials test' },
  remove,
]

async function named({ positionals, signal, hub }: Call): Promise<Credential> {
  const { items } = await (await hub()).call('listCredentials', {}, { signal })
  return pick('Credential', items, positionals[0] ?? '')
}
