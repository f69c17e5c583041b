import assert from 'node:assert/strict'
import { test } from 'node:test'
import { startDataverseServer } from '../../../test/support/dataverse-server.ts'
import { bodiesOf, runContext } from '../../../test/support/run-context.ts'
import { DataverseError } from '../../dataverse/index.ts'
import { ConnectorError } from '../connector-error.ts'
import { makeRawRequest } from './make-raw-request.ts'

type Fields = Readonly<Record<string, unknown>>

async function start(t: Parameters<typeof startDataverseServer>[0]) {
  const server = await startDataverseServer(t, ({ path }) =>
    path.includes('missing')
      ? { status: 404, body: { error: { code: '0x80040217', message: 'gone' } } }
      : { status: 200, headers: { 'x-one': '1' }, body: { value: [] } },
  )
  const run = (input: Fields, config: Fields = {}) =>
    bodiesOf(makeRawRequest.run(runContext(server.client(), config, input)))
  return { server, run }
}

const named =
  (field: string, code = 'invalid_field') =>
  (error: unknown) => {
    assert.ok(error instanceof ConnectorError, String(error))
    assert.deepEqual([error.facts['field'], error.code], [field, code])
    return true
  }

test('the answer comes out with status, headers and body', async (t) => {
  const { server, run } = await start(t)
  const [body] = await run({
    url: '/accounts?$top=1',
    method: 'patch',
    headers: { Prefer: 'return=representation' },
    data: { name: 'A' },
  })
  const { statusCode, headers, responseBody } = Object(body)
  assert.deepEqual([statusCode, headers['x-one'], responseBody], [200, '1', { value: [] }])
  const [request] = server.requests
  assert.deepEqual(
    [request?.method, request?.path, request?.body, request?.headers['prefer']],
    ['PATCH', '/api/data/v9.2/accounts?$top=1', '{"name":"A"}', 'return=representation'],
  )
})

test('a body may be JSON already, or another text by its header', async (t) => {
  const { server, run } = await start(t)
  await run({ url: 'a', method: 'POST', data: '{"a":1}' })
  await run({ url: 'a', method: 'POST', data: 'plain', headers: { 'Content-Type': 'text/plain' } })
  await run({ url: 'a', method: 'POST', data: '', headers: '' })
  assert.deepEqual(
    server.requests.map(({ body }) => body),
    ['{"a":1}', 'plain', ''],
  )
  await assert.rejects(run({ url: 'a', method: 'POST', data: 'plain' }), named('data'))
})

test('a 404 is an error, unless it is wanted', async (t) => {
  const { run } = await start(t)
  const input = { url: 'missing', method: 'GET' }
  await assert.rejects(
    run(input),
    (error) => error instanceof DataverseError && error.code === 'not_found',
  )
  const [body] = await run(input, { doNotThrow404: true })
  assert.equal(Object(body).statusCode, 404)
})

test('every wrong field is named, and nothing is sent', async (t) => {
  const { server, run } = await start(t)
  await assert.rejects(run({ method: 'GET' }), named('url', 'missing_field'))
  await assert.rejects(run({ url: ' ', method: 'GET' }), named('url', 'missing_field'))
  await assert.rejects(run({ url: 'a' }), named('method', 'missing_field'))
  await assert.rejects(run({ url: 'a', method: 'TRACE' }), named('method'))
  await assert.rejects(run({ url: 'https://evil.test/api/data/x', method: 'GET' }), named('url'))
  await assert.rejects(run({ url: '../../../x', method: 'GET' }), named('url'))
  await assert.rejects(run({ url: 'a', method: 'GET', headers: 'x' }), named('headers'))
  await assert.rejects(
    run({ url: 'a', method: 'GET', headers: { Host: 'x' } }),
    named('headers.Host'),
  )
  await assert.rejects(run({ url: 'a', method: 'GET', data: {} }), named('data'))
  assert.equal(server.requests.length, 0)
})
