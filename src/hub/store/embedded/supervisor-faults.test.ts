import assert from 'node:assert/strict'
import { readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { test } from 'node:test'
import { sql } from 'kysely'
import { temporaryFolder } from '../../../../test/support/temporary-folder.ts'
import { untilEnd } from '../../../../test/support/until-end.ts'
import { silentLogger, systemClock, systemRandom } from '../../../kernel/index.ts'
import { openStore } from '../open-store.ts'
import { StoreError } from '../store-error.ts'
import { layoutOf } from './layout.ts'
import { startEmbedded } from './supervisor.ts'

const parts = { logger: silentLogger, clock: systemClock, random: systemRandom }

function saying(code: string, text: string): (error: unknown) => boolean {
  return (error) =>
    error instanceof StoreError && error.code === code && error.message.includes(text)
}

test('a data folder that is none is an error that names it', async (t) => {
  const keep = untilEnd(t)
  const folder = keep(await temporaryFolder())
  const path = join(folder.path, 'file')
  await writeFile(path, '')
  await assert.rejects(
    startEmbedded({ dataFolder: path, ...parts }),
    saying('store_folder_unusable', path),
  )
})

test('a start that is given up leaves no server', async (t) => {
  const keep = untilEnd(t)
  const folder = keep(await temporaryFolder())
  const signal = AbortSignal.timeout(150)
  await assert.rejects(startEmbedded({ dataFolder: folder.path, ...parts, signal }), {
    name: 'TimeoutError',
  })
})

test('after faults of its files, the database says what is wrong or opens again', async (t) => {
  const keep = untilEnd(t)
  const folder = keep(await temporaryFolder())
  const layout = layoutOf(folder.path)
  const open = () => openStore({ dataFolder: folder.path, ...parts })
  const first = keep(await open())

  await t.test('values of failed statements stay out of the log', async () => {
    await assert.rejects(sql`select 1/0, ${'CANARY-1'}::text, 'CANARY-2'`.execute(first.db))
    await assert.rejects(sql`select 'CANARY-3'::integer`.execute(first.db))
    assert.doesNotMatch(await readFile(layout.logFile, 'utf8'), /CANARY/)
  })
  await first.close()

  await t.test('a process number that another program has by now does no harm', async () => {
    const lines = [process.pid, folder.path, 1, 5432, '', '', '  1  1', 'ready   ', '']
    await writeFile(join(layout.data, 'postmaster.pid'), lines.join('\n'), { mode: 0o644 })
    const again = await open()
    await again.ping().finally(() => again.close())
  })

  await t.test('a database without its password is an error that names the file', async () => {
    await rm(layout.passwordFile)
    await assert.rejects(open(), saying('store_password_missing', layout.passwordFile))
  })

  await t.test('a server that refuses to start is quoted', async () => {
    await writeFile(layout.passwordFile, 'x', { mode: 0o600 })
    await writeFile(join(layout.data, 'PG_VERSION'), '9.6\n')
    await assert.rejects(open(), (error) => {
      assert.ok(error instanceof StoreError && error.code === 'store_start_failed')
      assert.match(error.explanation.why, /FATAL: {2}.*incompatible/)
      return true
    })
  })
})
