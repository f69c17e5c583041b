import assert from 'node:assert/strict'
import { test } from 'node:test'
import { FakeClock } from '../../../test/support/fake-clock.ts'
import type { HttpRequest, HttpResponse } from '../../transport/index.ts'
import { createLimitsRegistry } from './registry.ts'

const environment = 'https://org1.crm4.dynamics.com'
const url = new URL(environment)
const request: HttpRequest = { method: 'GET', url, headers: {} }
const answer: HttpResponse = {
  ...{ status: 200, headers: new Headers(), url },
  text: async () => '',
  stream: () => new Blob([]).stream(),
  discard: async () => undefined,
}

test('one user in one environment has one controller, however the address is written', () => {
  const registry = createLimitsRegistry({ clock: new FakeClock() })
  const limits = registry.for(environment, 'ada')
  assert.equal(registry.for(new URL(`${environment}/`), 'ada'), limits)
  assert.notEqual(registry.for(environment, 'grace'), limits)
  assert.notEqual(registry.for('https://org2.crm4.dynamics.com', 'ada'), limits)
})

test('controllers with nothing to remember are dropped, and others are kept', async () => {
  const clock = new FakeClock()
  const registry = createLimitsRegistry({ clock })
  const busy = registry.for(environment, 'ada')
  const idle = registry.for(environment, 'grace')
  await busy.caller('a')(request, async () => answer)
  for (let n = 0; n < 200; n += 1) registry.for(environment, `user ${n}`)
  assert.equal(registry.for(environment, 'ada'), busy)
  assert.notEqual(registry.for(environment, 'grace'), idle)
})
