import { exitCode } from '../exit-code.ts'
import { objectOption } from '../json-option.ts'
import { neededOption } from '../read-arguments.ts'
import { pick } from '../references.ts'
import { table } from '../table.ts'
import { show } from '../terminal.ts'
import { UsageError } from '../usage-error.ts'
import type { Call, Verb } from '../verb.ts'
import { describeTrigger, type Trigger } from './describe.ts'
import { outputs, runOnce } from './trigger-outputs.ts'

const list: Verb = {
  name: 'triggers list',
  summary: 'List the triggers whose place the hub keeps',
  usage: '',
  takes: [0, 0],
  async run({ terminal, signal, hub }) {
    const { items } = await (await hub()).call('listTriggers', {}, { signal })
    show(terminal, items, () =>
      items.length === 0
        ? 'No trigger is kept yet: "fairlead triggers add <name>" makes one.'
        : table(
            ['id', 'name', 'trigger', 'state', 'last run', 'waiting', 'outputs up to'],
            items.map((item) => [
              item.id.slice(0, 8),
              item.name,
              item.trigger,
              stateOf(item),
              item.lastRun?.outcome,
              String(item.waiting),
              String(item.lastSequence),
            ]),
            terminal.results,
          ),
    )
    return exitCode.done
  },
}

const get: Verb = {
  name: 'triggers show',
  summary: 'Show one trigger with its last run',
  usage: '<trigger>',
  takes: [1, 1],
  async run(call) {
    showTrigger(call, await named(call))
    return exitCode.done
  },
}

const add: Verb = {
  name: 'triggers add',
  summary: 'Keep a trigger: its place, and what it puts out',
  usage: '<name> --credential <credential> --trigger <trigger> [--config <JSON>]',
  options: {
    credential: {
      type: 'string',
      value: '<credential>',
      what: 'Name, id, or the beginning of an id',
    },
    trigger: { type: 'string', value: '<trigger>', what: 'One that "fairlead run" lists' },
    config: { type: 'string', value: '<file or JSON>', what: 'Its fields' },
  },
  takes: [1, 1],
  async run(call) {
    const { positionals, signal } = call
    const [name = ''] = positionals
    const reference = neededOption(add, call, 'credential')
    const trigger = neededOption(add, call, 'trigger')
    const config = await objectOption(add, call, 'config')
    const client = await call.hub()
    const { items } = await client.call('listCredentials', {}, { signal })
    const { id: credentialId } = pick('Credential', items, reference)
    const body = { name, credentialId, trigger, config }
    showTrigger(call, await client.call('createTrigger', { body }, { signal }))
    return exitCode.done
  },
}

const pause = changing('pauseTrigger', {
  name: 'triggers pause',
  summary: 'Pause a trigger; messages for a webhook trigger are still stored',
})

const resume = changing('resumeTrigger', {
  name: 'triggers resume',
  summary: 'Resume a trigger, and try again what was given up',
})

const disable = changing('disableTrigger', {
  name: 'triggers disable',
  summary: 'Have Dataverse send no more messages for a webhook trigger',
})

const enabling = changing('enableTrigger', {
  name: 'triggers enable',
  summary: 'Have Dataverse send messages for a webhook trigger, to a hub that runs',
})

const enable: Verb = {
  ...enabling,
  async run(call) {
    if (call.remote) return await enabling.run(call)
    throw new UsageError(
      enabling,
      'Messages are sent to a hub that runs, and the one in this process ends with the command.',
      {
        remedy:
          'Start "fairlead serve" where the environment reaches it, and name it with --hub or FAIRLEAD_HUB.',
      },
    )
  },
}

const remove: Verb = {
  name: 'triggers remove',
  summary: 'Remove a trigger with everything it put out',
  usage: '<trigger> [--force]',
  options: {
    force: { type: 'boolean', what: 'Also where its registration in Dataverse cannot be undone' },
  },
  takes: [1, 1],
  async run(call) {
    const { id, name } = await named(call)
    const request = {
      params: { id },
      query: { force: call.options['force'] === true ? ('true' as const) : ('false' as const) },
    }
    await (await call.hub()).call('removeTrigger', request, { signal: call.signal })
    show(call.terminal, { removed: id }, () => `Removed ${name}.`)
    return exitCode.done
  },
}

export const triggers: readonly Verb[] = [
  list,
  { ...list, name: 'triggers' },
  get,
  add,
  runOnce,
  outputs,
  pause,
  resume,
  enable,
  disable,
  remove,
]

function changing(
  operation: 'pauseTrigger' | 'resumeTrigger' | 'enableTrigger' | 'disableTrigger',
  verb: Pick<Verb, 'name' | 'summary'>,
): Verb {
  return {
    ...verb,
    usage: '<trigger>',
    takes: [1, 1],
    async run(call) {
      const params = { id: (await named(call)).id }
      const changed = await (await call.hub()).call(operation, { params }, { signal: call.signal })
      showTrigger(call, changed)
      return exitCode.done
    },
  }
}

function stateOf({ state, running, enabled }: Trigger): string {
  if (state === 'paused') return 'paused'
  if (running) return 'running'
  return enabled ? 'enabled' : 'active'
}

function showTrigger({ terminal }: Call, trigger: Trigger): void {
  show(terminal, trigger, () => describeTrigger(terminal.results, trigger))
}

async function named({ positionals, signal, hub }: Call): Promise<Trigger> {
  const { items } = await (await hub()).call('listTriggers', {}, { signal })
  return pick('trigger', items, positionals[0] ?? '')
}
