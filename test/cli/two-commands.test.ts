import assert from 'node:assert/strict'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { type Running, startProgram } from '../support/command-line.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'

const [launcher, demo] = ['../../bin/with-node.cjs', '../../demo/main.ts'].map((path) =>
  fileURLToPath(new URL(path, import.meta.url)),
)
const folder = await temporaryFolder()
const busy = createServer().listen(0, '127.0.0.1')
await once(busy, 'listening')
const address = busy.address()
const port = address !== null && typeof address === 'object' ? address.port : 0
test.after(async () => {
  busy.close()
  await folder[Symbol.asyncDispose]()
})

// What npm start runs, in a folder of its own, where the wanted port is taken.
function start(): Running {
  return startProgram([launcher ?? '', demo ?? ''], {
    PATH: process.env['PATH'] ?? '',
    HOME: folder.path,
    FAIRLEAD_DATA_FOLDER: folder.path,
    FAIRLEAD_PUBLIC_URL: `http://localhost:${port}`,
  })
}

async function stop(running: Running): Promise<string> {
  const [, environment = ''] = await running.seen(/The environment is (\S+)\. /)
  const pidFile = join(folder.path, 'postgres/data/postmaster.pid')
  const pid = Number(readFileSync(pidFile, 'utf8').split('\n')[0])
  running.process.kill('SIGINT')
  const { code, stdout, stderr } = await running.ended()
  assert.deepEqual([code, stderr], [0, ''])
  assert.throws(() => process.kill(pid, 0), { code: 'ESRCH' })
  await assert.rejects(fetch(environment), 'the sandbox still answers')
  return stdout
}

test('npm start does the main job, beside a taken port, and leaves nothing behind', async () => {
  const running = start()
  const [, taken = ''] = await running.seen(/The hub {3}http:\/\/localhost:(\d+)/)
  assert.notEqual(Number(taken), port)
  assert.ok((await fetch(`http://localhost:${taken}/healthz`)).ok)
  const text = await stop(running)
  for (const sign of [
    /Foreseen: AADSTS50194/,
    /✔ Verified/,
    /accountnumber +name/,
    /Sign in +http/,
  ])
    assert.match(text, sign)
})

test('npm start finds what it made the last time', async () => {
  const text = await stop(start())
  assert.match(text, /Found the Credential "Demo"/)
  assert.match(text, /✔ Verified/)
})

test('npm start that is stopped in the middle leaves nothing behind', async () => {
  const running = start()
  await running.seen(/Started the sandbox/)
  running.process.kill('SIGINT')
  assert.equal((await running.ended()).code, 130)
})
