import assert from 'node:assert/strict'
import { test } from 'node:test'
import { gunzipSync } from 'node:zlib'
import { ADMIN, createRig, tokenOf } from './rig.ts'

const SMALL = { accounts: 20, contacts: 0 }

test('every answer carries the headers of the service', async () => {
  const { headers } = await createRig(SMALL).call('WhoAmI')
  assert.equal(headers['odata-version'], '4.0')
  assert.match(String(headers['req_id']), /^[0-9a-f-]{36}$/)
  assert.match(String(headers['x-ms-service-request-id']), /^[0-9a-f-]{36},[0-9a-f-]{36}$/)
  assert.match(String(headers['x-ms-ratelimit-time-remaining-xrm-requests']), /^1,(200|199)\.\d\d$/)
  assert.equal(headers['x-ms-ratelimit-burst-remaining-xrm-requests'], '5999')
  assert.equal(headers['x-ms-dop-hint'], '4')
  assert.ok(String(headers['set-cookie']).startsWith('ARRAffinity='))
})

test('the requests left go down, and come back with the next window', async () => {
  const { call, move } = createRig(SMALL)
  const left = async () =>
    (await call('WhoAmI')).headers['x-ms-ratelimit-burst-remaining-xrm-requests']
  assert.deepEqual([await left(), await left()], ['5999', '5998'])
  move(301_000)
  assert.equal(await left(), '5999')
})

test('an address of more than 32,768 characters is refused', async () => {
  const { call } = createRig(SMALL)
  const { status } = await call(`accounts?$filter=name eq '${'x'.repeat(33_000)}'`)
  assert.equal(status, 414)
})

test('HEAD answers like GET, without the body', async () => {
  const { call } = createRig(SMALL)
  const { status, headers, text } = await call('accounts?$top=1', { method: 'HEAD' })
  assert.equal(status, 200)
  assert.equal(headers['content-type'], 'application/json; odata.metadata=minimal')
  assert.equal(text, '')
})

test('OPTIONS tells the methods', async () => {
  const { status, headers } = await createRig(SMALL).call('accounts', { method: 'OPTIONS' })
  assert.equal(status, 200)
  assert.ok(String(headers['allow']).includes('PATCH'))
})

test('a long answer is compressed for who takes it', async () => {
  const { organization } = createRig(SMALL)
  const answer = await organization.handler({
    method: 'GET',
    url: new URL('https://org1.crm4.dynamics.com/api/data/v9.2/accounts?$select=name'),
    headers: { authorization: `Bearer ${tokenOf(ADMIN)}`, 'accept-encoding': 'gzip, deflate' },
    body: Buffer.alloc(0),
    signal: new AbortController().signal,
  })
  assert.equal(answer.headers?.['content-encoding'], 'gzip')
  assert.ok(Buffer.isBuffer(answer.body))
  const json: { value: unknown[] } = JSON.parse(gunzipSync(answer.body).toString())
  assert.equal(json.value.length, 20)
})

test('links are made of the host that the client named', async () => {
  const { call } = createRig(SMALL)
  const path = 'https://org1.api.crm4.dynamics.com/api/data/v9.1/accounts?$select=name'
  const { json } = await call(path, { headers: { prefer: 'odata.maxpagesize=5' } })
  assert.ok(json['@odata.nextLink'].startsWith(`${path}&$skiptoken=`))
})

test('what is not the Web API is not found', async () => {
  const { status } = await createRig(SMALL).call('https://org1.crm4.dynamics.com/main.aspx')
  assert.equal(status, 404)
})
