import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { test } from 'node:test'
import { startFileServer } from '../../../test/support/file-server.ts'
import { TransportError } from '../../transport/index.ts'
import { DataverseError } from '../errors/dataverse-error.ts'

const ID = '01234567-89ab-cdef-0123-456789abcdef'
const contract = { table: 'account', key: ID, column: 'new_contract' }
const MB = 1_000_000

const coded = (code: string) => (error: unknown) =>
  (error instanceof DataverseError || error instanceof TransportError) && error.code === code

async function* inPieces(bytes: Buffer, size = 333_333) {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size)
}

async function readAll(pieces: AsyncIterable<Uint8Array>) {
  const parts: Uint8Array[] = []
  for await (const piece of pieces) parts.push(piece)
  return Buffer.concat(parts)
}

test('a file that fits a part goes up in one request, from bytes or from a stream', async (t) => {
  const { client, seen, state } = await startFileServer(t)
  const bytes = randomBytes(MB)
  for (const source of [bytes, inPieces(bytes)]) {
    state.file = undefined
    const stored = await client.files.upload(contract, source, { fileName: 'a.bin' })
    assert.deepEqual(stored, { bytes: MB })
    assert.ok(state.file !== undefined && bytes.equals(state.file))
    assert.equal(state.name, 'a.bin')
  }
  assert.deepEqual(
    seen.map(({ method, path }) => [method, path]),
    Array.from({ length: 2 }, () => ['PATCH', `/api/data/v9.2/accounts(${ID})/new_contract`]),
  )
})

test('a file of known size goes up in parts of the service’s size, without an empty one', async (t) => {
  const { client, seen, state } = await startFileServer(t)
  const bytes = randomBytes(5 * MB)
  const told: unknown[] = []
  const options = {
    fileName: 'Prüfung.bin',
    size: bytes.length,
    onProgress: (progress: unknown) => void told.push(progress),
  }
  await client.files.upload(contract, inPieces(bytes), options)
  assert.ok(state.file?.equals(bytes))
  assert.deepEqual(
    seen.slice(1).map(({ range }) => range),
    [0, 1, 2, 3, 4].map((part) => `bytes ${part * MB}-${(part + 1) * MB - 1}/${5 * MB}`),
  )
  assert.match(seen[0]?.path ?? '', /x-ms-file-name=Pr%C3%BCfung\.bin$/)
  assert.deepEqual(told.at(-1), { bytes: 5 * MB, total: 5 * MB })
})

test('a stream of unknown length goes up block by block', async (t) => {
  const { client, seen, state } = await startFileServer(t)
  const bytes = randomBytes(9 * MB)
  const options = { fileName: 'b.bin', mimeType: 'application/pdf' }
  const stored = await client.files.upload(contract, inPieces(bytes), options)
  assert.deepEqual(stored, { bytes: 9 * MB, fileId: 'id' })
  assert.ok(state.file?.equals(bytes))
  assert.deepEqual(
    seen.map(({ path }) => path.split('/').at(-1)),
    ['InitializeFileBlocksUpload', ...Array(3).fill('UploadBlock'), 'CommitFileBlocksUpload'],
  )
})

test('a part that is lost is sent again', async (t) => {
  let lost = 0
  const lose = ({ range = '', path }: { range?: string | undefined; path: string }) => {
    const hit = lost < 2 && (range.startsWith('bytes 2000000-') || path.endsWith('/UploadBlock'))
    if (hit) lost += 1
    return hit
  }
  const { client, state } = await startFileServer(t, { lose })
  const bytes = randomBytes(5 * MB)
  await client.files.upload(contract, bytes, { fileName: 'a.bin' })
  assert.ok(state.file?.equals(bytes))
  lost = 0
  await client.files.upload(contract, inPieces(bytes), { fileName: 'a.bin' })
  assert.ok(state.file?.equals(bytes))
  assert.equal(lost, 2)
})

test('a source that holds more or less than it was said to makes no file', async (t) => {
  const { client, state } = await startFileServer(t)
  for (const size of [5 * MB - 1, 5 * MB + 1, 10, 3 * MB]) {
    const upload = client.files.upload(contract, inPieces(Buffer.alloc(5 * MB)), {
      fileName: 'a.bin',
      size,
    })
    await assert.rejects(upload, coded('invalid_argument'), String(size))
    assert.equal(state.file, undefined)
  }
})

test('a small source that holds less than it was said to makes no file', async (t) => {
  const { client, state } = await startFileServer(t)
  const upload = client.files.upload(contract, inPieces(Buffer.alloc(5)), {
    fileName: 'a.bin',
    size: 10,
  })
  await assert.rejects(upload, coded('invalid_argument'))
  assert.equal(state.file, undefined)
})

test('pieces without bytes count for nothing', async (t) => {
  const { client, state } = await startFileServer(t)
  const bytes = randomBytes(5 * MB)
  async function* pieces() {
    for (const piece of ['', bytes, '']) yield Buffer.from(piece)
  }
  await client.files.upload(contract, pieces(), { fileName: 'a.bin', size: bytes.length })
  assert.ok(state.file?.equals(bytes))
})

test('a name that is no name of a file is refused, and any other arrives as it is', async (t) => {
  const { client, seen, state } = await startFileServer(t)
  const upload = (fileName: string) => client.files.upload(contract, Buffer.from('x'), { fileName })
  for (const unfit of ['', ' ', '..', 'a/b', 'a\\b', 'a:b', 'a\nb', 'a\u007f', 'a'.repeat(256)])
    await assert.rejects(upload(unfit), coded('invalid_argument'), unfit)
  assert.deepEqual(seen, [])
  for (const name of ['Größe & 100%#1+1.pdf', '100% & more.pdf']) {
    await upload(name)
    assert.equal(state.name, name)
  }
})

test('the largest file that a column takes goes up, in parts of 16 MiB at most', async (t) => {
  const { client, seen, state } = await startFileServer(t, { partBytes: 64 * 1024 * 1024 })
  const size = 32 * 1024 * 1024
  await client.files.upload(contract, Buffer.alloc(size), { fileName: 'a.bin' })
  assert.equal(state.file?.length, size)
  assert.deepEqual(
    seen.map(({ bytes }) => bytes),
    [0, size / 2, size / 2],
  )
})

test('a file that its column does not take is refused as soon as that is known', async (t) => {
  const { client, seen } = await startFileServer(t)
  const size = 33 * 1024 * 1024
  const known = client.files.upload(contract, inPieces(Buffer.alloc(1)), { fileName: 'a', size })
  await assert.rejects(known, coded('too_large'))
  assert.equal(seen.length, 0)
  let closed = false
  async function* endless() {
    try {
      for (;;) yield Buffer.alloc(MB)
    } finally {
      closed = true
    }
  }
  const unknown = client.files.upload(contract, endless(), { fileName: 'a' })
  await assert.rejects(unknown, coded('too_large'))
  assert.equal(closed, true)
  assert.ok(!seen.some(({ path }) => path.endsWith('/CommitFileBlocksUpload')))
})

test('an upload ends when it is called off, even while its source is silent', async (t) => {
  const { client } = await startFileServer(t)
  const controller = new AbortController()
  async function* silent() {
    yield Buffer.alloc(10)
    controller.abort()
    await new Promise(() => undefined)
  }
  const options = { fileName: 'a', signal: controller.signal }
  await assert.rejects(client.files.upload(contract, silent(), options), coded('aborted'))
})

test('a source is asked for no more than the part that is being sent', async (t) => {
  let taken = 0
  let most = 0
  const { client } = await startFileServer(t, {
    lose: ({ bytes }) => {
      most = Math.max(most, taken - bytes)
      taken -= bytes
      return false
    },
  })
  async function* counted() {
    for (let piece = 0; piece < 20; piece += 1) {
      taken += MB
      yield Buffer.alloc(MB)
    }
  }
  await client.files.upload(contract, counted(), { fileName: 'a', size: 20 * MB })
  assert.ok(most <= 2 * MB, String(most))
})

test('a file comes down in parts, and goes on where one breaks off', async (t) => {
  let cuts = 0
  const cutAfter = () => {
    cuts += 1
    return cuts === 1 ? 1_234_567 : cuts === 2 ? 1 : undefined
  }
  const file = randomBytes(6 * MB)
  const { client, seen } = await startFileServer(t, { file, cutAfter })
  const down = await client.files.download(contract)
  assert.deepEqual([down?.size, down?.fileName], [6 * MB, 'file.bin'])
  const bytes = await readAll(down?.bytes ?? assert.fail())
  assert.ok(bytes.equals(file))
  assert.ok(seen.length >= 4)
  assert.equal(seen[0]?.range, `bytes=0-${4 * 1024 * 1024 - 1}`)
  // A range of a compressed file is no range of the file.
  assert.ok(seen.every(({ headers }) => headers['accept-encoding'] === 'identity'))
})

test('a file that is never whole ends in an error', async (t) => {
  const { client } = await startFileServer(t, { file: randomBytes(100), cutAfter: () => 0 })
  const down = await client.files.download(contract)
  await assert.rejects(readAll(down?.bytes ?? assert.fail()), coded('body_incomplete'))
})

test('a file that changes while it is read is told, never mixed', async (t) => {
  for (const size of [5 * MB, 6 * MB]) {
    const { client, state } = await startFileServer(t, { file: randomBytes(6 * MB) })
    const down = await client.files.download(contract)
    const pieces = down?.bytes ?? assert.fail()
    await pieces.next()
    state.file = randomBytes(size)
    await assert.rejects(readAll(pieces), coded('conflict'))
  }
})

test('where there is no file nothing comes, and deleting one leaves none', async (t) => {
  const { client } = await startFileServer(t, { file: Buffer.from('x') })
  await client.files.delete(contract)
  assert.equal(await client.files.download(contract), undefined)
})

test('a column that holds no file is refused with those that do', async (t) => {
  const { client } = await startFileServer(t)
  const wrong = { ...contract, column: 'name' }
  await assert.rejects(
    client.files.download(wrong),
    (error) => error instanceof DataverseError && /new_contract/.test(error.explanation.remedy),
  )
})

test('a source of something else than bytes makes no file', async (t) => {
  const { client, state } = await startFileServer(t)
  const text: Iterable<Uint8Array> = Object('abc')
  await assert.rejects(
    client.files.upload(contract, text, { fileName: 'a' }),
    (error) => error instanceof DataverseError && error.facts['field'] === 'source',
  )
  assert.equal(state.file, undefined)
})

test('an upload ends by its deadline, even while its source is silent', async (t) => {
  const { client } = await startFileServer(t)
  async function* silent() {
    yield Buffer.alloc(10)
    await new Promise(() => undefined)
  }
  const options = { fileName: 'a', deadlineMs: 100 }
  await assert.rejects(client.files.upload(contract, silent(), options), coded('timeout'))
})

test('a file of which the service kept less than it was sent is told', async (t) => {
  const { client } = await startFileServer(t, { forgetsBlock: true })
  const source = inPieces(randomBytes(6 * MB))
  const uploading = client.files.upload(contract, source, { fileName: 'a' })
  await assert.rejects(uploading, coded('unexpected_answer'))
})
