import { systemClock } from '../../kernel/index.ts'
import { exitCode } from '../exit-code.ts'
import { textOption } from '../read-arguments.ts'
import { pick } from '../references.ts'
import { show } from '../terminal.ts'
import { UsageError } from '../usage-error.ts'
import type { Call, Verb } from '../verb.ts'

const FOLLOW_MS = 1_000

/** Runs one execution, however long it takes. */
export const runOnce: Verb = {
  name: 'triggers run',
  summary: 'Run one execution of a trigger; its outputs are stored in the hub',
  usage: '<trigger>',
  takes: [1, 1],
  async run(call) {
    const { terminal, signal } = call
    const { client, params } = await open(call)
    const ran = { stored: 0, repeated: 0 }
    let sequence: number | undefined
    for await (const page of client.stream('runTrigger', { params }, { signal })) {
      ran.stored += page.stored
      ran.repeated += page.repeated
      sequence = page.sequence
      terminal.note(`Stored ${page.stored} new outputs, up to sequence ${page.sequence}.`)
    }
    const again = ran.repeated === 0 ? '' : `; stored before: ${ran.repeated}`
    show(
      terminal,
      { ...ran, ...(sequence !== undefined && { sequence }) },
      () => `Outputs stored: ${ran.stored}${again}.`,
    )
    return exitCode.done
  },
}

/** Reads stored outputs; every line has the sequence to go on after. */
export const outputs: Verb = {
  name: 'triggers outputs',
  summary: 'Read what a trigger put out, in order, one line of JSON each',
  usage: '<trigger> [--after <sequence>] [--limit <number>] [--follow]',
  options: {
    after: { type: 'string', value: '<sequence>', what: 'Only what came after; default 0' },
    limit: { type: 'string', value: '<number>', what: 'At most so many, 10,000 or fewer' },
    follow: { type: 'boolean', what: 'Wait for more, until it is stopped' },
  },
  takes: [1, 1],
  async run(call) {
    const { terminal, signal, options } = call
    const limit = wholeOption(call, 'limit')
    let after = wholeOption(call, 'after') ?? 0
    const follow = options['follow'] === true
    if (follow && limit !== undefined)
      throw new UsageError(outputs, '--follow has no end, and --limit is one.')
    const { client, params } = await open(call)
    do {
      const query = { after, ...(limit !== undefined && { limit }) }
      const lines = client.stream('triggerOutputs', { params, query }, { signal })
      for await (const { kind: _, ...output } of lines) {
        terminal.out(JSON.stringify(output))
        await terminal.keepPace()
        signal.throwIfAborted()
        after = output.sequence
      }
      if (follow) await systemClock.sleep(FOLLOW_MS, signal)
    } while (follow)
    return exitCode.done
  },
}

async function open({ positionals, signal, hub }: Call) {
  const client = await hub()
  const { items } = await client.call('listTriggers', {}, { signal })
  const { id } = pick('trigger', items, positionals[0] ?? '')
  return { client, params: { id } }
}

function wholeOption(call: Call, option: string): number | undefined {
  const text = textOption(call, option)
  if (text === undefined || /^\d{1,15}$/.test(text)) return text === undefined ? text : Number(text)
  throw new UsageError(outputs, `--${option} is "${text}", which is no whole number.`)
}
