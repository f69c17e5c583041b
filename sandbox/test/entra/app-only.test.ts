import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Bench, claimsOf, refused } from '../bench.ts'

test('the app itself gets a token, and nothing else, from both endpoints', async (t) => {
  const bench = await Bench.start(t)
  const v1 = await bench.token({ grant_type: 'client_credentials', resource: bench.resource })
  assert.deepEqual(Object.keys(v1.body), [
    'token_type',
    'expires_in',
    'ext_expires_in',
    'expires_on',
    'not_before',
    'resource',
    'access_token',
  ])
  assert.equal(typeof v1.body['expires_in'], 'string')
  const scope = `${bench.line.orgUrl}/.default`
  const v2 = await bench.token({ grant_type: 'client_credentials', scope }, bench.v2('token'))
  assert.deepEqual(Object.keys(v2.body), [
    'token_type',
    'expires_in',
    'ext_expires_in',
    'access_token',
  ])
  assert.equal(typeof v2.body['expires_in'], 'number')
  const claims = claimsOf(v2.body['access_token'])
  assert.deepEqual({ scp: claims['scp'], idtyp: claims['idtyp'] }, { scp: undefined, idtyp: 'app' })
  for (const { body } of [v1, v2])
    assert.equal((await bench.whoAmI(body['access_token'])).status, 200)
})

test('the double slash of .default keeps the slash of the audience', async (t) => {
  const bench = await Bench.start(t)
  const scope = `${bench.resource}/.default`
  const { body } = await bench.token({ grant_type: 'client_credentials', scope }, bench.v2('token'))
  assert.equal(claimsOf(body['access_token'])['aud'], bench.resource)
})

test('app-only is refused on /common, or useless there by a switch', async (t) => {
  const bench = await Bench.start(t)
  const wish = { grant_type: 'client_credentials', resource: bench.resource }
  refused(await bench.token(wish, bench.v1('token', 'common')), 9001023, 'invalid_request')
  refused(await bench.token(wish, bench.v1('token', 'organizations')), 50059, 'invalid_request')
  await bench.admin('PATCH', `/apps/${bench.line.clientId}`, { appOnlyOnCommon: true })
  const { status, body } = await bench.token(wish, bench.v1('token', 'common'))
  assert.equal(status, 200)
  assert.notEqual(claimsOf(body['access_token'])['tid'], bench.line.tenantId)
  assert.equal((await bench.whoAmI(body['access_token'])).status, 401)
})

test('an app without enterprise application gets 7000229', async (t) => {
  const bench = await Bench.start(t)
  await bench.admin('PATCH', `/apps/${bench.line.clientId}`, { servicePrincipal: false })
  const wish = { grant_type: 'client_credentials', resource: bench.resource }
  refused(await bench.token(wish), 7000229, 'invalid_client', 401)
})

test('a secret in a Basic header is decoded once, and works', async (t) => {
  const bench = await Bench.start(t)
  const secret = '[6g+%41 &=é:~'
  await bench.admin('PATCH', `/apps/${bench.line.clientId}`, { addSecret: { value: secret } })
  const pair = [bench.line.clientId, secret].map(encodeURIComponent).join(':')
  const basic = { authorization: `Basic ${Buffer.from(pair).toString('base64')}` }
  const wish = {
    grant_type: 'client_credentials',
    resource: bench.resource,
    client_secret: undefined,
    client_id: undefined,
  }
  assert.equal((await bench.token(wish, undefined, basic)).status, 200)
  assert.equal(
    (await bench.token({ ...wish, client_id: bench.line.clientId, client_secret: secret })).status,
    200,
  )
})

test('grants that are not emulated are 501 by name, unknown ones AADSTS70003', async (t) => {
  const bench = await Bench.start(t)
  const password = await bench.token({ grant_type: 'password' })
  assert.equal(password.status, 501)
  assert.match(password.text, /grant type 'password'/)
  refused(await bench.token({ grant_type: 'magic' }), 70003, 'unsupported_grant_type')
})
