import assert from 'node:assert/strict'
import { after, mock, test } from 'node:test'
import { watchWrites } from '../../component/src/write-watch.ts'
import { chain, createEgress, createSender } from '../../src/transport/index.ts'
import { startServer } from '../support/local-server.ts'

const caller = new AbortController()
const server = await startServer((request, response) => {
  if (request.url === '/hang') caller.abort()
  else response.writeHead(Number(request.url?.slice(1)) || 200).end()
})
const sender = createSender({ egress: createEgress({ allow: [server.origin] }) })
after(async () => {
  await sender.close()
  await server.close()
})

/** Whether something may have been written by such a request. */
async function mayHaveWritten(method: string, path: string, body?: string, signal?: AbortSignal) {
  const watch = watchWrites()
  const request = {
    ...{ method, url: server.url(path), headers: {} },
    ...(body === undefined ? {} : { body }),
    ...(signal === undefined ? {} : { signal }),
  }
  const sending = chain([watch.policy], sender.send)(request)
  await sending.then((response) => response.discard()).catch(() => undefined)
  return watch.mayHaveWritten()
}

test('what was answered, or failed inside the service, may have been written; what was refused was not', async () => {
  for (const method of ['POST', 'PATCH', 'PUT', 'DELETE']) {
    for (const status of [200, 503]) assert.equal(await mayHaveWritten(method, `/${status}`), true)
    for (const status of [400, 412, 429])
      assert.equal(await mayHaveWritten(method, `/${status}`), false)
  }
  assert.equal(await mayHaveWritten('GET', '/200'), false)
})

test('a write that is called off under way may have changed something', async () => {
  assert.equal(await mayHaveWritten('PATCH', '/hang', '{}', caller.signal), true)
})

test('a batch that only reads writes nothing', async () => {
  const batch = (...methods: readonly string[]) =>
    methods
      .map(
        (method) => `--b\r\nContent-Type: application/http\r\n\r\n${method} /accounts HTTP/1.1\r\n`,
      )
      .join('')
  assert.equal(await mayHaveWritten('POST', '/$batch', batch('GET')), false)
  for (const method of ['DELETE', 'PATCH', 'POST', 'PUT', ' post']) {
    assert.equal(await mayHaveWritten('POST', '/$batch', batch('GET', method)), true, method)
  }
  assert.equal(await mayHaveWritten('POST', '/accounts', batch('GET')), true)
})

test('a write whose connection does not come about changes nothing', async (t) => {
  mock.timers.enable({ apis: ['setTimeout'] })
  t.after(() => mock.timers.reset())
  const asked = Promise.withResolvers<void>()
  const lookup = () => {
    asked.resolve()
    return new Promise<never>(() => undefined)
  }
  const url = new URL('https://silent.example/')
  const silent = createSender({ egress: createEgress({ allow: [url.origin], lookup }) })
  t.after(() => silent.close())
  const watch = watchWrites()
  const sending = chain([watch.policy], silent.send)({ method: 'POST', url, headers: {} })
  const refused = assert.rejects(sending, { code: 'timeout' })
  await asked.promise
  mock.timers.tick(10_000)
  await refused
  assert.equal(watch.mayHaveWritten(), false)
})
