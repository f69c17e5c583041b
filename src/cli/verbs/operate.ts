import { resetUser, rotateKeys, runSandbox } from '../../main.ts'
import { exitCode } from '../exit-code.ts'
import { show } from '../terminal.ts'
import type { Verb } from '../verb.ts'

const rotate: Verb = {
  name: 'keys rotate',
  summary: 'Encrypt everything with a new key while hubs run; the old one is retired at the end',
  usage: '',
  takes: [0, 0],
  async run({ terminal, signal, configuration }) {
    const report = await rotateKeys(configuration(), {
      signal,
      onProgress: ({ stage, done, total }) => terminal.note(`${stage} ${done} of ${total}`),
    })
    show(terminal, report, () => `${report.count} values are encrypted with key ${report.keyId}.`)
    return exitCode.done
  },
}

const reset: Verb = {
  name: 'users reset',
  summary: 'Issue a new set-up link for a user who lost the password; sessions end at once',
  usage: '[<user name>]',
  takes: [0, 1],
  async run({ positionals, terminal, signal, configuration }) {
    const link = await resetUser(configuration(), positionals[0], signal)
    const url = link.url.reveal()
    show(terminal, { link: url }, () => `Open ${url} once, within an hour.`)
    return exitCode.done
  },
}

const sandbox: Verb = {
  name: 'sandbox',
  summary: 'Run the stand-in for Entra ID and Dataverse; prints one line of JSON',
  usage: '[--port <port>] [--https] [--rows <number>] [--state <folder>] [--faults <file>]',
  options: {
    port: { type: 'string' },
    https: { type: 'boolean' },
    host: { type: 'string' },
    rows: { type: 'string' },
    state: { type: 'string' },
    faults: { type: 'string' },
  },
  takes: [0, 0],
  async run({ options, signal }) {
    const args = Object.entries(options).flatMap(([name, value]) =>
      value === true ? [`--${name}`] : typeof value === 'string' ? [`--${name}`, value] : [],
    )
    return (await runSandbox(args, signal)) === 0 ? exitCode.done : exitCode.failed
  },
}

export const operations: readonly Verb[] = [rotate, reset, sandbox]
