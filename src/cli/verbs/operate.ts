import { exitCode } from '../exit-code.ts'
import { show } from '../terminal.ts'
import type { Verb } from '../verb.ts'

export const keys: Verb = {
  name: 'keys rotate',
  summary: 'Encrypt everything with a new key while hubs run; the old one is retired at the end',
  usage: '',
  local: true,
  takes: [0, 0],
  async run({ terminal, signal, configuration }) {
    const { rotateKeys } = await import('../../main.ts')
    const report = await rotateKeys(await configuration(), {
      signal,
      onProgress: ({ stage, done, total }) => terminal.note(`${stage} ${done} of ${total}`),
    })
    show(terminal, report, () => `${report.count} values are encrypted with key ${report.keyId}.`)
    return exitCode.done
  },
}

export const users: Verb = {
  name: 'users reset',
  summary: 'Issue a new set-up link for a user who lost the password; sessions end at once',
  usage: '[<user name>]',
  local: true,
  takes: [0, 1],
  async run({ positionals, terminal, signal, configuration }) {
    const { resetUser } = await import('../../main.ts')
    const link = await resetUser(await configuration(), positionals[0], signal)
    const url = link.url.reveal()
    const expiresAt = new Date(link.expiresAt).toISOString()
    show(terminal, { link: url, expiresAt }, () => url)
    terminal.note(`It works once, until ${expiresAt.slice(0, 16).replace('T', ' ')} UTC.`)
    return exitCode.done
  },
}

export const sandbox: Verb = {
  name: 'sandbox',
  summary: 'Run the stand-in for Entra ID and Dataverse; prints one line of JSON',
  usage: '[--port <port>] [--https] [--rows <number>] [--state <folder>] …',
  options: {
    port: { type: 'string', value: '<port>', what: 'The first port to take; 0 takes free ones' },
    host: { type: 'string', value: '<address>', what: 'Where to listen; default 127.0.0.1' },
    https: { type: 'boolean', what: 'Serve https with a test CA of its own' },
    rows: { type: 'string', value: '<number>', what: 'Accounts of each organization' },
    schema: { type: 'string', value: '<file>', what: 'Have the tables of this $metadata document' },
    limits: { type: 'string', value: '<file>', what: 'Service protection limits and server times' },
    switches: { type: 'string', value: '<file>', what: 'Switches of every organization' },
    state: { type: 'string', value: '<folder>', what: 'Keep ids, keys and grants in this folder' },
    seed: { type: 'string', value: '<text>', what: 'Make other ids and secrets' },
    faults: { type: 'string', value: '<file>', what: 'Begin with this JSON list of faults' },
    'webhook-hosts': { type: 'string', value: '<list>', what: 'Hosts that webhooks may go to' },
    'device-interval': { type: 'string', value: '<s>', what: 'Seconds between polls of a device' },
  },
  local: true,
  takes: [0, 0],
  async run({ options, signal }) {
    const { runSandbox } = await import('../../main.ts')
    const args = Object.entries(options).flatMap(([name, value]) =>
      value === true ? [`--${name}`] : typeof value === 'string' ? [`--${name}`, value] : [],
    )
    return (await runSandbox(args, signal)) === 0 ? exitCode.done : exitCode.failed
  },
}
