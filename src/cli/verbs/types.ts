import { createReadStream } from 'node:fs'
import { stat, writeFile } from 'node:fs/promises'
import { type ExitCode, exitCode } from '../exit-code.ts'
import { neededOption, textOption } from '../read-arguments.ts'
import { pick } from '../references.ts'
import { show } from '../terminal.ts'
import { UsageError } from '../usage-error.ts'
import type { Call, Verb } from '../verb.ts'

export const types: Verb = {
  name: 'types',
  summary: 'Write TypeScript for tables: rows, choices, keys, in the case of the service',
  usage: '--tables account,contact (--credential <credential> | --metadata <file>) [--out <file>]',
  options: {
    tables: { type: 'string', value: '<names>', what: 'Logical names, with commas between' },
    credential: {
      type: 'string',
      value: '<credential>',
      what: 'Whose environment to ask: name, id, or the beginning of an id',
    },
    metadata: {
      type: 'string',
      value: '<file>',
      what: 'A saved $metadata document, in place of an environment; it has no labels and no choices',
    },
    out: { type: 'string', value: '<file>', what: 'Where to write; else to stdout' },
  },
  takes: [0, 0],
  async run(call) {
    const tables = readNames(neededOption(types, call, 'tables'))
    const file = textOption(call, 'metadata')
    const text =
      file === undefined ? await fromHub(call, tables) : await fromFile(call, file, tables)
    const out = textOption(call, 'out')
    if (out === undefined) show(call.terminal, { text }, () => text.trimEnd())
    else {
      await writeFile(out, text)
      show(call.terminal, { file: out, tables }, () => `Wrote ${out}.`)
    }
    return exitCode.done satisfies ExitCode
  },
}

function readNames(text: string): readonly string[] {
  const names = [...new Set(text.split(',').map((name) => name.trim().toLowerCase()))]
  const wrong = names.find((name) => !/^\w{1,100}$/.test(name))
  if (wrong === undefined && names.length <= 100) return names
  const why =
    wrong === undefined ? 'There are more than 100 tables.' : `"${wrong}" is no name of a table.`
  throw new UsageError(types, why)
}

async function fromHub(call: Call, tables: readonly string[]): Promise<string> {
  const reference = textOption(call, 'credential')
  if (reference === undefined) {
    throw new UsageError(types, 'Neither --credential nor --metadata says where the tables are.')
  }
  const { signal } = call
  const client = await call.hub()
  const { items } = await client.call('listCredentials', {}, { signal })
  const { id } = pick('Credential', items, reference)
  const request = { params: { id }, query: { tables: tables.join(',') } }
  const { text } = await client.call('readTypes', request, { signal })
  return text
}

async function fromFile(
  { signal }: Call,
  file: string,
  tables: readonly string[],
): Promise<string> {
  const found = await stat(file).catch(() => undefined)
  if (!found?.isFile()) throw new UsageError(types, `--metadata names "${file}", which is no file.`)
  // Only this verb needs the client's code, and only without a hub.
  const { typesOfDocument } = await import('../../dataverse/index.ts')
  return typesOfDocument(createReadStream(file), tables, { signal })
}
