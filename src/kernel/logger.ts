import { type Clock, toTimestamp } from './clock.ts'
import { CodedError } from './coded-error.ts'
import type { Json } from './json.ts'

/** How much an event matters, from least to most. */
export type LogLevel = 'debug' | 'info' | 'warn' | 'error'

/** The only fields that reach a log; a new one is added here after asking whether it can hold a secret. */
export interface LogFields {
  readonly room?: string
  readonly action?: string
  readonly alert?: string
  readonly attempt?: number
  readonly authClientId?: string
  readonly code?: string
  readonly count?: number
  readonly credentialId?: string
  readonly error?: unknown
  readonly expiresAt?: string
  readonly flowId?: string
  readonly folder?: string
  readonly host?: string
  readonly keyId?: string
  readonly mayRepeat?: number
  readonly method?: string
  readonly ms?: number
  readonly path?: string
  readonly pid?: number
  readonly port?: number
  readonly repeated?: number
  readonly requestId?: string
  readonly status?: number
  readonly table?: string
  readonly triggerId?: string
  readonly url?: string
  readonly workspaceId?: string
}

/** Writes what happens, one event a line; the event is a constant text, what varies is in the fields. */
export interface Logger {
  debug(event: string, fields?: LogFields): void
  info(event: string, fields?: LogFields): void
  warn(event: string, fields?: LogFields): void
  error(event: string, fields?: LogFields): void
  /** A logger whose every line carries these fields too. */
  with(fields: LogFields): Logger
}

const ORDER: readonly LogLevel[] = ['debug', 'info', 'warn', 'error']

/** Makes a logger that writes one JSON object a line. `url` loses its query, an error is shown by code. */
export function createLogger(options: {
  readonly clock: Clock
  readonly level?: LogLevel
  readonly write: (line: string) => void
}): Logger {
  const least = ORDER.indexOf(options.level ?? 'info')
  const make = (inherited: LogFields): Logger => {
    const log = (level: LogLevel) => (event: string, fields?: LogFields) => {
      if (ORDER.indexOf(level) < least) return
      const time = toTimestamp(options.clock.now())
      const shown = printable({ ...inherited, ...fields })
      options.write(JSON.stringify({ time, level, event, ...shown }))
    }
    return {
      ...{ debug: log('debug'), info: log('info'), warn: log('warn'), error: log('error') },
      with: (fields) => make({ ...inherited, ...fields }),
    }
  }
  return make({})
}

const nothing = () => undefined

/** A logger that writes nothing. */
export const silentLogger: Logger = {
  ...{ debug: nothing, info: nothing, warn: nothing, error: nothing },
  with: () => silentLogger,
}

function printable({ error, url, ...fields }: LogFields): { readonly [key: string]: Json } {
  return {
    ...fields,
    ...(url === undefined ? {} : { url: url.split(/[?#]/, 1)[0] ?? '' }),
    ...(error === undefined ? {} : { error: describeError(error) }),
  }
}

// A foreign error's message may quote what it was given, so that only its kind and place are logged.
function describeError(error: unknown): Json {
  if (error instanceof CodedError) {
    const cause = error.cause === undefined ? {} : { cause: describeError(error.cause) }
    return { code: error.code, what: error.message, facts: error.facts, ...cause }
  }
  if (!(error instanceof Error)) return { kind: typeof error }
  const code = 'code' in error && typeof error.code === 'string' ? { code: error.code } : {}
  const frames = (error.stack ?? '').split('\n').filter((line) => /^\s+at /.test(line))
  return { kind: error.name, ...code, at: frames.slice(0, 4).map((line) => line.trim()) }
}
