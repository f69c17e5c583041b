import assert from 'node:assert/strict'
import { test } from 'node:test'
import { watchWrites } from '../../component/src/write-watch.ts'
import { silentLogger, systemClock } from '../../src/kernel/index.ts'
import { createEgress, createSender } from '../../src/transport/index.ts'
import { startServer } from '../support/local-server.ts'

test('what was answered, or failed inside the service, may have been written; what was refused was not', async (t) => {
  const server = await startServer(async (request, response) => {
    response.writeHead(Number(request.url?.slice(1))).end()
  })
  t.after(() => server.close())
  const egress = createEgress({ allow: [server.origin] })
  const { send, close } = createSender({ egress, clock: systemClock, logger: silentLogger })
  t.after(() => close())
  const afterAnswer = async (method: string, status: number) => {
    const watch = watchWrites()
    const url = server.url(`/${status}`)
    const response = await watch.policy({ method, url, headers: {} }, send)
    await response.discard()
    return watch.mayHaveWritten()
  }
  for (const method of ['POST', 'PATCH', 'PUT', 'DELETE']) {
    for (const status of [200, 503]) assert.equal(await afterAnswer(method, status), true)
    for (const status of [400, 412, 429]) assert.equal(await afterAnswer(method, status), false)
  }
  assert.equal(await afterAnswer('GET', 200), false)
})
