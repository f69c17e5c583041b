import assert from 'node:assert/strict'
import { after, mock, test } from 'node:test'
import { createDefinitionCache } from '../../component/src/definition-cache.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'

const folder = await temporaryFolder()
process.env['TMPDIR'] = folder.path
after(() => folder[Symbol.asyncDispose]())

test('what is being read is waited for before the process ends', async () => {
  const cache = createDefinitionCache()
  await cache.settled()
  const { promise, resolve } = Promise.withResolvers<void>()
  const steps: string[] = []
  void cache.once('table', async () => {
    await promise
    steps.push('read')
  })
  const settled = cache.settled().then(() => steps.push('settled'))
  await new Promise(setImmediate)
  resolve()
  await settled
  assert.deepEqual(steps, ['read', 'settled'])
})

test('what takes long is not waited for', { timeout: 10_000 }, async (t) => {
  mock.timers.enable({ apis: ['setTimeout'] })
  t.after(() => mock.timers.reset())
  const cache = createDefinitionCache()
  void cache.once('table', () => new Promise(() => undefined))
  const settled = cache.settled()
  mock.timers.tick(2_000)
  await settled
})
