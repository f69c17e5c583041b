import assert from 'node:assert/strict'
import { once } from 'node:events'
import { connect } from 'node:net'
import { test } from 'node:test'
import { Bench } from '../bench.ts'

/** Sends bytes as they are, and reads until the server closes. */
async function raw(origin: string, text: string | readonly (string | Buffer)[]): Promise<string> {
  const { hostname, port } = new URL(origin)
  const socket = connect(Number(port), hostname)
  await once(socket, 'connect')
  for (const part of typeof text === 'string' ? [text] : text) socket.write(part)
  let answer = ''
  for await (const chunk of socket) answer += chunk
  return answer
}

async function tokenOf(bench: Bench): Promise<string> {
  const wish = { grant_type: 'client_credentials', resource: bench.resource }
  return String((await bench.token(wish)).body['access_token'])
}

test('an address of 30,000 characters is served, one of 33,000 refused', async (t) => {
  const bench = await Bench.start(t)
  const headers = { authorization: `Bearer ${await tokenOf(bench)}` }
  const get = (length: number) =>
    fetch(`${bench.line.apiUrl}/accounts?$select=name&$filter=name eq '${'x'.repeat(length)}'`, {
      headers,
    })
  assert.equal((await get(30_000)).status, 200)
  assert.equal((await get(33_000)).status, 414)
})

test('HTTP/1.0 is served when it names its host, and refused when it does not', async (t) => {
  const bench = await Bench.start(t)
  const { host } = new URL(bench.line.orgUrl)
  const named = await raw(
    bench.line.orgUrl,
    `GET /api/data/v9.2/ HTTP/1.0\r\nHost: ${host}\r\n\r\n`,
  )
  assert.match(named, /^HTTP\/1\.1 401 /)
  const unnamed = await raw(bench.line.orgUrl, 'GET /api/data/v9.2/ HTTP/1.0\r\n\r\n')
  assert.match(unnamed, /^HTTP\/1\.1 400 /)
})

test('a host that is not this one is refused', async (t) => {
  const bench = await Bench.start(t)
  const request = 'GET /api/data/v9.2/ HTTP/1.1\r\nHost: org.example\r\nConnection: close\r\n\r\n'
  assert.match(await raw(bench.line.orgUrl, request), /^HTTP\/1\.1 421 /)
})

test('a body longer than it says is refused, and so are two lengths', async (t) => {
  const bench = await Bench.start(t)
  const { host } = new URL(bench.line.orgUrl)
  const start = `POST /api/data/v9.2/accounts HTTP/1.1\r\nHost: ${host}\r\nAuthorization: Bearer ${await tokenOf(bench)}\r\nContent-Type: application/json\r\n`
  const long = await raw(
    bench.line.orgUrl,
    `${start}Content-Length: 4\r\nConnection: close\r\n\r\n{"name":"x"}`,
  )
  assert.match(long, /^HTTP\/1\.1 400 /)
  const both = await raw(
    bench.line.orgUrl,
    `${start}Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n`,
  )
  assert.match(both, /^HTTP\/1\.1 400 /)
})

test('bytes that are no UTF-8 are refused, not kept as question marks', async (t) => {
  const bench = await Bench.start(t)
  const reply = await fetch(`${bench.line.apiUrl}/accounts`, {
    method: 'POST',
    headers: {
      authorization: `Bearer ${await tokenOf(bench)}`,
      'content-type': 'application/json',
    },
    body: Buffer.from([...Buffer.from('{"name":"'), 0xe9, ...Buffer.from('"}')]),
  })
  assert.equal(reply.status, 400)
  assert.match(await reply.text(), /0x80048d19.*not in UTF-8/)
})

test('HEAD gives the headers of GET and no body', async (t) => {
  const bench = await Bench.start(t)
  const headers = { authorization: `Bearer ${await tokenOf(bench)}` }
  const reply = await fetch(`${bench.line.apiUrl}/WhoAmI`, { method: 'HEAD', headers })
  assert.equal(reply.status, 200)
  assert.equal(reply.headers.get('odata-version'), '4.0')
  assert.equal(await reply.text(), '')
})
