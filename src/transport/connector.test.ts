import assert from 'node:assert/strict'
import { mock, test } from 'node:test'
import { startServer } from '../../test/support/local-server.ts'
import { silentLogger, systemClock } from '../kernel/index.ts'
import { createEgress, type EgressOptions } from './egress.ts'
import { createSender } from './sender.ts'

const senderWith = (egress: EgressOptions) =>
  createSender({
    egress: createEgress(egress),
    clock: systemClock,
    logger: silentLogger,
    timeoutMs: 60_000,
  })

const turn = () => new Promise((resolve) => setImmediate(resolve))

test('a connection that does not come about is given up before the request’s own limit', async (t) => {
  mock.timers.enable({ apis: ['setTimeout'] })
  t.after(() => mock.timers.reset())
  const allow = ['https://silent.example:443']
  let asked = false
  const lookup = () => {
    asked = true
    return new Promise<never>(() => undefined)
  }
  const sender = senderWith({ allow, lookup })
  const url = new URL('https://silent.example/')
  const refused = assert.rejects(sender.send({ method: 'GET', url, headers: {} }), {
    code: 'timeout',
    facts: { host: 'silent.example', phase: 'connect' },
  })
  while (!asked) await turn()
  mock.timers.tick(10_000)
  await refused
  await sender.close()
})

test('a connection that came about outlives the time for connecting', async (t) => {
  mock.timers.enable({ apis: ['setTimeout'] })
  t.after(() => mock.timers.reset())
  const server = await startServer((request, response) => {
    if (request.url === '/slow') response.write('{', () => response.flushHeaders())
    else response.end('ok')
  })
  const sender = senderWith({ allow: [server.origin] })
  const get = (path: string) => sender.send({ method: 'GET', url: server.url(path), headers: {} })
  const slow = (await get('/slow')).stream().getReader()
  await slow.read()
  mock.timers.tick(10_000)
  await turn()
  assert.equal(await (await get('/')).text(), 'ok')
  assert.equal(server.connections, 2)
  await slow.cancel()
  await sender.close()
  await server.close()
})
