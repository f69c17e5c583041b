import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { test } from 'node:test'
import { temporaryFolder } from '../../../../test/support/temporary-folder.ts'
import { untilEnd } from '../../../../test/support/until-end.ts'
import { systemClock } from '../../../kernel/index.ts'
import { StoreError } from '../store-error.ts'
import { FileLock } from './file-lock.ts'

test('many may share a lock that nobody has alone', async (t) => {
  const keep = untilEnd(t)
  const folder = keep(await temporaryFolder())
  const path = join(folder.path, 'lock')
  const both = [FileLock.try(path, 'shared'), FileLock.try(path, 'shared')]
  assert.ok(both.every((lock) => lock !== undefined))
  assert.equal(FileLock.try(path, 'exclusive'), undefined)
  for (const lock of both) lock?.release()
})

test('who has a lock alone keeps out all others until it is released', async (t) => {
  const keep = untilEnd(t)
  const folder = keep(await temporaryFolder())
  const path = join(folder.path, 'lock')
  const lock = FileLock.try(path, 'exclusive')
  assert.equal(FileLock.try(path, 'shared'), undefined)
  assert.equal(FileLock.isHeld(path), true)
  lock?.release()
  assert.equal(FileLock.isHeld(path), false)
})

test('a killed process has no lock any more', async (t) => {
  const keep = untilEnd(t)
  const folder = keep(await temporaryFolder())
  const path = join(folder.path, 'lock')
  const program = `
    const { FileLock } = await import(${JSON.stringify(new URL('file-lock.ts', import.meta.url))})
    const lock = FileLock.try(${JSON.stringify(path)}, 'exclusive')
    process.stdout.write('held')
    setInterval(() => lock, 1000)`
  const child = spawn(process.execPath, ['--input-type=module', '-e', program], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  await once(child.stdout, 'data')
  assert.equal(FileLock.isHeld(path), true)
  child.kill('SIGKILL')
  await once(child, 'exit')
  assert.equal(FileLock.isHeld(path), false)
})

test('the wait for a lock ends in time, or when it is given up', async (t) => {
  const keep = untilEnd(t)
  const folder = keep(await temporaryFolder())
  const path = join(folder.path, 'lock')
  const held = FileLock.try(path, 'exclusive')
  const late = { clock: systemClock, timeoutMs: 0 }
  await assert.rejects(
    FileLock.take(path, 'shared', late),
    (error) => error instanceof StoreError && error.code === 'store_timeout',
  )
  const given = { ...late, timeoutMs: 60_000, signal: AbortSignal.abort(new Error('given up')) }
  await assert.rejects(FileLock.take(path, 'shared', given), /given up/)
  held?.release()
})
