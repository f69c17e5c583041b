import assert from 'node:assert/strict'
import type { ServerResponse } from 'node:http'
import { after, test } from 'node:test'
import { FakeClock } from '../../test/support/fake-clock.ts'
import { json, startScriptedEndpoint } from '../../test/support/scripted-endpoint.ts'
import { Secret } from '../kernel/index.ts'
import { type DeviceAuthorization, pollDeviceCode, requestDeviceCode } from './device-code.ts'
import { parseEndpoints } from './endpoints.ts'

const server = await startScriptedEndpoint(500)
after(() => server.close())

const TOKENS = { token_type: 'Bearer', access_token: 'a', refresh_token: 'r', expires_in: 3599 }
const DEVICE = {
  device_code: 'd3vice',
  user_code: 'A1B2C3',
  verification_uri: 'https://microsoft.com/devicelogin',
  expires_in: 900,
  interval: 5,
}
const refuse = (error: string) => (response: ServerResponse) => json(response, 400, { error })

const request = (path = '/t.example/oauth2/token', device?: string) =>
  ({
    endpoints: parseEndpoints({ token: `${server.origin}${path}`, ...(device ? { device } : {}) }),
    client: {
      clientId: 'app-1',
      authentication: { method: 'secret', secret: new Secret('s3cret') },
    },
    resource: 'https://org1.crm4.dynamics.com/',
  }) as const

/** Polls to the end, moving the clock second by second; tells when the server was asked. */
async function poll(answers: readonly unknown[], expiresInMs = 900_000) {
  const clock = new FakeClock(0)
  const askedAt: number[] = []
  server.answer(...answers)
  const send: typeof server.send = (sent) => {
    askedAt.push(clock.now() / 1000)
    return server.send(sent)
  }
  const device: DeviceAuthorization = {
    deviceCode: new Secret('d3vice'),
    userCode: 'A1B2C3',
    verificationUri: DEVICE.verification_uri,
    expiresAt: expiresInMs,
    intervalMs: 5_000,
  }
  const outcome = pollDeviceCode({ ...request(), device }, { send, clock })
  let done = false
  const settled = outcome.then(
    (tokens) => ({ tokens, error: undefined }),
    (error: { code: string }) => ({ tokens: undefined, error }),
  )
  settled.finally(() => {
    done = true
  })
  while (!done) {
    await new Promise((resolve) => setImmediate(resolve))
    if (clock.sleeping > 0 && expiresInMs > 0) clock.advance(1_000)
  }
  return { ...(await settled), askedAt }
}

test("Entra is asked at version 2's endpoint, without the secret", async () => {
  server.answer(DEVICE)
  const clock = new FakeClock(0)
  const device = await requestDeviceCode(request(), { send: server.send, clock })
  const [call] = server.calls
  assert.equal(call?.path, '/t.example/oauth2/v2.0/devicecode')
  assert.deepEqual(Object.fromEntries(call?.form ?? []), {
    client_id: 'app-1',
    scope: 'https://org1.crm4.dynamics.com/user_impersonation offline_access openid profile',
  })
  assert.equal(device.deviceCode.reveal(), 'd3vice')
  assert.deepEqual(
    [device.userCode, device.expiresAt, device.intervalMs],
    ['A1B2C3', 900_000, 5_000],
  )
})

test('another server is asked where it was said, as the client that it knows', async () => {
  server.answer(DEVICE)
  const asked = request('/token', `${server.origin}/device/auth`)
  await requestDeviceCode(asked, { send: server.send, clock: new FakeClock() })
  assert.equal(server.calls[0]?.path, '/device/auth')
  assert.equal(server.calls[0]?.form.get('client_secret'), 's3cret')
})

test('another server without such an endpoint cannot do it', async () => {
  const asked = requestDeviceCode(request('/token'), { send: server.send, clock: new FakeClock() })
  await assert.rejects(asked, { code: 'device_flow_unavailable' })
})

test('an address for signing in that would start another program is not handed on', async () => {
  for (const uri of ['file:///etc/passwd', 'javascript:alert(1)', 'http://login.example/', 'x']) {
    server.answer({ ...DEVICE, verification_uri: uri })
    const asked = requestDeviceCode(request(), { send: server.send, clock: new FakeClock() })
    await assert.rejects(asked, { code: 'token_answer_invalid' })
  }
})

test('polling keeps the pace, and slows down when told and when the network fails', async () => {
  const reset = (response: ServerResponse) => response.socket?.resetAndDestroy()
  const steps = [refuse('authorization_pending'), refuse('slow_down'), reset, TOKENS]
  const { tokens, askedAt } = await poll(steps)
  assert.equal(tokens?.refreshToken?.reveal(), 'r')
  assert.deepEqual(askedAt, [5, 10, 20, 35])
  const [call] = server.calls
  assert.equal(call?.path, '/t.example/oauth2/v2.0/token')
  assert.equal(call?.form.get('device_code'), 'd3vice')
  assert.equal(call?.form.get('client_secret'), null)
})

test('a refusal ends the polling', async () => {
  const { error, askedAt } = await poll([refuse('authorization_declined')])
  assert.equal(error?.code, 'token_refused')
  assert.equal(askedAt.length, 1)
})

test('the end of the code ends the polling, told by the server or by the clock', async () => {
  assert.equal((await poll([refuse('expired_token')])).error?.code, 'device_code_expired')
  const pending = Array.from({ length: 9 }, () => refuse('authorization_pending'))
  const { error, askedAt } = await poll(pending, 21_000)
  assert.equal(error?.code, 'device_code_expired')
  assert.deepEqual(askedAt, [5, 10, 15, 20])
})

test('an app that is no public client is told what to switch on', async () => {
  const body = { error: 'invalid_client', error_codes: [7000218] }
  server.answer((response: ServerResponse) => json(response, 401, body))
  const asked = requestDeviceCode(request(), { send: server.send, clock: new FakeClock() })
  await assert.rejects(asked, (error: { explanation: { remedy: string } }) =>
    /public client flows/i.test(error.explanation.remedy),
  )
})
