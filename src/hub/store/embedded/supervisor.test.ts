import assert from 'node:assert/strict'
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { stat } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { test } from 'node:test'
import { setTimeout } from 'node:timers/promises'
import { sql } from 'kysely'
import { temporaryFolder } from '../../../../test/support/temporary-folder.ts'
import { untilEnd } from '../../../../test/support/until-end.ts'
import { silentLogger, systemClock, systemRandom } from '../../../kernel/index.ts'
import { openStore } from '../open-store.ts'
import { FileLock } from './file-lock.ts'
import { layoutOf } from './layout.ts'
import { isAlive } from './pid-file.ts'
import { findServer } from './server.ts'
import { startEmbedded } from './supervisor.ts'

const WRITER = resolve(import.meta.dirname, '../../../../test/soak/store-writer.ts')
const parts = { logger: silentLogger, clock: systemClock, random: systemRandom }

test('hubs that start at the same instant share one server, and the last stops it', async (t) => {
  const keep = untilEnd(t)
  const folder = keep(await temporaryFolder())
  const layout = layoutOf(folder.path)
  const hubs = await Promise.all(
    Array.from({ length: 4 }, () => startEmbedded({ dataFolder: folder.path, ...parts })),
  )
  const pids = new Set(hubs.map((hub) => hub.pid))
  assert.equal(pids.size, 1)
  const host = hubs[0]?.endpoint.host ?? ''
  const [last, ...others] = hubs
  await Promise.all(others.map((hub) => hub.close()))
  assert.equal(findServer(layout)?.status, 'ready')
  await last?.close()
  assert.equal(findServer(layout), undefined)
  assert.equal(FileLock.isHeld(layout.keeperLock), false)
  assert.equal(existsSync(host), false)
})

test('a server left behind by a killed hub is adopted, and without a new hub it ends', async (t) => {
  const keep = untilEnd(t)
  const folder = keep(await temporaryFolder())
  const layout = layoutOf(folder.path)
  await killedHub(folder.path)
  const left = findServer(layout)?.pid
  assert.ok(left !== undefined)
  const hub = await startEmbedded({ dataFolder: folder.path, ...parts })
  assert.equal(hub.pid, left)
  await hub.close()
  await killedHub(folder.path)
  const orphan = findServer(layout)?.pid ?? 0
  for (let tries = 0; tries < 300 && isAlive(orphan); tries += 1) await setTimeout(50)
  assert.equal(findServer(layout), undefined)
})

test('the store comes back by itself when its server is killed', async (t) => {
  const keep = untilEnd(t)
  const folder = keep(await temporaryFolder())
  const store = keep(await openStore({ dataFolder: folder.path, ...parts }))
  const killed = findServer(layoutOf(folder.path))?.pid ?? 0
  await assert.rejects(
    store.transaction(async (db) => {
      process.kill(killed, 'SIGKILL')
      // The open transaction is lost with its connection, and says so; the process lives on.
      for (;;) await sql`select pg_sleep(0.01)`.execute(db)
    }),
    { code: 'store_unreachable' },
  )
  const { rows } = await sql`select id from installation`.execute(store.db)
  assert.equal(rows.length, 1)
  assert.notEqual(findServer(layoutOf(folder.path))?.pid, killed)
})

test('nobody else can read the password, the data or the socket', async (t) => {
  const keep = untilEnd(t)
  const folder = keep(await temporaryFolder())
  const hub = keep(await startEmbedded({ dataFolder: folder.path, ...parts }))
  const { home, data, passwordFile, logFile } = layoutOf(folder.path)
  for (const path of [home, data, passwordFile, logFile, hub.endpoint.host])
    assert.equal((await stat(path)).mode & 0o077, 0, path)
  assert.ok(Buffer.byteLength(join(hub.endpoint.host, '.s.PGSQL.5432')) < 104)
})

async function killedHub(folder: string): Promise<void> {
  const child: ChildProcess = spawn(process.execPath, [WRITER, folder], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  assert.ok(child.stdout)
  await once(child.stdout, 'data')
  child.kill('SIGKILL')
  await once(child, 'exit')
}
