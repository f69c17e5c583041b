import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer } from 'node:http'
import { connect } from 'node:net'
import { test } from 'node:test'
import { certificatePath, startServer } from '../../test/support/local-server.ts'
import { untilEnd } from '../../test/support/until-end.ts'
import { silentLogger, systemClock } from '../kernel/index.ts'
import { createEgress, type EgressOptions } from './egress.ts'
import { createSender } from './sender.ts'

const senderWith = (options: Partial<EgressOptions>) =>
  createSender({
    egress: createEgress({ allow: [], ...options }),
    clock: systemClock,
    logger: silentLogger,
    timeoutMs: 3_000,
  })

const get = (url: URL | string) => ({ method: 'GET', url: new URL(url), headers: {} })

test('a certificate of an unknown authority is refused', async (t) => {
  const keep = untilEnd(t)
  const server = keep(disposable(await startServer((_q, r) => r.end('ok'), { secure: true })))
  const sender = keep(disposable(senderWith({ allow: [server.origin] })))
  await assert.rejects(sender.send(get(server.url('/'))), { code: 'tls_failed' })
})

test("with the operator's CA file the same certificate is trusted, and public ones still are", async (t) => {
  const keep = untilEnd(t)
  const server = keep(disposable(await startServer((_q, r) => r.end('ok'), { secure: true })))
  const caFile = certificatePath('authority')
  const sender = keep(disposable(senderWith({ allow: [server.origin], caFile })))
  assert.equal(await (await sender.send(get(server.url('/')))).text(), 'ok')
})

test('a mapped host is reached elsewhere, and must still prove its own name', async (t) => {
  const keep = untilEnd(t)
  const hosts: string[] = []
  const server = keep(
    disposable(
      await startServer(
        (request, response) => {
          hosts.push(request.headers.host ?? '')
          response.end()
        },
        { secure: true },
      ),
    ),
  )
  const target = `127.0.0.1:${server.port}`
  const connectTo = { 'login.windows.net:443': target, 'login.microsoftonline.com:443': target }
  const caFile = certificatePath('authority')
  const sender = keep(disposable(senderWith({ connectTo, caFile })))
  await (await sender.send(get('https://login.windows.net/common'))).discard()
  assert.deepEqual(hosts, ['login.windows.net'])
  const wrongName = sender.send(get('https://login.microsoftonline.com/common'))
  await assert.rejects(wrongName, { code: 'tls_failed' })
})

test('an address in the place of a name must be proven too, wherever the connection leads', async (t) => {
  const keep = untilEnd(t)
  const server = keep(disposable(await startServer((_q, r) => r.end('ok'), { secure: true })))
  const warnings: Error[] = []
  const note = (warning: Error) => warnings.push(warning)
  process.on('warning', note)
  const allow = ['https://192.0.2.7:443']
  const connectTo = { '192.0.2.7:443': `localhost:${server.port}` }
  const caFile = certificatePath('authority')
  const sender = keep(disposable(senderWith({ allow, connectTo, caFile })))
  await assert.rejects(sender.send(get('https://192.0.2.7/')), { code: 'tls_failed' })
  process.off('warning', note)
  assert.deepEqual(warnings, [])
})

test('a name that turns to a private address after it was checked is not followed there', async (t) => {
  const keep = untilEnd(t)
  let inner = 0
  const listener = (_request: unknown, response: { end(): unknown }) => {
    inner += 1
    response.end()
  }
  const server = keep(disposable(await startServer(listener)))
  const answers = [['127.0.0.1'], ['10.0.0.1'], ['::ffff:127.0.0.1']]
  let asked = 0
  const lookup = async () => answers[asked++ % answers.length] ?? []
  const sender = keep(disposable(senderWith({ lookup })))
  for (let round = 0; round < 3; round += 1) {
    const request = sender.send(get('https://org1.crm4.dynamics.com/api/data/v9.2/'))
    await assert.rejects(request, { code: 'egress_refused' })
  }
  assert.equal(asked, 3)
  assert.equal(inner, 0)
  assert.equal(server.connections, 0)
})

test('a socket goes to the address that was checked: the name is resolved once for each', async (t) => {
  const keep = untilEnd(t)
  const server = keep(disposable(await startServer((_q, r) => r.end('ok'))))
  let asked = 0
  const lookup = async () => {
    asked += 1
    return asked === 1 ? ['127.0.0.1'] : ['192.0.2.1']
  }
  const origin = `https://rebinding.example:${server.port}`
  const sender = keep(disposable(senderWith({ allow: [origin], lookup })))
  // The server speaks no TLS: that it was reached at all is what counts.
  await assert.rejects(sender.send(get(origin)), { code: 'tls_failed' })
  assert.equal(asked, 1)
})

test('a name that does not resolve is told as such', async (t) => {
  const keep = untilEnd(t)
  const lookup = () => Promise.reject(Object.assign(new Error('no'), { code: 'ENOTFOUND' }))
  const sender = keep(disposable(senderWith({ lookup })))
  await assert.rejects(sender.send(get('https://org9.crm4.dynamics.com/')), { code: 'dns_failed' })
})

test('after close no connection is left, and what was under way ends as aborted', async (t) => {
  const keep = untilEnd(t)
  const server = keep(
    disposable(
      await startServer((q, r) => {
        if (q.url === '/quick') r.end('ok')
        if (q.url === '/slow') r.write('begun')
      }),
    ),
  )
  const sender = senderWith({ allow: [server.origin] })
  await (await sender.send(get(server.url('/quick')))).text()
  const hanging = assert.rejects(sender.send(get(server.url('/hang'))), { code: 'aborted' })
  const unread = await sender.send(get(server.url('/slow')))
  assert.ok(server.connections > 0)
  await sender.close()
  await hanging
  await assert.rejects(unread.text())
  await until(() => server.connections === 0)
  await assert.rejects(sender.send(get(server.url('/quick'))), { code: 'aborted' })
})

test('https goes through the proxy by name, with the end-to-end certificate checked', async (t) => {
  const keep = untilEnd(t)
  const server = keep(disposable(await startServer((_q, r) => r.end('ok'), { secure: true })))
  const tunnels: string[] = []
  const proxy = createServer((_q, r) => r.writeHead(400).end())
  proxy.on('connect', (request, socket) => {
    tunnels.push(request.url ?? '')
    const upstream = connect(server.port, '127.0.0.1', () => {
      socket.write('HTTP/1.1 200 OK\r\n\r\n')
      upstream.pipe(socket).pipe(upstream)
    })
    upstream.on('error', () => socket.destroy())
    socket.on('error', () => upstream.destroy())
  })
  proxy.listen(0, '127.0.0.1')
  await once(proxy, 'listening')
  const address = proxy.address()
  const port = typeof address === 'object' && address ? address.port : 0
  const sender = senderWith({
    caFile: certificatePath('authority'),
    proxy: { https: `http://127.0.0.1:${port}` },
    lookup: () => assert.fail('a name was resolved here'),
  })
  const response = await sender.send(get('https://login.windows.net/common'))
  assert.equal(await response.text(), 'ok')
  await assert.rejects(sender.send(get('https://sts.windows.net/')), { code: 'tls_failed' })
  assert.deepEqual(tunnels, ['login.windows.net:443', 'sts.windows.net:443'])
  await sender.close()
  proxy.closeAllConnections()
  proxy.close()
})

function disposable<T extends { close(): Promise<void> }>(resource: T): T & AsyncDisposable {
  return Object.assign(resource, { [Symbol.asyncDispose]: () => resource.close() })
}

async function until(holds: () => boolean): Promise<void> {
  while (!holds()) await new Promise((resolve) => setImmediate(resolve))
}
