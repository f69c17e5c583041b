import { createHash } from 'node:crypto'
import { readdir, readFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { Pool } from 'pg'
import { type EmbeddedServer, startEmbedded } from '../../src/hub/store/embedded/supervisor.ts'
import { openStore, type Store } from '../../src/hub/store/index.ts'
import { Secret, silentLogger, systemClock, systemRandom } from '../../src/kernel/index.ts'

/** A database of its own for one test, on the server that all tests of this checkout share. */
export interface TestDatabase extends AsyncDisposable {
  readonly databaseUrl: Secret
  /** Opens the store on it, as one more hub process would. */
  open(): Promise<Store>
  /** Ends its connections and removes it. */
  drop(): Promise<void>
}

interface Shared {
  readonly server: EmbeddedServer
  readonly admin: Pool
  readonly template: string
}

const CHECKOUT = resolve(import.meta.dirname, '../..')
const MIGRATIONS = join(CHECKOUT, 'src/hub/store/migrations')
// Any number that nothing else locks.
const TEMPLATE_LOCK = 915_330_771

const shared: { ready?: Promise<Shared> } = {}
const counter = { value: 0 }

/**
 * Makes a database with all migrations done, in a few dozen ms.
 *
 * The server starts with the first test that asks, is shared by all test processes, and ends by itself
 * soon after the last of them.
 */
export async function testDatabase(): Promise<TestDatabase> {
  shared.ready ??= start()
  const { server, admin, template } = await shared.ready
  counter.value += 1
  const name = `t_${process.pid}_${counter.value}`
  await admin.query(`drop database if exists ${name} with (force)`)
  await admin.query(`create database ${name} template ${template}`)
  const databaseUrl = urlOf(server, name)
  const drop = async () => {
    await admin.query(`drop database if exists ${name} with (force)`)
  }
  return {
    databaseUrl,
    open: () => open(databaseUrl),
    drop,
    [Symbol.asyncDispose]: drop,
  }
}

function open(databaseUrl: Secret): Promise<Store> {
  return openStore({
    databaseUrl,
    dataFolder: tmpdir(),
    logger: silentLogger,
    clock: systemClock,
  })
}

function urlOf(server: EmbeddedServer, database: string): Secret {
  const { host, port, user, password } = server.endpoint
  const url = new URL(`postgres://localhost:${port}/${database}`)
  url.username = user
  url.password = password.reveal()
  url.searchParams.set('host', host)
  return new Secret(url.href)
}

async function start(): Promise<Shared> {
  const hash = createHash('sha256').update(CHECKOUT).digest('hex').slice(0, 8)
  const server = await startEmbedded({
    dataFolder: join(tmpdir(), `fairlead-tests-${process.getuid?.() ?? 0}-${hash}`),
    logger: silentLogger,
    clock: systemClock,
    random: systemRandom,
    // What is thrown away need not survive a power cut.
    settings: {
      fsync: 'off',
      synchronous_commit: 'off',
      full_page_writes: 'off',
      autovacuum: 'off',
      wal_level: 'minimal',
      max_wal_senders: '0',
      max_connections: '300',
    },
  })
  const admin = new Pool({
    connectionString: urlOf(server, 'postgres').reveal(),
    max: 2,
    allowExitOnIdle: true,
  })
  admin.on('error', () => undefined)
  return { server, admin, template: await makeTemplate(server, admin) }
}

async function makeTemplate(server: EmbeddedServer, admin: Pool): Promise<string> {
  const template = `template_${await fingerprint()}`
  const client = await admin.connect()
  try {
    await client.query(`select pg_advisory_lock(${TEMPLATE_LOCK})`)
    await dropLeftovers(client, template)
    const found = await client.query('select from pg_database where datname = $1', [template])
    if (found.rowCount === 0) {
      await client.query('drop database if exists template_unfinished with (force)')
      await client.query('create database template_unfinished')
      await (await open(urlOf(server, 'template_unfinished'))).close()
      await client.query(`alter database template_unfinished rename to ${template}`)
    }
    return template
  } finally {
    await client.query(`select pg_advisory_unlock(${TEMPLATE_LOCK})`)
    client.release()
  }
}

// Killed tests drop nothing, and every change of a migration leaves its template behind.
async function dropLeftovers(
  client: { query(sql: string): Promise<{ rows: { name: string }[] }> },
  template: string,
): Promise<void> {
  const { rows } = await client.query(
    "select datname as name from pg_database where datname ~ '^(t_\\d+_|template_[0-9a-f]{12}$)'",
  )
  for (const { name } of rows) {
    const pid = /^t_(\d+)_/.exec(name)?.[1]
    if (pid === undefined ? name !== template : !isAlive(Number(pid)))
      await client.query(`drop database if exists ${name} with (force)`).catch(() => undefined)
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch {
    return false
  }
}

async function fingerprint(): Promise<string> {
  const hash = createHash('sha256')
  const names = (await readdir(MIGRATIONS)).filter((name) => name.endsWith('.ts')).sort()
  for (const name of names) hash.update(name).update(await readFile(join(MIGRATIONS, name)))
  return hash.digest('hex').slice(0, 12)
}
