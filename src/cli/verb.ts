import { type ParseArgsOptionsConfig, parseArgs } from 'node:util'
import type { HubClient } from '../http/client/index.ts'
import type { Configuration } from '../main.ts'
import type { ExitCode } from './exit-code.ts'
import type { Terminal } from './terminal.ts'
import { UsageError } from './usage-error.ts'

/** The options every verb understands. */
export const commonOptions = {
  json: { type: 'boolean' },
  hub: { type: 'string' },
  help: { type: 'boolean', short: 'h' },
} as const satisfies ParseArgsOptionsConfig

export interface Call {
  readonly positionals: readonly string[]
  readonly options: Readonly<Record<string, string | boolean | undefined>>
  readonly terminal: Terminal
  readonly signal: AbortSignal
  /** The hub: the one that `--hub` names, else one started in this process. Opened on first use. */
  hub(): Promise<HubClient>
  /** The configuration of this machine, read and checked on first use. */
  configuration(): Configuration
}

/** One verb of the command line. */
export interface Verb {
  /** As typed, for example `auth-clients add`. */
  readonly name: string
  readonly summary: string
  /** What follows the name, for example `<crm address> [--app]`. */
  readonly usage: string
  readonly options?: ParseArgsOptionsConfig
  /** How many positional arguments it takes, at least and at most. */
  readonly takes: readonly [number, number]
  run(call: Call): Promise<ExitCode>
}

/** Finds the verb that the words begin with, the longest name first. */
export function findVerb(
  verbs: readonly Verb[],
  words: readonly string[],
): { readonly verb: Verb; readonly rest: readonly string[] } | undefined {
  const named = verbs
    .filter(({ name }) => name.split(' ').every((part, index) => words[index] === part))
    .sort((a, b) => b.name.length - a.name.length)[0]
  return named && { verb: named, rest: words.slice(named.name.split(' ').length) }
}

/** Reads what follows a verb. @throws UsageError `usage` */
export function readArguments(
  verb: Verb,
  words: readonly string[],
): Pick<Call, 'positionals' | 'options'> {
  try {
    const { positionals, values } = parseArgs({
      args: [...words],
      options: { ...commonOptions, ...verb.options },
      allowPositionals: true,
    })
    const [least, most] = verb.takes
    const asked = values['help'] === true
    if (!asked && (positionals.length < least || positionals.length > most))
      throw new UsageError(verb, 'The number of arguments is not right.')
    return { positionals, options: onlyScalars(values) }
  } catch (error) {
    if (error instanceof UsageError) throw error
    throw new UsageError(verb, error instanceof Error ? error.message : 'Not understood.', error)
  }
}

function onlyScalars(values: Readonly<Record<string, unknown>>): Call['options'] {
  return Object.fromEntries(
    Object.entries(values).filter(
      (entry): entry is [string, string | boolean] =>
        typeof entry[1] === 'string' || typeof entry[1] === 'boolean',
    ),
  )
}
