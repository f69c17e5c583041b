import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ComponentError } from '../../component/src/component-error.ts'
import { readEnvironment } from '../../component/src/environment.ts'
import { fittingBodies, roomFor } from '../../component/src/message-size.ts'
import type { Json } from '../../src/kernel/index.ts'

const sizeOf = (value: unknown) => Buffer.byteLength(JSON.stringify(value))
const room = { most: 1_000, page: 500 }
const tooLarge = (error: unknown) =>
  error instanceof ComponentError && error.code === 'message_too_large'

test('a page that fits is one message, and a larger one several with all its rows in order', () => {
  const rows = Array.from({ length: 40 }, (_, at) => ({ at, text: 'ä'.repeat(20) }))
  const small = { results: rows.slice(0, 5) }
  assert.deepEqual([...fittingBodies(small, room)], [small])
  const pages = [...fittingBodies({ results: rows }, room)]
  assert.ok(pages.length > 3 && pages.every((page) => sizeOf(page) <= room.page))
  assert.deepEqual(
    pages.flatMap((page) => Object(page).results),
    rows,
  )
})

test('no page is larger than it may be, however small its rows are', () => {
  const pages = [...fittingBodies({ results: Array(2_000).fill(1) }, { most: 500, page: 500 })]
  assert.deepEqual(
    pages.flatMap((page) => Object(page).results),
    Array(2_000).fill(1),
  )
  for (const page of pages) assert.ok(sizeOf(page) <= 500, `${sizeOf(page)}`)
})

test('a row is taken alone up to the limit, and beyond it is an error with both sizes', () => {
  const row = (length: number) => ({ results: [{ text: 'x'.repeat(length) }] })
  assert.equal([...fittingBodies(row(900), room)].length, 1)
  assert.throws(() => [...fittingBodies(row(1_100), room)], tooLarge)
})

test('what is no page alone is never taken apart', () => {
  const body: Json = { results: ['x'.repeat(400), 'y'.repeat(400)], count: 2 }
  assert.deepEqual([...fittingBodies(body, room)], [body])
  assert.throws(() => [...fittingBodies({ text: 'x'.repeat(1_001) }, room)], tooLarge)
})

test('with passthrough there is room for half of what earlier steps left', () => {
  const limits = { messageBytes: 1_000, carriesInput: false }
  assert.deepEqual(roomFor(limits, {}), { most: 1_000, page: 500 })
  const passthrough = { step_0: { body: 'x'.repeat(380) } }
  const left = Math.floor((1_000 - sizeOf(passthrough)) / 2)
  assert.deepEqual(roomFor(limits, { passthrough }), { most: left, page: left })
})

test('where a message carries the one before in the place of itself, there is room for what that leaves', () => {
  const limits = { messageBytes: 1_000, carriesInput: true }
  const message = { body: 'x'.repeat(200), passthrough: { step_0: { body: 'x'.repeat(300) } } }
  const left = 1_000 - sizeOf(message)
  assert.deepEqual(roomFor(limits, message), { most: left, page: left })
  assert.deepEqual(roomFor(limits, { body: 'x' }), { most: 1_000, page: 500 })
  const read = (text: string) =>
    readEnvironment({ ELASTICIO_NO_SELF_PASSTRHOUGH: text }).carriesInput
  assert.deepEqual(['true', 'false', ''].map(read), [true, false, false])
})

test('the limit follows the platform’s variables', () => {
  const bytes = (variables: Readonly<Record<string, string>>) =>
    readEnvironment(variables).messageBytes
  assert.equal(bytes({}), 7_860_224)
  assert.ok(bytes({ ELASTICIO_PROTOCOL_VERSION: '2' }) > 10_000_000)
  assert.ok(bytes({ ELASTICIO_OUTGOING_MESSAGE_SIZE_LIMIT: '1048576' }) < 800_000)
  assert.equal(bytes({ ELASTICIO_EMIT_LIGHTWEIGHT_MESSAGE: 'false' }), bytes({}))
  assert.equal(bytes({ ELASTICIO_EMIT_LIGHTWEIGHT_MESSAGE: 'true' }), 100 * 1024 * 1024)
})
