import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { after, test } from 'node:test'
import { testDatabase } from '../../../test/support/database.ts'
import { FakeClock } from '../../../test/support/fake-clock.ts'
import { systemRandom } from '../../kernel/index.ts'
import { createAttachments } from './attachments.ts'

const database = await testDatabase()
const [store, elsewhere] = await Promise.all([database.open(), database.open()])
after(async () => {
  await store.close()
  await elsewhere.close()
  await database.drop()
})

const clock = new FakeClock()
const publicUrl = new URL('https://hub.example')
const parts = { publicUrl, clock, random: systemRandom, maxBytes: 2_000_000 }
const attachments = createAttachments({ ...parts, store })
const other = createAttachments({ ...parts, store: elsewhere })
const contentType = 'application/xml'

async function digest(body: AsyncIterable<Uint8Array>) {
  const hash = createHash('sha256')
  for await (const chunk of body) hash.update(chunk)
  return hash.digest('hex')
}

const pieces = (...sizes: readonly number[]) =>
  sizes.map((size, at) => new Uint8Array(size).fill(at + 1))
const idOf = (url: string) => url.split('/').at(-1) ?? ''

test('a document is read as it was put, by another hub on the same database too', async () => {
  const sent = pieces(1, 700_000, 0, 262_144, 3)
  const put = attachments.of('default').put(ReadableStream.from(sent), { contentType, name: 'é' })
  const { url, size } = await put
  assert.equal(size, 962_148)
  const read = await other.open('default', idOf(url))
  assert.deepEqual([read.name, read.contentType, read.size], ['é', contentType, size])
  assert.equal(await digest(read.body), await digest(ReadableStream.from(sent)))
  const again = await other.of('default').get(url, {})
  assert.equal(again.size, size)
  await again.body.cancel()
})

test('nothing is given to another workspace, under another address, or after a day', async () => {
  const { url } = await attachments
    .of('default')
    .put(ReadableStream.from(pieces(5)), { contentType })
  const missing = { code: 'attachment_not_found' }
  await assert.rejects(attachments.open('other', idOf(url)), missing)
  const elsewhere = url.replace('hub.example', 'evil.example')
  await assert.rejects(attachments.of('default').get(elsewhere, {}), missing)
  clock.advance(24 * 60 * 60_000)
  await assert.rejects(attachments.open('default', idOf(url)), missing)
  assert.ok((await attachments.tidy()) >= 1)
  const left = await store.db.selectFrom('attachment_chunks').select('position').execute()
  assert.deepEqual(left, [])
})

test('a document that is too large, or breaks off, leaves nothing', async () => {
  const endless = ReadableStream.from(pieces(1_000_000, 1_000_000, 1_000_000))
  await assert.rejects(attachments.of('default').put(endless, { contentType }), {
    code: 'attachment_too_large',
  })
  const broken = ReadableStream.from(
    (function* () {
      yield new Uint8Array(300_000)
      throw new Error('broken off')
    })(),
  )
  await assert.rejects(attachments.of('default').put(broken, { contentType }), /broken off/)
  assert.deepEqual(await store.db.selectFrom('attachments').select('id').execute(), [])
})
