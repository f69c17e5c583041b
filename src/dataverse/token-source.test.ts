import assert from 'node:assert/strict'
import { test } from 'node:test'
import { FakeClock } from '../../test/support/fake-clock.ts'
import { Secret } from '../kernel/index.ts'
import { type AccessToken, tokenSource } from './token-source.ts'

function counted(clock: FakeClock, lifetimeMs = 600_000) {
  const made: AccessToken[] = []
  const acquire = async () => {
    const value = new Secret(`token-${made.length + 1}`)
    const token = { value, expiresAt: clock.now() + lifetimeMs }
    made.push(token)
    return token
  }
  return { made, acquire }
}

test('a token is acquired once for all, and again a minute before its end', async () => {
  const clock = new FakeClock()
  const { made, acquire } = counted(clock)
  const tokens = tokenSource(acquire, { clock })
  const all = () => Promise.all(Array.from({ length: 20 }, () => tokens.token()))
  assert.equal(new Set(await all()).size, 1)
  await clock.advance(539_000)
  await all()
  assert.equal(made.length, 1)
  await clock.advance(2_000)
  assert.equal(new Set(await all()).size, 1)
  assert.equal(made.length, 2)
})

test('a token that was refused is replaced, and the replacement is used from then on', async () => {
  const clock = new FakeClock()
  const { made, acquire } = counted(clock)
  const tokens = tokenSource(acquire, { clock })
  const other = await tokens.replace(await tokens.token())
  assert.equal(await tokens.token(), other)
  assert.equal(made.length, 2)
})

test('a failure to acquire a token is told, and the next call asks again', async () => {
  const clock = new FakeClock()
  const { acquire } = counted(clock)
  let fails = true
  const tokens = tokenSource(() => (fails ? Promise.reject(new Error('down')) : acquire()), {
    clock,
  })
  await assert.rejects(tokens.token(), /down/)
  fails = false
  assert.equal((await tokens.token()).value.reveal(), 'token-1')
})
