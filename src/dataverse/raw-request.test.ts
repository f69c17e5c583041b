import assert from 'node:assert/strict'
import { test } from 'node:test'
import { startDataverseServer } from '../../test/support/dataverse-server.ts'
import { DataverseError } from './errors/dataverse-error.ts'
import { checkHeaders } from './request-headers.ts'

const code = (expected: string) => (error: unknown) =>
  error instanceof DataverseError && error.code === expected

test('the answer comes back with status, headers and its JSON or text', async (t) => {
  const server = await startDataverseServer(t, ({ path }) =>
    path.endsWith('$metadata')
      ? {
          headers: { 'content-type': 'application/xml', 'set-cookie': 'ARRAffinity=x' },
          body: '<edmx/>',
        }
      : { status: 201, headers: { 'x-one': '1' }, body: { id: 1 } },
  )
  const client = server.client()
  const json = await client.raw({
    method: 'post',
    path: '/accounts',
    body: { name: 'é' },
    headers: { Prefer: 'return=representation' },
  })
  assert.deepEqual([json.status, json.headers['x-one'], json.body], [201, '1', { id: 1 }])
  assert.equal(server.requests[0]?.body, '{"name":"é"}')
  assert.equal(server.requests[0]?.headers['content-type'], 'application/json; charset=utf-8')
  assert.equal(server.requests[0]?.headers['prefer'], 'return=representation')
  const xml = await client.raw({
    method: 'GET',
    path: '$metadata',
    headers: { Accept: 'application/xml' },
  })
  assert.equal(xml.body, '<edmx/>')
  assert.equal(xml.headers['set-cookie'], undefined)
})

test('a text is sent as it is, with the type that the caller names', async (t) => {
  const server = await startDataverseServer(t, () => ({ status: 204 }))
  const headers = { 'Content-Type': 'text/plain' }
  const answer = await server.client().raw({ method: 'PUT', path: 'x', headers, body: 'hello' })
  assert.equal(answer.body, null)
  assert.equal(server.requests[0]?.body, 'hello')
  assert.equal(server.requests[0]?.headers['content-type'], 'text/plain')
})

test('an error status is an answer only where the caller allows it', async (t) => {
  const server = await startDataverseServer(t, () => ({
    status: 404,
    body: { error: { code: '', message: 'm' } },
  }))
  const request = { method: 'GET', path: 'accounts' }
  await assert.rejects(server.client().raw(request), code('not_found'))
  assert.equal((await server.client().raw({ ...request, allow: [404] })).status, 404)
})

test('what is not allowed is refused before anything is sent', async (t) => {
  const server = await startDataverseServer(t, () => ({ body: {} }))
  const client = server.client()
  await assert.rejects(
    client.raw({ method: 'GET', path: 'https://evil.test/api/data/' }),
    code('unsafe_address'),
  )
  await assert.rejects(client.raw({ method: 'TRACE', path: 'x' }), code('invalid_argument'))
  await assert.rejects(client.raw({ method: 'GET', path: 'x', body: {} }), code('invalid_argument'))
  await assert.rejects(
    client.raw({ method: 'GET', path: 'x', headers: { authorization: 'x' } }),
    code('invalid_argument'),
  )
  assert.equal(server.requests.length, 0)
})

test('the connection’s own headers, and broken ones, are refused in any case', () => {
  const refused = [
    'Authorization',
    'HOST',
    'cookie',
    'Connection',
    'Transfer-Encoding',
    ' te ',
    'Content-Length',
    'proxy-authorization',
    'a b',
    '',
  ]
  for (const name of refused)
    assert.throws(() => checkHeaders({ [name]: 'x' }), code('invalid_argument'), name)
  assert.throws(() => checkHeaders({ x: 'a\r\nb: c' }), code('invalid_argument'))
  assert.throws(() => checkHeaders({ Prefer: 'a', prefer: 'b' }), code('invalid_argument'))
  assert.deepEqual(checkHeaders({ Prefer: ' a ', 'MSCRM.MergeLabels': 'true' }), {
    prefer: 'a',
    'mscrm.mergelabels': 'true',
  })
})
