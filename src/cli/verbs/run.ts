import type { HubClient } from '../../http/client/index.ts'
import type { Json } from '../../kernel/index.ts'
import { readCursor, writeCursor } from '../cursor-file.ts'
import { type ExitCode, exitCode } from '../exit-code.ts'
import { jsonOption, objectOption } from '../json-option.ts'
import { neededOption, textOption } from '../read-arguments.ts'
import { pick } from '../references.ts'
import { attachmentOf, saveAttachment } from '../save-attachment.ts'
import { table } from '../table.ts'
import { show } from '../terminal.ts'
import { UsageError } from '../usage-error.ts'
import type { Call, Verb } from '../verb.ts'

const credential = {
  type: 'string',
  value: '<credential>',
  what: 'Name, id, or the beginning of an id',
} as const

export const run: Verb = {
  name: 'run',
  summary: 'Run a trigger or an action; each output is one line of JSON. Without one, list them',
  usage: '[<name> --credential <credential> [--config <JSON>] [--input <JSON>]]',
  options: {
    credential,
    config: { type: 'string', value: '<file or JSON>', what: 'Its fields' },
    input: { type: 'string', value: '<file or JSON>', what: 'The message it works on' },
    cursor: { type: 'string', value: '<file>', what: 'Go on from here, and keep the place here' },
    attachments: {
      type: 'string',
      value: '<folder>',
      what: 'Save documents that it puts aside here; without --hub the current folder',
    },
    sample: { type: 'boolean', what: 'A few outputs, only to see them' },
  },
  takes: [0, 1],
  async run(call) {
    const [action] = call.positionals
    if (action === undefined) return listActions(call)
    const config = await objectOption(run, call, 'config')
    const input = await jsonOption(run, call, 'input')
    const cursorFile = textOption(call, 'cursor')
    const sample = call.options['sample'] === true
    return await stream(run, call, {
      ...{ action, config, input },
      ...(sample && { sample }),
      ...(cursorFile !== undefined && { cursorFile }),
    })
  },
}

export const raw: Verb = {
  name: 'raw',
  summary: 'Send one request to the Web API of an environment',
  usage: '<path> --credential <credential> [--method GET] [--data <JSON>]',
  options: {
    credential,
    method: { type: 'string', value: '<method>', what: 'GET unless told otherwise' },
    data: { type: 'string', value: '<file or JSON>', what: 'The body of the request' },
  },
  takes: [1, 1],
  async run(call) {
    const input = {
      url: call.positionals[0] ?? '',
      method: (textOption(call, 'method') ?? 'GET').toUpperCase(),
      ...(call.options['data'] !== undefined && { data: await jsonOption(raw, call, 'data') }),
    }
    return await stream(raw, call, { action: 'makeRawRequest', config: {}, input })
  },
}

interface Work {
  readonly action: string
  readonly config: Readonly<Record<string, Json>>
  readonly input: Json
  readonly sample?: boolean
  readonly cursorFile?: string
}

async function stream(verb: Verb, call: Call, work: Work): Promise<ExitCode> {
  const { terminal, signal } = call
  const { action, cursorFile, ...asked } = work
  const reference = neededOption(verb, call, 'credential')
  const cursor = cursorFile === undefined ? undefined : await readPlace(verb, cursorFile)
  const client = await call.hub()
  const { items } = await client.call('listCredentials', {}, { signal })
  const { id } = pick('Credential', items, reference)
  const body = { ...asked, ...(cursor !== undefined && { cursor }) }
  const request = { params: { id, name: action }, body }
  // A whole answer is for reading where a person watches; many rows, and pipes, go line by line.
  const watched = !terminal.json && terminal.results.columns !== undefined
  const indent = verb === raw && watched ? 2 : undefined
  for await (const line of client.stream('runAction', request, { signal })) {
    if (line.kind === 'data') {
      const body = await withFile(call, client, line.body)
      terminal.out(JSON.stringify(body, undefined, indent))
    }
    await terminal.keepPace()
    signal.throwIfAborted()
    // The place is kept after what came before it is out: a crash repeats rather than skips.
    if (line.kind === 'checkpoint' && cursorFile !== undefined)
      await writeCursor(cursorFile, line.cursor)
  }
  return exitCode.done
}

// Where the hub ends with the command, its address of a document leads nowhere: the file takes its place.
async function withFile(call: Call, client: HubClient, body: Json): Promise<Json> {
  const folder = textOption(call, 'attachments') ?? (call.remote ? undefined : '.')
  const found = folder === undefined ? undefined : attachmentOf(body)
  if (folder === undefined || found === undefined) return body
  const file = await saveAttachment(client, found, { folder, signal: call.signal }).catch(
    (error: unknown) => {
      throw isOfFiles(error) ? cannotSave(folder, error) : error
    },
  )
  call.terminal.note(`Saved ${file}.`)
  const { url, ...rest } = found.output
  return { ...rest, ...(call.remote && url !== undefined && { url }), file }
}

function isOfFiles(error: unknown): error is Error {
  return error instanceof Error && 'syscall' in error && 'path' in error
}

function cannotSave(folder: string, error: Error): UsageError {
  return new UsageError(run, `Nothing can be written in "${folder}": ${error.message}.`, {
    remedy: 'Name a folder that you may write to with --attachments.',
    cause: error,
  })
}

async function readPlace(verb: Verb, file: string): Promise<Json | undefined> {
  try {
    return await readCursor(file)
  } catch (error) {
    throw new UsageError(verb, `--cursor names "${file}", which holds no checkpoint.`, {
      cause: error,
    })
  }
}

async function listActions({ terminal, signal, hub }: Call): Promise<ExitCode> {
  const { items } = await (await hub()).call('listActions', {}, { signal })
  show(terminal, items, () =>
    table(
      ['name', 'kind', 'title', 'what it does'],
      items.map(({ name, kind, title, description }) => [name, kind, title, description]),
      terminal.results,
    ),
  )
  return exitCode.done
}
