import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ComponentError } from '../../component/src/component-error.ts'
import type { PlatformApi } from '../../component/src/platform-api.ts'
import { configuredToken, PlatformTokens } from '../../component/src/platform-tokens.ts'
import { Secret } from '../../src/kernel/index.ts'

/** A platform whose secret is refreshed by counting on; `elsewhere` counts on behind this process's back. */
function countingPlatform() {
  const calls = { reads: 0, refreshes: 0, broken: false }
  let version = 1
  const secret = () => ({ value: new Secret(`token-${version}`), fields: {} })
  const api: PlatformApi = {
    readSecret: async () => {
      calls.reads += 1
      return secret()
    },
    refreshSecret: async () => {
      calls.refreshes += 1
      if (calls.broken) throw new Error('refused')
      version += 1
      return secret()
    },
    readStartData: async () => undefined,
  }
  const elsewhere = () => {
    version += 1
  }
  return { calls, elsewhere, tokens: new PlatformTokens(api) }
}

test('a credential is read once for all that ask', async () => {
  const { calls, tokens } = countingPlatform()
  const all = await Promise.all([1, 2, 3].map(() => tokens.source('a').token()))
  assert.deepEqual(
    all.map(({ value }) => value.reveal()),
    ['token-1', 'token-1', 'token-1'],
  )
  assert.equal(calls.reads, 1)
})

test('a token that fails for many is refreshed once, and the late get the same', async () => {
  const { calls, tokens } = countingPlatform()
  const failed = await tokens.source('a').token()
  const many = await Promise.all([1, 2, 3].map(() => tokens.source('a').replace(failed)))
  const late = await tokens.source('a').replace(failed)
  assert.deepEqual(
    [...many, late].map(({ value }) => value.reveal()),
    ['token-2', 'token-2', 'token-2', 'token-2'],
  )
  assert.equal(calls.refreshes, 1)
  assert.equal((await tokens.source('a').token()).value.reveal(), 'token-2')
})

test('a token that another process has renewed is only read', async () => {
  const { calls, elsewhere, tokens } = countingPlatform()
  const failed = await tokens.source('a').token()
  elsewhere()
  assert.equal((await tokens.source('a').replace(failed)).value.reveal(), 'token-2')
  assert.equal(calls.refreshes, 0)
})

test('a refresh that fails is tried again by the next that asks', async () => {
  const { calls, tokens } = countingPlatform()
  const failed = await tokens.source('a').token()
  calls.broken = true
  await assert.rejects(tokens.source('a').replace(failed), /refused/)
  calls.broken = false
  assert.equal((await tokens.source('a').replace(failed)).value.reveal(), 'token-2')
})

test('a token of the configuration that is refused is not used again', async () => {
  const source = configuredToken({ access_token: 'token' })
  assert.ok(source !== undefined)
  const token = await source.token()
  assert.equal(token.value.reveal(), 'token')
  await assert.rejects(
    source.replace(token),
    (error) => error instanceof ComponentError && error.code === 'token_expired',
  )
})
