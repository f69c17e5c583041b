import { type ExitCode, exitCode } from './exit-code.ts'
import { printFailure } from './failure.ts'
import { overview, page } from './help.ts'
import { type HubSession, localHub, remoteHub } from './hub-session.ts'
import { processTerminal } from './process-terminal.ts'
import { findVerb, readArguments, textOption } from './read-arguments.ts'
import { stopOnSignals } from './stop-on-signals.ts'
import type { Terminal } from './terminal.ts'
import type { Verb } from './verb.ts'
import { verbs } from './verbs/list.ts'

process.exitCode = await main(process.argv.slice(2))

async function main(words: readonly string[]): Promise<ExitCode> {
  const stop = new AbortController()
  stopOnSignals(stop, exitCode.interrupted)
  const terminal = processTerminal(words.includes('--json'), () => stop.abort())
  try {
    if (/^(--help|-h|help)?$/.test(words[0] ?? '')) return help(words.slice(1), terminal)
    const { verb, rest } = findVerb(verbs, words)
    return await runVerb(verb, rest, terminal, stop.signal)
  } catch (error) {
    if (!stop.signal.aborted) return printFailure(terminal, error)
    terminal.note('Stopped.')
    return exitCode.interrupted
  }
}

function help(words: readonly string[], terminal: Terminal): ExitCode {
  const { verb } = words.length === 0 ? {} : findVerb(verbs, words)
  const text = verb ? page(verb, terminal.results) : overview(verbs, terminal.results)
  if (terminal.json) terminal.note(text)
  else terminal.out(text)
  return exitCode.done
}

async function runVerb(
  verb: Verb,
  words: readonly string[],
  terminal: Terminal,
  signal: AbortSignal,
): Promise<ExitCode> {
  const { positionals, options } = readArguments(verb, words)
  if (options['help'] === true) return help(verb.name.split(' '), terminal)
  // What starts a hub is loaded when it is asked for: help and explanations are there at once.
  const configuration = async () => (await import('../main.ts')).configure()
  let session: Promise<HubSession> | undefined
  const address = textOption({ options }, 'hub') ?? process.env['FAIRLEAD_HUB']
  const remote = address !== undefined
  const open = async () => {
    return address === undefined
      ? localHub(await configuration(), signal)
      : remoteHub(address, process.env['FAIRLEAD_API_KEY'])
  }
  const hub = async () => {
    session ??= open()
    return (await session).client
  }
  try {
    return await verb.run({ positionals, options, terminal, signal, remote, configuration, hub })
  } finally {
    await (await session?.catch(() => undefined))?.[Symbol.asyncDispose]()
  }
}
