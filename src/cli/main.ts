import { configure } from '../main.ts'
import { type ExitCode, exitCode } from './exit-code.ts'
import { printFailure } from './failure.ts'
import { overview, usage } from './help.ts'
import { type HubSession, localHub, remoteHub } from './local-hub.ts'
import { askSecret } from './secret-question.ts'
import type { Terminal } from './terminal.ts'
import { findVerb, readArguments, type Verb } from './verb.ts'
import { alerts } from './verbs/alerts.ts'
import { authClients } from './verbs/auth-clients.ts'
import { connect } from './verbs/connect.ts'
import { credentials } from './verbs/credentials.ts'
import { explain } from './verbs/explain.ts'
import { operations } from './verbs/operate.ts'
import { raw, run } from './verbs/run.ts'
import { serve } from './verbs/serve.ts'
import { verify } from './verbs/verify.ts'

const verbs: readonly Verb[] = [
  serve,
  connect,
  verify,
  ...credentials,
  ...authClients,
  run,
  raw,
  explain,
  alerts,
  ...operations,
]

process.exitCode = await main(process.argv.slice(2))

async function main(words: readonly string[]): Promise<ExitCode> {
  const stop = new AbortController()
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
    process.on(signal, () => stop.abort(new DOMException(`Stopped by ${signal}`, 'AbortError')))
  const terminal = makeTerminal(words.includes('--json'))
  const found = findVerb(verbs, words)
  if (!found) {
    const asked = words.length === 0 || words.includes('--help') || words.includes('-h')
    terminal.note(overview(verbs))
    return asked ? exitCode.done : exitCode.usage
  }
  try {
    return await runVerb(found.verb, found.rest, terminal, stop.signal)
  } catch (error) {
    return stop.signal.aborted ? exitCode.interrupted : printFailure(terminal, error)
  }
}

async function runVerb(
  verb: Verb,
  words: readonly string[],
  terminal: Terminal,
  signal: AbortSignal,
): Promise<ExitCode> {
  const { positionals, options } = readArguments(verb, words)
  if (options['help'] === true) {
    terminal.out(usage(verb))
    return exitCode.done
  }
  let session: Promise<HubSession> | undefined
  const open = async (): Promise<HubSession> => {
    const address = options['hub'] ?? process.env['FAIRLEAD_HUB']
    return typeof address === 'string'
      ? remoteHub(new URL(address), process.env['FAIRLEAD_API_KEY'])
      : localHub(configure(), signal)
  }
  try {
    return await verb.run({
      positionals,
      options,
      terminal,
      signal,
      configuration: configure,
      hub: async () => {
        session ??= open()
        return (await session).client
      },
    })
  } finally {
    await (await session?.catch(() => undefined))?.[Symbol.asyncDispose]()
  }
}

function makeTerminal(json: boolean): Terminal {
  return {
    json,
    interactive: process.stderr.isTTY === true && process.env['NO_COLOR'] === undefined,
    out: (line) => void process.stdout.write(`${line}\n`),
    note: (line) => void process.stderr.write(`${line}\n`),
    askSecret: (question, signal) =>
      askSecret(question, signal, { input: process.stdin, output: process.stderr }),
  }
}
