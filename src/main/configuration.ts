import { readFileSync } from 'node:fs'
import { homedir } from 'node:os'
import { join, resolve } from 'node:path'
import { parseEnv } from 'node:util'
import { checkPublicUrl } from '../hub/access/index.ts'
import { CodedError, type LogLevel, Secret } from '../kernel/index.ts'
import { parseAllowedOrigin } from '../transport/index.ts'

/** What a hub is started with: every setting read and checked. */
export interface Configuration {
  readonly publicUrl: URL
  readonly host: string
  readonly port: number
  readonly platformName: string
  readonly databaseUrl?: Secret
  readonly dataFolder: string
  /** Encryption keys as `id:base64` entries; absent: the key file of the data folder. */
  readonly keys?: Secret
  readonly allowedOrigins: readonly string[]
  readonly connectTo: Readonly<Record<string, string>>
  readonly caFile?: string
  /** Where the assertions of workload identities may be read from. */
  readonly assertionFolder?: string
  readonly proxy?: { readonly https: string; readonly noProxy?: string }
  /** How many proxies in front add to X-Forwarded-For. */
  readonly trustedProxies: number
  readonly logLevel: LogLevel
}

/** A setting that cannot be used; `facts.variable` names it. */
export class ConfigurationError extends CodedError<'configuration_invalid'> {
  constructor(variable: string, why: string, remedy: string, cause?: unknown) {
    super('configuration_invalid', {
      what: `The setting ${variable} cannot be used.`,
      why,
      remedy,
      who: 'operator',
      facts: { variable },
      cause,
    })
  }
}

type Settings = Readonly<Record<string, string | undefined>>

interface Place {
  /** The folder the command was started in. */
  readonly folder: string
  readonly exists: (path: string) => boolean
}

/** Every setting, with what it means: docs/configuration.md is held against this list. */
export const variables = {
  FAIRLEAD_PUBLIC_URL:
    'The address people and Microsoft reach this hub at; default http://localhost:4000',
  FAIRLEAD_HOST: 'The network address to listen on; default 127.0.0.1',
  FAIRLEAD_PORT: 'The port to listen on; default the port of the public URL',
  FAIRLEAD_PLATFORM_NAME: 'The name shown on every page; default Fairlead',
  DATABASE_URL: 'A PostgreSQL 14 or newer; without it an embedded one is used',
  FAIRLEAD_DATA_FOLDER: 'Where keys and the embedded database are kept',
  FAIRLEAD_KEYS: 'Encryption keys, id:base64 of 32 bytes, comma separated, the active one first',
  FAIRLEAD_ALLOWED_ORIGINS:
    'Further origins this hub may call, scheme://host:port, comma separated',
  FAIRLEAD_CONNECT_TO: 'Where to connect instead, host:port=host:port, comma separated',
  FAIRLEAD_CA_FILE: 'A PEM file of further certificate authorities to trust',
  FAIRLEAD_ASSERTION_FOLDER:
    'The folder in which the platform keeps assertions of workload identities; default none',
  HTTPS_PROXY: 'The proxy for calls to Microsoft',
  NO_PROXY: 'Hosts that are called without the proxy, comma separated',
  FAIRLEAD_TRUSTED_PROXIES: 'How many proxies in front add to X-Forwarded-For; default 0',
  FAIRLEAD_LOG_LEVEL: 'debug, info, warn or error; default info',
} as const

type Variable = keyof typeof variables

/**
 * Reads the configuration from environment variables and from `fairlead.env` in the data folder (or the
 * file that `FAIRLEAD_CONFIG` names); the environment wins.
 *
 * @throws ConfigurationError naming the variable
 */
export function readConfiguration(environment: Settings, place: Place): Configuration {
  const dataFolder = findDataFolder(environment, place)
  const file = environment['FAIRLEAD_CONFIG'] ?? join(dataFolder, 'fairlead.env')
  const named = environment['FAIRLEAD_CONFIG'] !== undefined
  const settings = {
    ...(named || place.exists(file) ? readFile(file) : {}),
    ...defined(environment),
  }
  const read = (name: Variable) => settings[name]?.trim() || undefined

  const publicUrl = checked(
    'FAIRLEAD_PUBLIC_URL',
    () => checkPublicUrl(read('FAIRLEAD_PUBLIC_URL') ?? 'http://localhost:4000').url,
  )
  const databaseUrl = read('DATABASE_URL')
  const keys = read('FAIRLEAD_KEYS')
  const caFile = read('FAIRLEAD_CA_FILE')
  const assertionFolder = read('FAIRLEAD_ASSERTION_FOLDER')
  const https = read('HTTPS_PROXY')
  const noProxy = read('NO_PROXY')
  return {
    publicUrl,
    host: read('FAIRLEAD_HOST') ?? '127.0.0.1',
    trustedProxies: readCount(
      'FAIRLEAD_TRUSTED_PROXIES',
      read('FAIRLEAD_TRUSTED_PROXIES') ?? '0',
      10,
    ),
    port: readCount('FAIRLEAD_PORT', read('FAIRLEAD_PORT') ?? (publicUrl.port || '4000'), 65_535),
    platformName: read('FAIRLEAD_PLATFORM_NAME') ?? 'Fairlead',
    dataFolder,
    allowedOrigins: list(read('FAIRLEAD_ALLOWED_ORIGINS')).map(readOrigin),
    connectTo: Object.fromEntries(list(read('FAIRLEAD_CONNECT_TO')).map(readRoute)),
    logLevel: readLevel(read('FAIRLEAD_LOG_LEVEL') ?? 'info'),
    ...(databaseUrl !== undefined && { databaseUrl: readDatabaseUrl(databaseUrl) }),
    ...(keys !== undefined && { keys: new Secret(keys) }),
    ...(caFile !== undefined && { caFile: readCaFile(caFile) }),
    ...(assertionFolder !== undefined && {
      assertionFolder: readAssertionFolder(assertionFolder, place),
    }),
    ...(https !== undefined && {
      proxy: {
        https: readProxy(https).href,
        ...(noProxy !== undefined && { noProxy }),
      },
    }),
  }
}

// As git finds its folder: one that is here is meant, else the user's own.
function findDataFolder(environment: Settings, place: Place): string {
  const named = environment['FAIRLEAD_DATA_FOLDER']?.trim()
  if (named) return resolve(place.folder, named)
  const here = resolve(place.folder, '.fairlead')
  if (place.exists(here)) return here
  return join(environment['XDG_DATA_HOME'] ?? join(homedir(), '.local/share'), 'fairlead')
}

function readFile(path: string): Settings {
  let text: string
  try {
    text = readFileSync(path, 'utf8')
  } catch (error) {
    throw new ConfigurationError(
      'FAIRLEAD_CONFIG',
      `The file ${path} cannot be read.`,
      'Name a file that this user may read, with one NAME=value a line.',
      error,
    )
  }
  const settings = parseEnv(text)
  const unknown = Object.keys(settings).find((name) => !(name in variables))
  if (unknown !== undefined)
    throw new ConfigurationError(
      unknown,
      `${path} sets it, but there is no such setting.`,
      `Use one of ${Object.keys(variables).join(', ')}.`,
    )
  return settings
}

function defined(settings: Settings): Settings {
  return Object.fromEntries(Object.entries(settings).filter(([, value]) => value !== undefined))
}

function list(text: string | undefined): readonly string[] {
  return (text ?? '')
    .split(',')
    .map((entry) => entry.trim())
    .filter((entry) => entry !== '')
}

// The room that a setting is for knows what it may be; the operator knows it by its variable.
function checked<T>(variable: Variable, check: () => T): T {
  try {
    return check()
  } catch (error) {
    if (!(error instanceof CodedError)) throw error
    const { why, remedy } = error.explanation
    throw new ConfigurationError(variable, why, remedy, error)
  }
}

function readProxy(text: string): URL {
  const url = URL.parse(text)
  if (url && (url.protocol === 'https:' || url.protocol === 'http:')) return url
  throw new ConfigurationError(
    'HTTPS_PROXY',
    'It is not an http or https address.',
    'Give a whole address, for example http://proxy.example.com:3128.',
  )
}

function readCount(variable: Variable, text: string, most: number): number {
  const count = Number(text)
  if (text !== '' && Number.isInteger(count) && count >= 0 && count <= most) return count
  throw new ConfigurationError(
    variable,
    `It is "${text}".`,
    `Give a whole number from 0 to ${most}.`,
  )
}

function readOrigin(text: string): string {
  const { origin } = URL.parse(text) ?? {}
  if (origin === undefined || origin !== text.replace(/\/$/, ''))
    throw new ConfigurationError(
      'FAIRLEAD_ALLOWED_ORIGINS',
      `The entry "${text}" is not an origin.`,
      'Write scheme://host:port without a path, for example https://login.example.com:8443.',
    )
  return checked('FAIRLEAD_ALLOWED_ORIGINS', () => parseAllowedOrigin(text))
}

function readRoute(text: string): readonly [string, string] {
  const route = /^([^=\s]+:\d+)=([^=\s]+:\d+)$/.exec(text)
  if (route?.[1] !== undefined && route[2] !== undefined) return [route[1], route[2]]
  throw new ConfigurationError(
    'FAIRLEAD_CONNECT_TO',
    `The entry "${text}" is not a pair of addresses.`,
    'Write host:port=host:port, for example login.windows.net:443=127.0.0.1:8443.',
  )
}

function readLevel(text: string): LogLevel {
  if (text === 'debug' || text === 'info' || text === 'warn' || text === 'error') return text
  throw new ConfigurationError(
    'FAIRLEAD_LOG_LEVEL',
    `It is "${text}".`,
    'Give debug, info, warn or error.',
  )
}

function readDatabaseUrl(text: string): Secret {
  const protocol = URL.parse(text)?.protocol
  if (protocol === 'postgres:' || protocol === 'postgresql:') return new Secret(text)
  // The text may hold a password: it is not repeated.
  throw new ConfigurationError(
    'DATABASE_URL',
    'It does not begin with postgres:// or postgresql://.',
    'Write postgres://user:password@host:5432/database.',
  )
}

function readAssertionFolder(path: string, { folder, exists }: Place): string {
  const whole = resolve(folder, path)
  if (exists(whole)) return whole
  throw new ConfigurationError(
    'FAIRLEAD_ASSERTION_FOLDER',
    `There is no folder ${whole}.`,
    'Name the folder that the platform writes the assertion into, for example /var/run/secrets/azure/tokens.',
  )
}

function readCaFile(path: string): string {
  try {
    if (readFileSync(path, 'utf8').includes('-----BEGIN CERTIFICATE-----')) return path
  } catch (error) {
    throw new ConfigurationError(
      'FAIRLEAD_CA_FILE',
      `The file ${path} cannot be read.`,
      'Name a PEM file that this user may read.',
      error,
    )
  }
  throw new ConfigurationError(
    'FAIRLEAD_CA_FILE',
    `The file ${path} holds no certificate in PEM form.`,
    'Name a file with one or more BEGIN CERTIFICATE blocks.',
  )
}
