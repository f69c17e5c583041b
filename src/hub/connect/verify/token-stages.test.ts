import assert from 'node:assert/strict'
import { test } from 'node:test'
import { limitsIn } from './environment-stages.ts'
import { faultOfAudience } from './token-stages.ts'

const resource = 'https://org1.crm4.dynamics.com/'

test('the audience may lack the slash, or be the API host of the environment', () => {
  for (const audience of [
    'https://org1.crm4.dynamics.com',
    'https://org1.crm4.dynamics.com/',
    'https://org1.api.crm4.dynamics.com/',
    'https://ORG1.crm4.dynamics.com',
    '00000007-0000-0000-c000-000000000000',
  ]) {
    assert.equal(faultOfAudience({ audience }, { resource }), undefined, audience)
  }
})

test('an audience of another environment is told with both addresses', () => {
  const fault = faultOfAudience({ audience: 'https://org2.crm4.dynamics.com' }, { resource })
  assert.equal(fault?.code, 'audience_mismatch')
  assert.match(fault.explanation.why, /org2.*org1/)
})

test('limit headers are read with thousands separators, and may be missing', () => {
  const headers = {
    'x-ms-ratelimit-time-remaining-xrm-requests': '1,200.00',
    'x-ms-ratelimit-burst-remaining-xrm-requests': '7999',
    'x-ms-dop-hint': '',
  }
  assert.deepEqual(limitsIn(headers), { requestsRemaining: 7999, computingSecondsRemaining: 1200 })
})
