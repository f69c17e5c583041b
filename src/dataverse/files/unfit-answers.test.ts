import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type OtherAnswer, startFileServer } from '../../../test/support/file-server.ts'
import { TransportError } from '../../transport/index.ts'
import { DataverseError } from '../errors/dataverse-error.ts'

type Context = Parameters<typeof startFileServer>[0]

const ID = '01234567-89ab-cdef-0123-456789abcdef'
const contract = { table: 'account', key: ID, column: 'new_contract' }
const MB = 1_000_000

const coded = (code: string) => (error: unknown) =>
  (error instanceof DataverseError || error instanceof TransportError) && error.code === code

const bytes = (range: string, length: number): OtherAnswer => ({
  status: 206,
  headers: { 'content-range': `bytes ${range}` },
  body: Buffer.alloc(length),
})

/** Downloads a file that is answered by these answers in turn, the last of them again and again. */
async function download(t: Context, ...answers: readonly OtherAnswer[]) {
  let asked = 0
  const { client } = await startFileServer(t, {
    answer: () => {
      asked += 1
      assert.ok(asked < 20, 'asked without end')
      return answers[Math.min(asked, answers.length) - 1]
    },
  })
  const down = await client.files.download(contract)
  for await (const _ of down?.bytes ?? assert.fail());
}

test('a part of another place is not taken for the next one', async (t) => {
  const running = download(t, bytes('0-9/30', 10), bytes('20-29/30', 10))
  await assert.rejects(running, coded('conflict'))
})

test('more bytes than the file has are told', async (t) => {
  await assert.rejects(download(t, bytes('0-9/10', 12)), coded('unexpected_answer'))
})

test('parts without bytes are not asked for without end', async (t) => {
  const running = download(t, bytes('0-9/30', 10), bytes('10-19/30', 0))
  await assert.rejects(running, coded('unexpected_answer'))
})

test('a whole file that breaks off where no parts are sent is told as that', async (t) => {
  const headers = { 'content-length': '30' }
  const running = download(t, { status: 200, headers, body: Buffer.alloc(10), cut: true })
  await assert.rejects(running, coded('body_incomplete'))
})

test('a part that the service has not for one is told, in the middle and at the end', async (t) => {
  for (const [end, status] of [
    ['1999999', 204],
    ['4999999', 206],
  ] as const) {
    const { client } = await startFileServer(t, {
      answer: ({ range }) => (range?.includes(`-${end}/`) === true ? { status } : undefined),
    })
    const uploading = client.files.upload(contract, Buffer.alloc(5 * MB), { fileName: 'a' })
    await assert.rejects(uploading, coded('unexpected_answer'))
  }
})

test('parts are not sent to an address of another host', async (t) => {
  const { client, seen } = await startFileServer(t, {
    answer: () => ({ status: 200, headers: { location: 'https://elsewhere.example/parts' } }),
  })
  const uploading = client.files.upload(contract, Buffer.alloc(5 * MB), { fileName: 'a' })
  await assert.rejects(uploading, coded('unsafe_link'))
  assert.equal(seen.length, 1)
})

test('what makes a file of blocks is not sent again when its answer is lost', async (t) => {
  const { client, seen } = await startFileServer(t, {
    lose: ({ path }) => path.endsWith('/CommitFileBlocksUpload'),
  })
  async function* source() {
    for (let piece = 0; piece < 5; piece += 1) yield Buffer.alloc(MB)
  }
  await assert.rejects(client.files.upload(contract, source(), { fileName: 'a' }))
  assert.equal(seen.filter(({ path }) => path.endsWith('/CommitFileBlocksUpload')).length, 1)
})

test('a part that stands still is asked for anew from there', async (t) => {
  const stalls = [true, false]
  const { client } = await startFileServer(t, {
    file: Buffer.alloc(1_000, 'x'),
    stallAfter: () => (stalls.shift() === true ? 600 : undefined),
  })
  const down = await client.files.download(contract, { timeoutMs: 500 })
  let read = 0
  for await (const piece of down?.bytes ?? assert.fail()) read += piece.byteLength
  assert.equal(read, 1_000)
})
