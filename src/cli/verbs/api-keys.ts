import type { Answer } from '../../http/contract/index.ts'
import { exitCode } from '../exit-code.ts'
import { textOption } from '../read-arguments.ts'
import { pick } from '../references.ts'
import { table } from '../table.ts'
import { show } from '../terminal.ts'
import { UsageError } from '../usage-error.ts'
import type { Verb } from '../verb.ts'

type Scope = Answer<'listApiKeys'>['items'][number]['scopes'][number]

const scopes: readonly Scope[] = ['read', 'run', 'manage', 'admin']

const list: Verb = {
  name: 'api-keys list',
  summary: 'List the API keys, without their values',
  usage: '',
  takes: [0, 0],
  async run({ terminal, signal, hub }) {
    const { items } = await (await hub()).call('listApiKeys', {}, { signal })
    show(terminal, items, () =>
      table(
        ['id', 'name', 'key', 'scopes', 'expires', 'last used'],
        items.map((item) => [
          item.id.slice(0, 8),
          item.name,
          `${item.hint}…`,
          item.scopes.join(' '),
          item.expiresAt.slice(0, 10),
          item.lastUsedAt?.slice(0, 10),
        ]),
        terminal.results,
      ),
    )
    return exitCode.done
  },
}

const add: Verb = {
  name: 'api-keys add',
  summary: 'Make an API key, for --hub and for programs; it is shown this once',
  usage: '<name> [--scopes read,run] [--days 90]',
  options: {
    scopes: { type: 'string', value: '<list>', what: `Of ${scopes.join(', ')}; default read,run` },
    days: { type: 'string', value: '<number>', what: 'How long it is valid; default 90' },
  },
  takes: [1, 1],
  async run(call) {
    const { positionals, terminal, signal, hub } = call
    const body = {
      name: positionals[0] ?? '',
      scopes: readScopes(textOption(call, 'scopes') ?? 'read,run'),
      expiresInDays: Number(textOption(call, 'days') ?? 90),
    }
    const made = await (await hub()).call('createApiKey', { body }, { signal })
    show(terminal, made, () => made.key)
    terminal.note(`Valid until ${made.apiKey.expiresAt.slice(0, 10)}; it is not shown again.`)
    return exitCode.done
  },
}

const remove: Verb = {
  name: 'api-keys remove',
  summary: 'Revoke an API key at once',
  usage: '<api key>',
  takes: [1, 1],
  async run({ positionals, terminal, signal, hub }) {
    const client = await hub()
    const { items } = await client.call('listApiKeys', {}, { signal })
    const { id, name } = pick('API key', items, positionals[0] ?? '')
    await client.call('revokeApiKey', { params: { id } }, { signal })
    show(terminal, { removed: id }, () => `Revoked ${name}.`)
    return exitCode.done
  },
}

export const apiKeys: readonly Verb[] = [list, { ...list, name: 'api-keys' }, add, remove]

function readScopes(text: string): Scope[] {
  return text.split(/[\s,]+/).flatMap((word) => {
    if (word === '') return []
    const scope = scopes.find((each) => each === word)
    if (scope) return [scope]
    throw new UsageError(add, `"${word}" is no scope: there are ${scopes.join(', ')}.`)
  })
}
