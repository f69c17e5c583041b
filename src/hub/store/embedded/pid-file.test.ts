import assert from 'node:assert/strict'
import { readFile, writeFile } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { test } from 'node:test'
import fc from 'fast-check'
import { temporaryFolder } from '../../../../test/support/temporary-folder.ts'
import { untilEnd } from '../../../../test/support/until-end.ts'
import { disownPidFile, isAlive, isServer, parsePidFile, readPidFile } from './pid-file.ts'

const READY = '4711\n/proc/self/cwd\n1795406917\n5432\n/tmp/s\n\n  2146480         8\nready   \n'

test('a running server says where it listens', () => {
  assert.deepEqual(parsePidFile(READY), { pid: 4711, port: 5432, host: '/tmp/s', status: 'ready' })
})

test('a server without a socket is named by its address', () => {
  const text = '4711\nC:/data\n1795406917\n50123\n\n127.0.0.1\n 1 2\nstopping\n'
  assert.deepEqual(parsePidFile(text), {
    ...{ pid: 4711, port: 50_123, host: '127.0.0.1' },
    status: 'stopping',
  })
})

test('a server that has not written its state yet is starting', () => {
  assert.equal(parsePidFile('4711\n/data\n1795406917\n5432\n/tmp/s\n')?.status, 'starting')
})

test('no text is mistaken for a server with a process number below one', () => {
  fc.assert(
    fc.property(fc.oneof(fc.string(), fc.integer().map(String)), (text) => {
      const parsed = parsePidFile(text)
      assert.ok(parsed === undefined || (Number.isSafeInteger(parsed.pid) && parsed.pid > 0))
    }),
    { numRuns: 200 },
  )
})

test('a process number that became free for all keeps the line of the shared memory', async (t) => {
  const keep = untilEnd(t)
  const folder = keep(await temporaryFolder())
  const path = join(folder.path, 'postmaster.pid')
  await writeFile(path, READY.replace('4711', String(process.pid)))
  disownPidFile(folder.path, 'fairlead-0123456789abcdef')
  const file = readPidFile(folder.path)
  assert.equal(isAlive(file?.pid ?? process.pid), false)
  assert.match(await readFile(path, 'utf8'), /\n {2}2146480 {9}8\n/)
})

test('the file of a server that runs is left alone', async (t) => {
  const keep = untilEnd(t)
  const folder = keep(await temporaryFolder())
  const path = join(folder.path, 'postmaster.pid')
  const text = READY.replace('4711', String(process.pid))
  await writeFile(path, text)
  // This very process has its program in its command line, as a server has the name of its cluster.
  disownPidFile(folder.path, basename(process.execPath))
  assert.equal(await readFile(path, 'utf8'), text)
})

test('a process that is not the server is not taken for it', () => {
  assert.equal(isServer(process.pid, 'fairlead-0123456789abcdef'), false)
})
