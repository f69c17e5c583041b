import assert from 'node:assert/strict'
import { request } from 'node:http'
import { test } from 'node:test'
import { createLocalJWKSet, jwtVerify } from 'jose'
import { Bench, type Body } from '../bench.ts'

async function read(url: string): Promise<{ status: number; body: Body }> {
  const response = await fetch(url)
  return { status: response.status, body: JSON.parse(await response.text()) }
}

/** Asks under another name, as a mapped address does. */
function readAs(
  host: string,
  url: string,
): Promise<{ status: number; body: string; challenge: string }> {
  return new Promise((resolve, reject) => {
    const call = request(url, { headers: { host } }, (response) => {
      let body = ''
      response.setEncoding('utf8')
      response.on('data', (chunk: string) => {
        body += chunk
      })
      response.on('end', () => {
        const challenge = response.headers['www-authenticate'] ?? ''
        resolve({ status: response.statusCode ?? 0, body, challenge })
      })
    })
    call.on('error', reject)
    call.end()
  })
}

test('the configuration of a tenant names its addresses under the host that was asked', async (t) => {
  const { line } = await Bench.start(t)
  const [tenant] = line.tenants
  for (const name of [tenant?.id, tenant?.domains[0]]) {
    const { body } = await read(`${line.authority}/${name}/v2.0/.well-known/openid-configuration`)
    const base = `${line.authority}/${line.tenantId}`
    assert.equal(body['issuer'], `${base}/v2.0`)
    assert.equal(body['token_endpoint'], `${base}/oauth2/v2.0/token`)
    assert.equal(body['device_authorization_endpoint'], `${base}/oauth2/v2.0/devicecode`)
  }
})

test('v1 names sts.windows.net as issuer, and common leaves the tenant open', async (t) => {
  const { line } = await Bench.start(t)
  const v1 = await read(`${line.authority}/common/.well-known/openid-configuration`)
  assert.equal(v1.body['issuer'], 'https://sts.windows.net/{tenantid}/')
  assert.equal(v1.body['authorization_endpoint'], `${line.authority}/common/oauth2/authorize`)
  const v2 = await read(`${line.authority}/common/v2.0/.well-known/openid-configuration`)
  assert.equal(v2.body['issuer'], `${line.authority}/{tenantid}/v2.0`)
})

test('the configuration of an unknown tenant is 400 with AADSTS90002 in JSON', async (t) => {
  const { line } = await Bench.start(t)
  const { status, body } = await read(
    `${line.authority}/nobody.example/v2.0/.well-known/openid-configuration`,
  )
  assert.equal(status, 400)
  assert.deepEqual(body['error_codes'], [90002])
})

test('the published keys verify tokens', async (t) => {
  const bench = await Bench.start(t)
  const { body: tokens } = await bench.redeem(await bench.code())
  const keys = await fetch(`${bench.line.authority}/common/discovery/v2.0/keys`)
  const set = createLocalJWKSet(JSON.parse(await keys.text()))
  for (const name of ['access_token', 'id_token']) {
    const { payload } = await jwtVerify(String(tokens[name]), set)
    assert.equal(payload['tid'], bench.line.tenantId)
  }
})

test('an unsigned id_token comes by a switch, on v1 only', async (t) => {
  const bench = await Bench.start(t)
  await bench.admin('PATCH', `/apps/${bench.line.clientId}`, { unsignedIdToken: true })
  const { body } = await bench.redeem(await bench.code())
  const [header = '', , signature] = String(body['id_token']).split('.')
  assert.equal(JSON.parse(Buffer.from(header, 'base64url').toString())['alg'], 'none')
  assert.equal(signature, '')
})

test('instance discovery knows the aliases of the public cloud', async (t) => {
  const { line } = await Bench.start(t)
  const asked = encodeURIComponent(
    `https://login.microsoftonline.com/${line.tenantId}/oauth2/v2.0/authorize`,
  )
  const { body } = await read(
    `${line.authority}/common/discovery/instance?api-version=1.1&authorization_endpoint=${asked}`,
  )
  assert.match(JSON.stringify(body['metadata']), /login\.windows\.net/)
})

test("under a real login host the addresses are that host's", async (t) => {
  const { line } = await Bench.start(t)
  const path = `/${line.tenantId}/.well-known/openid-configuration`
  const { body } = await readAs('login.windows.net', `${line.authority}${path}`)
  assert.match(body, /"token_endpoint":"http:\/\/login\.windows\.net\//)
  const other = await readAs('login.example', `${line.authority}${path}`)
  assert.equal(other.status, 421)
})

test("the challenge names the tenant's sign-in and the resource as it was asked", async (t) => {
  const { line } = await Bench.start(t)
  const loopback = await fetch(`${line.apiUrl}/`)
  assert.equal(loopback.status, 401)
  assert.equal(
    loopback.headers.get('www-authenticate'),
    `Bearer authorization_uri=${line.authority}/${line.tenantId}/oauth2/authorize, resource_id=${line.orgUrl}/`,
  )
  const alias = await readAs('orgfb974624.crm4.dynamics.com', `${line.apiUrl}/`)
  assert.equal(
    alias.challenge,
    `Bearer authorization_uri=https://login.microsoftonline.com/${line.tenantId}/oauth2/authorize, resource_id=http://orgfb974624.crm4.dynamics.com/`,
  )
})

test('what Entra has and the sandbox has not is 501 by name', async (t) => {
  const { line } = await Bench.start(t)
  const { status, body } = await read(`${line.authority}/v1.0/applications`)
  assert.equal(status, 501)
  assert.match(JSON.stringify(body), /applications of Entra ID/)
})
