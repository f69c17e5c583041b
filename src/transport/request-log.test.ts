import assert from 'node:assert/strict'
import { test } from 'node:test'
import { FakeClock } from '../../test/support/fake-clock.ts'
import { createLogger } from '../kernel/index.ts'
import { transportError } from './fault.ts'
import { requestLog } from './request-log.ts'

test('an exchange is logged by host, path and time, without its query', async () => {
  const lines: string[] = []
  const clock = new FakeClock()
  const logger = createLogger({ clock, level: 'debug', write: (line) => lines.push(line) })
  const url = new URL(
    "https://org1.crm4.dynamics.com/api/data/v9.2/accounts(name='secret')?$filter=secret",
  )
  const request = { method: 'GET', url, headers: { authorization: 'Bearer hidden' } }
  const failing = requestLog(logger, clock)(request, async () => {
    clock.advance(40)
    throw transportError('timeout', url.host)
  })
  await assert.rejects(failing, { code: 'timeout' })
  const line = JSON.parse(lines.join())
  assert.deepEqual(
    { event: line.event, host: line.host, path: line.path, ms: line.ms, code: line.code },
    {
      event: 'request failed',
      host: 'org1.crm4.dynamics.com',
      path: '/api/data/v9.2/accounts(…)',
      ms: 40,
      code: 'timeout',
    },
  )
  assert.doesNotMatch(lines.join(), /secret|hidden/)
})
