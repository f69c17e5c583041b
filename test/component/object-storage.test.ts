import assert from 'node:assert/strict'
import { text } from 'node:stream/consumers'
import { after, test } from 'node:test'
import { gzipSync } from 'node:zlib'
import { objectStorage } from '../../component/src/object-storage.ts'
import { silentLogger, systemClock } from '../../src/kernel/index.ts'
import { createEgress, createSender } from '../../src/transport/index.ts'
import { startServer } from '../support/local-server.ts'

const asked: { readonly url: string; readonly authorization: string; readonly body: string }[] = []
const server = await startServer(async (request, response) => {
  const { url = '', headers } = request
  asked.push({ url, authorization: String(headers.authorization), body: await text(request) })
  if (request.method === 'POST') {
    response.writeHead(201, { 'content-type': 'application/json' }).end('{"objectId":"one"}')
    return
  }
  if (url.includes('gone')) return void response.writeHead(404).end()
  const packed = url.includes('packed')
  const body = packed ? gzipSync('Hello') : Buffer.from('Hello')
  response.writeHead(200, {
    'content-type': 'text/plain',
    'content-length': body.length,
    ...(packed && { 'content-encoding': 'gzip' }),
  })
  response.end(body)
})
const egress = createEgress({ allow: [server.origin] })
const sender = createSender({ egress, clock: systemClock, logger: silentLogger })
after(async () => {
  await sender.close()
  await server.close()
})
const uri = new URL(`${server.origin}/storage/`)
const storage = objectStorage({ uri, token: 'of-the-storage' }, sender.send)

test('a document is put piece by piece, and its address and size are told', async () => {
  const pieces = ['Hel', 'lo'].map((piece) => Buffer.from(piece))
  const put = storage.put(ReadableStream.from(pieces), { contentType: 'text/plain' })
  const url = `${server.origin}/storage/objects/one?storage_type=maester`
  assert.deepEqual(await put, { url, size: 5 })
  assert.deepEqual(asked.splice(0), [
    { url: '/storage/objects', authorization: 'Bearer of-the-storage', body: 'Hello' },
  ])
})

test('a document comes with its type, and with its size unless it comes compressed', async () => {
  const plain = await storage.get(`${server.origin}/storage/objects/one`, {})
  assert.deepEqual([plain.contentType, plain.size], ['text/plain', 5])
  assert.equal(await text(plain.body), 'Hello')
  const packed = await storage.get(`${server.origin}/storage/objects/packed`, {})
  assert.equal(packed.size, undefined)
  await packed.body.cancel()
  await assert.rejects(storage.get(`${server.origin}/storage/objects/gone`, {}), {
    code: 'object_storage_failed',
  })
  asked.splice(0)
})

test('the token of the storage goes to no other address', async () => {
  for (const url of [
    'not an address',
    'https://elsewhere.example/storage/objects/one',
    `${server.origin}/elsewhere`,
    `${server.origin}/storage/objects/../../elsewhere`,
    `${server.origin}/storage/objectsx/one`,
  ])
    await assert.rejects(storage.get(url, {}), { code: 'attachment_foreign' })
  assert.deepEqual(asked, [])
})

test('a platform without a storage says so', async () => {
  const none = objectStorage(undefined, sender.send)
  const missing = { code: 'object_storage_missing' }
  await assert.rejects(none.get('https://x.example/objects/one', {}), missing)
  await assert.rejects(none.put(new Blob(['x']).stream(), { contentType: 'text/plain' }), missing)
})

test('a document that cannot be stored is let go, whatever it is read from', async () => {
  const elsewhere = { uri: new URL('https://elsewhere.example'), token: 'of-the-storage' }
  for (const place of [undefined, elsewhere]) {
    let left = false
    const cancel = () => {
      left = true
    }
    const body = new ReadableStream<Uint8Array>({ cancel })
    const put = objectStorage(place, sender.send).put(body, { contentType: 'text/plain' })
    await assert.rejects(put)
    assert.equal(left, true)
  }
})
