import assert from 'node:assert/strict'
import { test } from 'node:test'
import { FakeClock } from '../../../test/support/fake-clock.ts'
import { silentLogger } from '../../kernel/index.ts'
import type { HttpResponse } from '../../transport/index.ts'
import { review } from './review.ts'

const tenantId = '8a9b5f10-0000-4000-8000-000000000001'
const address = 'https://org1.crm4.dynamics.com'
const guide = {
  authorizationEndpoint:
    'https://login.windows.net/common/oauth2/authorize?resource=https%3A%2F%2Forg1.crm4.dynamics.com%2F',
  tokenEndpoint: 'https://login.windows.net/common/oauth2/token',
}

// An environment that answers as Dataverse does to a call without a token.
function partsWith(answer: 'challenge' | 'nothing') {
  return {
    clock: new FakeClock(),
    logger: silentLogger,
    trustedLoginOrigins: [],
    send: async ({ url }: { readonly url: URL }): Promise<HttpResponse> => {
      if (answer === 'nothing') throw new TypeError('no network')
      const challenge = `Bearer authorization_uri=https://login.microsoftonline.com/${tenantId}/oauth2/authorize, resource_id=${url.origin}/`
      return {
        status: 401,
        headers: new Headers({ 'www-authenticate': challenge }),
        url,
        text: async () => '',
        stream: () => new ReadableStream(),
        discard: async () => undefined,
      }
    },
  }
}

test("the guide's endpoints get the change to the environment's directory, both together", async () => {
  const advice = await review(partsWith('challenge'), { ...guide, address })
  assert.deepEqual(
    advice.map(({ code }) => code),
    ['AADSTS50194'],
  )
  assert.deepEqual(advice[0]?.change, {
    authorizationEndpoint: `https://login.windows.net/${tenantId}/oauth2/authorize?resource=https%3A%2F%2Forg1.crm4.dynamics.com%2F`,
    tokenEndpoint: `https://login.windows.net/${tenantId}/oauth2/token`,
  })
})

test('endpoints that were changed as offered get no more advice', async () => {
  const [offered] = await review(partsWith('challenge'), { ...guide, address })
  const changed = { ...guide, ...offered?.change, address }
  assert.deepEqual(await review(partsWith('challenge'), changed), [])
})

test('an environment that does not answer leaves the advice, without the change', async () => {
  const [advice] = await review(partsWith('nothing'), { ...guide, address })
  assert.equal(advice?.code, 'AADSTS50194')
  assert.equal(advice.change, undefined)
})

test('endpoints of another directory get the change to the right one', async () => {
  const other = '11111111-2222-4333-8444-555555555555'
  const [advice] = await review(partsWith('challenge'), {
    tokenEndpoint: `https://login.microsoftonline.com/${other}/oauth2/v2.0/token`,
    address,
  })
  assert.equal(advice?.code, 'tenant_mismatch')
  assert.equal(
    advice.change?.tokenEndpoint,
    `https://login.microsoftonline.com/${tenantId}/oauth2/v2.0/token`,
  )
})

test('swapped endpoints are told with both in their place', async () => {
  const [advice] = await review(partsWith('challenge'), {
    authorizationEndpoint: guide.tokenEndpoint,
    tokenEndpoint: guide.authorizationEndpoint,
  })
  assert.equal(advice?.code, 'endpoints_swapped')
  assert.equal(advice.change?.tokenEndpoint, guide.tokenEndpoint)
})

test('an address of another product is told with its field', async () => {
  const advice = await review(partsWith('challenge'), {
    tokenEndpoint: `https://login.microsoftonline.com/${tenantId}/oauth2/token`,
    address: 'https://make.powerapps.com/environments/1',
  })
  assert.deepEqual(
    advice.map(({ code, field }) => [code, field]),
    [['address_other_product', 'address']],
  )
})

test('a client id that is no GUID is doubted', async () => {
  const [advice] = await review(partsWith('challenge'), {
    clientId: 'my-app',
    tokenEndpoint: `https://login.microsoftonline.com/${tenantId}/oauth2/token`,
  })
  assert.equal(advice?.field, 'clientId')
})
