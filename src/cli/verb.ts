import type { HubClient } from '../http/client/index.ts'
import type { Configuration } from '../main.ts'
import type { ExitCode } from './exit-code.ts'
import type { Terminal } from './terminal.ts'

/** An option of a verb, and what its page of help says about it. */
export interface Option {
  readonly type: 'string' | 'boolean'
  readonly short?: string
  /** What stands for its value, for example `<file>`. */
  readonly value?: string
  readonly what: string
}

export type Options = Readonly<Record<string, Option>>

/** The options every verb understands. */
export const commonOptions = {
  json: { type: 'boolean', what: 'Write results as JSON' },
  help: { type: 'boolean', short: 'h', what: 'Show this page' },
} as const satisfies Options

/** The options of verbs that ask a hub. */
export const hubOptions = {
  hub: {
    type: 'string',
    value: '<address>',
    what: 'Ask the hub at this address, with the API key in FAIRLEAD_API_KEY',
  },
} as const satisfies Options

export interface Call {
  readonly positionals: readonly string[]
  readonly options: Readonly<Record<string, string | boolean | undefined>>
  readonly terminal: Terminal
  readonly signal: AbortSignal
  /** Whether `--hub` names the hub, which runs on after this command. */
  readonly remote: boolean
  /** The hub: the one that `--hub` names, else one started in this process. Opened on first use. */
  hub(): Promise<HubClient>
  /** The configuration of this machine, read and checked. @throws ConfigurationError */
  configuration(): Promise<Configuration>
}

/** One verb of the command line. */
export interface Verb {
  /** As typed, for example `auth-clients add`. */
  readonly name: string
  readonly summary: string
  /** What follows the name, for example `<crm address> [--app]`. */
  readonly usage: string
  readonly options?: Options
  /** Whether it works on this machine itself, never through a hub. */
  readonly local?: true
  /** How many positional arguments it takes, at least and at most. */
  readonly takes: readonly [number, number]
  run(call: Call): Promise<ExitCode>
}

/** All options that a verb understands. */
export function optionsOf({ options, local }: Verb): Options {
  return { ...options, ...(local ? {} : hubOptions), ...commonOptions }
}
