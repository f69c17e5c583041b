import { randomBytes } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { sql } from 'kysely'
import { createClient, type HubClient } from '../../src/http/client/index.ts'
import { openStore } from '../../src/hub/store/index.ts'
import { Secret, silentLogger, systemClock, systemRandom } from '../../src/kernel/index.ts'
import { type Behaviour, Person } from '../support/person.ts'
import { type Sandbox, startSandbox } from '../support/sandbox.ts'
import { type TemporaryFolder, temporaryFolder } from '../support/temporary-folder.ts'
import { type Ended, type HubProcess, runVerb, startHubProcess } from './hub-process.ts'
import { Material } from './material.ts'
import { Secrets } from './secrets.ts'
import { startTap, type Tap } from './tap.ts'

/** A whole hub over a sandbox, of which everything it gives out is kept. */
export interface Life extends AsyncDisposable {
  readonly sandbox: Sandbox
  readonly secrets: Secrets
  readonly material: Material
  readonly folder: string
  readonly dataFolder: string
  readonly environment: Readonly<Record<string, string>>
  readonly hub: HubProcess
  /** Calls the hub as a program or a browser; its answers are kept. */
  readonly fetch: typeof fetch
  client(key: string, of?: { readonly url: string; readonly fetch: typeof fetch }): HubClient
  /** A person with a browser of their own. */
  person(behaviour: Behaviour): Person
  /** Runs a verb; what it prints is kept. */
  verb(words: readonly string[], options?: VerbOptions): Promise<Ended>
  /** Puts an answer in the way of the next request. */
  fault(fault: object): Promise<void>
  /** Has the next request whose body or path holds a text answered by an error that quotes it all. */
  echo(part: string, error?: string): void
  /** Stops the hub and keeps its output and its files. */
  end(): Promise<void>
}

export interface VerbOptions {
  readonly input?: string
  readonly key?: string
  /** What must not be searched for: the verb's purpose is to show it. */
  readonly place?: string
}

/** Makes a value that nobody could have in their output by accident. */
export function fresh(): string {
  return randomBytes(24).toString('base64url')
}

const KEY_FILES = ['keys/encryption.keys', 'keys/retired.keys']
const PASSWORD_FILE = 'postgres/password'

/** Starts a sandbox, a tap before it and a hub on a fresh data folder. */
export async function startLife(): Promise<Life> {
  const [folder, sandbox] = await Promise.all([
    temporaryFolder(),
    startSandbox({ deviceInterval: 1 }),
  ])
  const secrets = new Secrets()
  const material = new Material()
  const { authority, organizations, users, apps } = sandbox.description
  for (const { password } of users) secrets.add('password at Microsoft', password)
  for (const { clientSecret } of apps) secrets.add('client secret', clientSecret ?? '')
  const origins = [authority, ...organizations.map(({ url }) => url)]
  const tap = await startTap(origins, secrets)
  const dataFolder = join(folder.path, 'data')
  const environment = {
    FAIRLEAD_DATA_FOLDER: dataFolder,
    FAIRLEAD_PORT: '0',
    FAIRLEAD_LOG_LEVEL: 'debug',
    FAIRLEAD_ALLOWED_ORIGINS: origins.join(','),
    FAIRLEAD_CONNECT_TO: tap.connectTo,
    FAIRLEAD_ASSERTION_FOLDER: folder.path,
  }
  const hub = await startHubProcess(environment)
  secrets.add('set-up token', await hub.said(/\/setup\/([\w-]+)/))
  await keepFiles(dataFolder, secrets)
  return lifeOf({ folder, sandbox, secrets, material, tap, dataFolder, environment, hub })
}

// The two files that hold secrets by their purpose: their contents must be nowhere else.
async function keepFiles(dataFolder: string, secrets: Secrets): Promise<void> {
  const keys = await readFile(join(dataFolder, KEY_FILES[0] ?? ''), 'utf8')
  for (const [, key = ''] of keys.matchAll(/^[\w-]+:([A-Za-z0-9+/]{43})=$/gm)) {
    secrets.add('encryption key', key)
    secrets.add('encryption key', Buffer.from(key, 'base64').toString('latin1'))
  }
  const password = await readFile(join(dataFolder, PASSWORD_FILE), 'utf8')
  secrets.add('database password', password.trim())
}

// PostgreSQL compresses long values, so that its files alone do not show all that is in them.
async function keepRows(dataFolder: string, material: Material): Promise<void> {
  const [clock, random, logger] = [systemClock, systemRandom, silentLogger]
  const store = await openStore({ dataFolder, clock, random, logger })
  try {
    const { rows: tables } = await sql<{ name: string }>`
      select table_name as name from information_schema.tables where table_schema = 'public'
    `.execute(store.db)
    for (const { name } of tables) {
      const { rows } = await sql<{ text: string }>`
        select row_to_json(each)::text as text from ${sql.table(name)} as each
      `.execute(store.db)
      material.add(`table ${name}`, rows.map(({ text }) => text).join('\n'))
    }
  } finally {
    await store.close()
  }
}

interface Parts
  extends Pick<Life, 'sandbox' | 'secrets' | 'material' | 'dataFolder' | 'environment' | 'hub'> {
  readonly folder: TemporaryFolder
  readonly tap: Tap
}

function lifeOf(parts: Parts): Life {
  const { folder, sandbox, secrets, material, tap, dataFolder, environment, hub } = parts
  const recorded = material.fetch(hub.url, secrets)
  return {
    ...parts,
    folder: folder.path,
    fetch: recorded,
    client: (key, of = { url: hub.url, fetch: recorded }) =>
      createClient({ url: new URL(of.url), key: new Secret(key), fetch: (one) => of.fetch(one) }),
    person: (behaviour) => new Person(behaviour, recorded),
    verb: async (words, { input = '', key, place = words.slice(0, 2).join(' ') } = {}) => {
      const remote = key && { FAIRLEAD_HUB: hub.url, FAIRLEAD_API_KEY: key }
      const ended = await runVerb(words, { ...environment, ...remote }, input)
      material.add(`${place} stdout`, ended.stdout)
      material.add(`${place} stderr`, ended.stderr)
      return ended
    },
    fault: async (fault) => {
      await sandbox.admin('/faults', 'POST', fault)
    },
    echo: (part, error) => tap.echo(part, error),
    end: async () => {
      await keepRows(dataFolder, material)
      await hub.close()
      await keepFiles(dataFolder, secrets)
      material.add('serve stdout', hub.stdout())
      material.add('serve stderr', hub.stderr())
      await material.addFiles(dataFolder, [...KEY_FILES, PASSWORD_FILE])
    },
    [Symbol.asyncDispose]: async () => {
      await hub.close()
      await tap.close()
      await sandbox.close()
      await folder[Symbol.asyncDispose]()
    },
  }
}
