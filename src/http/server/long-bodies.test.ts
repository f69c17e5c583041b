import assert from 'node:assert/strict'
import { test } from 'node:test'
import { LongBodies } from './long-bodies.ts'

const MB = 1024 * 1024

async function* three() {
  yield* [1, 2, 3]
}

test('a body is held until the last line is made of it, or its reader has left', async () => {
  const bodies = new LongBodies()
  const lastLine = (lines: AsyncGenerator) => async () => {
    for await (const _ of lines);
  }
  const leaving = (lines: AsyncGenerator) => () => lines.return(undefined)
  for (const ending of [lastLine, leaving]) {
    const body = bodies.open()
    body.grow(100 * MB)
    const lines = body.heldFor(three())
    await lines.next()
    body.end()
    assert.throws(() => bodies.open().grow(29 * MB), { code: 'long_bodies_busy' })
    await ending(lines)()
    const whole = bodies.open()
    whole.grow(128 * MB)
    whole.end()
  }
})

test('a body that grows is counted once, and one of ordinary length not at all', () => {
  const bodies = new LongBodies()
  const body = bodies.open()
  for (const bytes of [64 * MB, 2 * MB, 100 * MB, 127 * MB]) body.grow(bytes)
  for (let count = 0; count < 10; count += 1) bodies.open().grow(MB)
  assert.throws(() => bodies.open().grow(MB + 1), { code: 'long_bodies_busy' })
})
