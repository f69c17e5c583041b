import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Bench } from './bench.ts'

const STORIES: readonly [state: string, code: string][] = [
  ['notInOrganization', '0x80072560'],
  ['withoutRole', '0x80042f09'],
  ['disabledInOrganization', '0x80040225'],
]

for (const [state, code] of STORIES) {
  test(`a user who is ${state} gets a token, and ${code} from the environment`, async (t) => {
    const bench = await Bench.start(t)
    const { body } = await bench.redeem(await bench.code(bench.authorizeUrl(), state))
    const response = await bench.whoAmI(body['access_token'])
    assert.equal(response.status, 403)
    assert.ok((await response.text()).includes(code))
  })
}

for (const state of ['admin', 'member', 'guest', 'needsMfa']) {
  test(`the ${state} is let in`, async (t) => {
    const bench = await Bench.start(t)
    const { body } = await bench.redeem(await bench.code(bench.authorizeUrl(), state))
    assert.equal((await bench.whoAmI(body['access_token'])).status, 200)
  })
}

test('an app without application user gets 0x80072560 from the environment', async (t) => {
  const bench = await Bench.start(t)
  const { clientId, clientSecret } = bench.app('assignmentRequired')
  const { body } = await bench.token({
    grant_type: 'client_credentials',
    resource: bench.resource,
    client_id: clientId,
    client_secret: clientSecret ?? '',
  })
  const response = await bench.whoAmI(body['access_token'])
  assert.equal(response.status, 403)
  assert.match(await response.text(), /0x80072560/)
})
