import assert from 'node:assert/strict'
import { once } from 'node:events'
import { connect } from 'node:net'
import { test } from 'node:test'
import { openPort } from './open-port.ts'

const host = '127.0.0.1'

test('before there is a hub to serve, callers are told to wait', async () => {
  const port = await openPort({ host, port: 0 })
  const url = `http://${host}:${port.port}/`
  const early = await fetch(url)
  assert.deepEqual([early.status, early.headers.get('retry-after')], [503, '1'])
  await early.body?.cancel()
  port.serve(() => new Response('here'))
  assert.equal(await (await fetch(url)).text(), 'here')
  await port.close()
})

test('a port that is taken is an error that names it, or else the next free one is used', async () => {
  const first = await openPort({ host, port: 0 })
  await assert.rejects(openPort({ host, port: first.port }), {
    code: 'port_in_use',
    facts: { host, port: first.port },
  })
  const next = await openPort({ host, port: first.port, orNext: 20 })
  assert.ok(next.port > first.port && next.port <= first.port + 20)
  await Promise.all([first.close(), next.close()])
})

test('an address of another machine is an error that names it', async () => {
  await assert.rejects(openPort({ host: '203.0.113.9', port: 0 }), {
    code: 'listen_failed',
    message: /203\.0\.113\.9/,
  })
})

test('closing lets a running call end, but not for ever', async () => {
  const port = await openPort({ host, port: 0 })
  const gate = Promise.withResolvers<void>()
  const entered = Promise.withResolvers<void>()
  port.serve(async ({ url }) => {
    entered.resolve()
    if (url.endsWith('/hangs')) await new Promise(() => undefined)
    await gate.promise
    return new Response('done')
  })
  const running = fetch(`http://${host}:${port.port}/`).then((response) => response.text())
  const hanging = fetch(`http://${host}:${port.port}/hangs`).catch(() => 'cut off')
  await entered.promise
  const closed = port.close({ graceMs: 50 })
  gate.resolve()
  assert.equal(await running, 'done')
  assert.equal(await hanging, 'cut off')
  await closed
})

test('closing does not wait for a browser that connected in advance and asked nothing', async () => {
  const port = await openPort({ host, port: 0 })
  const socket = connect(port.port, host)
  await once(socket, 'connect')
  port.serve(() => new Response('here'))
  assert.equal(await (await fetch(`http://${host}:${port.port}/`)).text(), 'here')
  const cutOff = once(socket, 'close')
  await port.close({ graceMs: 2 ** 31 - 1 })
  await cutOff
})
