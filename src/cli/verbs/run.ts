import { readFile } from 'node:fs/promises'
import { isObject, type Json } from '../../kernel/index.ts'
import { exitCode } from '../exit-code.ts'
import { pick } from '../references.ts'
import { table } from '../table.ts'
import { show } from '../terminal.ts'
import { UsageError } from '../usage-error.ts'
import type { Call, Verb } from '../verb.ts'

export const run: Verb = {
  name: 'run',
  summary: 'Run an action; each output is one line of JSON',
  usage:
    '<action> --credential <credential> [--config <file or JSON>] [--input <file or JSON>], or no action to list them',
  options: {
    credential: { type: 'string' },
    config: { type: 'string' },
    input: { type: 'string' },
  },
  takes: [0, 1],
  async run(call) {
    const { positionals, options, signal } = call
    const [action] = positionals
    if (action === undefined) return listActions(call)
    const config = await readJson(options['config'])
    if (!isObject(config)) throw new UsageError(run, 'The configuration is not a JSON object.')
    return stream(call, action, config, await readJson(options['input']), signal)
  },
}

export const raw: Verb = {
  name: 'raw',
  summary: 'Send one request to the Web API of an environment',
  usage: '<path> --credential <credential> [--method GET] [--data <file or JSON>]',
  options: {
    credential: { type: 'string' },
    method: { type: 'string' },
    data: { type: 'string' },
  },
  takes: [1, 1],
  async run(call) {
    const { positionals, options, signal } = call
    const input = {
      url: positionals[0] ?? '',
      method: String(options['method'] ?? 'GET').toUpperCase(),
      ...(options['data'] !== undefined && { data: await readJson(options['data']) }),
    }
    return stream(call, 'makeRawRequest', {}, input, signal)
  },
}

async function stream(
  { options, terminal, hub }: Call,
  action: string,
  config: Readonly<Record<string, Json>>,
  input: Json,
  signal: AbortSignal,
): Promise<typeof exitCode.done> {
  const client = await hub()
  const { items } = await client.call('listCredentials', {}, { signal })
  const { id } = pick('Credential', items, String(options['credential'] ?? ''))
  const request = { params: { id, name: action }, body: { config, input } }
  for await (const line of client.stream('runAction', request, { signal }))
    if (line.kind === 'data') terminal.out(JSON.stringify(line.body))
  return exitCode.done
}

async function listActions({ terminal, signal, hub }: Call): Promise<typeof exitCode.done> {
  const { items } = await (await hub()).call('listActions', {}, { signal })
  show(terminal, items, () =>
    table(
      ['action', 'title'],
      items.map(({ name, title }) => [name, title]),
    ),
  )
  return exitCode.done
}

/** Reads JSON given in place, or the file that is named; nothing given is an empty object. */
async function readJson(text: string | boolean | undefined): Promise<Json> {
  if (typeof text !== 'string') return {}
  const inPlace = /^\s*[[{"]/.test(text)
  try {
    return JSON.parse(inPlace ? text : await readFile(text, 'utf8')) as Json
  } catch (error) {
    throw new UsageError(
      run,
      inPlace ? 'The JSON is not complete.' : `"${text}" is no file with JSON in it.`,
      error,
    )
  }
}
