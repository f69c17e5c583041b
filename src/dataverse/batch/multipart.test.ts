import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { batchAnswer } from '../../../test/support/batch-answer.ts'
import { bodyOf, parseAnswer } from './http-part.ts'
import { boundaryOf, MultipartFault, partsOf, readParts } from './multipart.ts'

async function* inChunks(bytes: Buffer, sizes: readonly number[]) {
  let start = 0
  for (let index = 0; start < bytes.length; index += 1) {
    const size = sizes[index % sizes.length] ?? 1
    yield bytes.subarray(start, start + size)
    start += size
  }
}

async function bodiesOf(bytes: Buffer, boundary: string, sizes: readonly number[]) {
  const bodies: unknown[] = []
  for await (const part of readParts(inChunks(bytes, sizes), boundary)) {
    const answer = parseAnswer(part)
    bodies.push(answer === undefined ? undefined : bodyOf(answer))
  }
  return bodies
}

const hostileText = fc.oneof(
  fc.string({ unit: 'grapheme', maxLength: 30 }),
  fc
    .array(
      fc.constantFrom('--b', '--b--', '\r\n', '--b\r\n', '"', '{', '}', 'HTTP/1.1 200 OK', 'é'),
    )
    .map((pieces) => pieces.join('')),
)

test('whatever the values hold, every part comes back whole, however the bytes are cut', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.record({ text: hostileText, list: fc.array(hostileText) }), { maxLength: 6 }),
      fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1, maxLength: 5 }),
      async (bodies, sizes) => {
        const parts = bodies.map((body) => ({ status: 200, body }))
        const bytes = Buffer.from(batchAnswer(parts, 'b').body)
        assert.deepEqual(await bodiesOf(bytes, 'b', sizes), JSON.parse(JSON.stringify(bodies)))
        assert.deepEqual(partsOf(bytes, 'b').length, bodies.length)
      },
    ),
    { numRuns: 300 },
  )
})

test('a delimiter within a line, or a longer one, is content', async () => {
  const text = 'x --b\r\n--b2\r\n--b-\r\n--bb--\r\n --b\r\n--b text'
  const bytes = Buffer.from(batchAnswer([{ status: 200, body: text }], 'b').body)
  for (const size of [1, 3, 1000]) assert.deepEqual(await bodiesOf(bytes, 'b', [size]), [text])
})

test('a preamble, padding, lines ended by LF alone and a missing last line end are understood', async () => {
  const text =
    'preamble\n--b \t\nContent-Type: application/http\n\nHTTP/1.1 204 No Content\n\n\n--b--'
  assert.deepEqual(await bodiesOf(Buffer.from(text), 'b', [7]), [undefined])
})

test('a body that ends without its closing delimiter is a fault, after the parts that came', async () => {
  const bytes = Buffer.from(batchAnswer([{ status: 204 }, { status: 204 }], 'b').body)
  const cut = bytes.subarray(0, bytes.length - 8)
  const parts = readParts(inChunks(cut, [50]), 'b')
  assert.equal((await parts.next()).done, false)
  await assert.rejects(parts.next(), MultipartFault)
})

test('a large part in small chunks is read in a time that grows with its size alone', async () => {
  const body = { text: 'x'.repeat(8_000_000) }
  const bytes = Buffer.from(batchAnswer([{ status: 200, body }], 'b').body)
  const start = performance.now()
  assert.deepEqual(await bodiesOf(bytes, 'b', [4096]), [body])
  assert.ok(performance.now() - start < 1500)
})

test('the boundary is read from the header, quoted or not', () => {
  assert.equal(boundaryOf('multipart/mixed; boundary=batchresponse_1'), 'batchresponse_1')
  assert.equal(boundaryOf('Multipart/Mixed;charset="a;b";Boundary="a b"'), 'a b')
  assert.equal(boundaryOf('application/json; boundary=x'), undefined)
  assert.equal(boundaryOf('multipart/mixed'), undefined)
  assert.equal(boundaryOf(null), undefined)
})
