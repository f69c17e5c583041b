import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Secret } from '../kernel/index.ts'
import { clientParts } from './client-parts.ts'
import { type CallerOptions, createLimits } from './limits/limits.ts'

test('bulk work leaves a part of the limits to the calls of others', () => {
  const limits = createLimits({ clock: { now: () => 0, sleep: async () => undefined } })
  const callers = new Map<string, CallerOptions | undefined>()
  const token = { value: new Secret('token-1'), expiresAt: 0 }
  clientParts({
    environmentUrl: 'https://org1.crm4.dynamics.com',
    tokens: { token: async () => token, replace: async () => token },
    send: () => assert.fail('Nothing is asked before the first call.'),
    limits: {
      figures: limits.figures,
      caller: (name, options) => {
        callers.set(name, options)
        return limits.caller(name, options)
      },
      refusedWithin: (refusal) => limits.refusedWithin(refusal),
      usage: () => limits.usage(),
      idle: () => limits.idle(),
    },
  })
  assert.deepEqual(Object.fromEntries(callers), { calls: undefined, bulk: { background: true } })
})
