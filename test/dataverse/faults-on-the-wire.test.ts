import assert from 'node:assert/strict'
import type { RequestListener, ServerResponse } from 'node:http'
import { type TestContext, test } from 'node:test'
import { gzipSync } from 'node:zlib'
import { DataverseClient, DataverseError, type TokenSource } from '../../src/dataverse/index.ts'
import { type Clock, Secret, silentLogger, systemClock } from '../../src/kernel/index.ts'
import { createEgress, createSender } from '../../src/transport/index.ts'
import { eagerClock } from '../support/eager-clock.ts'
import { startServer } from '../support/local-server.ts'

const ID = '11111111-aaaa-bbbb-cccc-000000000001'
const WHO = JSON.stringify({ UserId: ID, BusinessUnitId: ID, OrganizationId: ID })
// Nothing here takes long: what is still under way by then hangs.
const WATCHDOG = { timeout: 5_000 }

type Answer = (response: ServerResponse) => unknown

const whole: Answer = (response) => response.setHeader('content-type', 'application/json').end(WHO)

const busy =
  (status: number, code: string): Answer =>
  (response) =>
    response
      .writeHead(status, { 'retry-after': '30', 'content-type': 'application/json' })
      .end(JSON.stringify({ error: { code, message: 'Not now.' } }))

const raw =
  (text: string): Answer =>
  (response) =>
    response.socket?.end(text)

/** What may happen to an answer, and whether the service may have done its work by then. */
const faults: Readonly<Record<string, { readonly answer: Answer; readonly notDone?: boolean }>> = {
  'too many requests': { answer: busy(429, '0x80072322'), notDone: true },
  'too much server time': { answer: busy(429, '0x80072321'), notDone: true },
  'too many at once': { answer: busy(429, '0x80072326'), notDone: true },
  'a 503': { answer: busy(503, '0x80072324') },
  'a 502 with a web page': {
    answer: (response) => response.writeHead(502, { 'content-type': 'text/html' }).end('<html>'),
  },
  'a reset before the answer': { answer: (response) => response.socket?.resetAndDestroy() },
  'a cut in the body': {
    answer: (response) => {
      response.writeHead(200, { 'content-type': 'application/json', 'content-length': '999' })
      response.write(WHO.slice(0, 20), () => response.destroy())
    },
  },
  silence: { answer: () => undefined },
  'half a JSON': {
    answer: (response) =>
      response.setHeader('content-type', 'application/json').end(WHO.slice(0, 20)),
  },
  'half a gzip': {
    answer: (response) =>
      response
        .writeHead(200, { 'content-type': 'application/json', 'content-encoding': 'gzip' })
        .end(gzipSync(WHO).subarray(0, 30)),
  },
  'a length too long': {
    answer: raw(
      `HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 999\r\n\r\n{`,
    ),
  },
  'a length too short': {
    answer: raw(
      `HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 20\r\n\r\n${WHO}`,
    ),
  },
}

async function startScripted(
  t: TestContext,
  listener: RequestListener,
  tokens: TokenSource,
  clock: Clock = eagerClock(),
) {
  const server = await startServer(listener)
  const { origin } = server
  const sender = createSender({
    ...{ egress: createEgress({ allow: [origin] }), clock: systemClock, logger: silentLogger },
    timeoutMs: 300,
  })
  t.after(async () => {
    await sender.close()
    await server.close()
  })
  return new DataverseClient({
    ...{ environmentUrl: origin, apiVersion: 'v9.2', tokens, send: sender.send },
    ...{ clock, logger: silentLogger },
  })
}

const access = (value: string) => ({ value: new Secret(value), expiresAt: Number.MAX_SAFE_INTEGER })
const steady: TokenSource = {
  token: async () => access('token'),
  replace: async () => access('token'),
}

for (const [name, { answer, notDone = false }] of Object.entries(faults)) {
  test(
    `a read outlives ${name}; a write ${notDone ? 'too, being turned away' : 'ends in a named error'}`,
    WATCHDOG,
    async (t) => {
      const seen: string[] = []
      const listener: RequestListener = ({ method = '' }, response) => {
        seen.push(method)
        const first = seen.filter((each) => each === method).length === 1
        return first ? answer(response) : whole(response)
      }
      const client = await startScripted(t, listener, steady)
      const { userId } = await client.whoAmI({ timeoutMs: 300 })
      assert.equal(userId, ID)
      const post = {
        ...{ method: 'POST', path: 'accounts', body: { name: 'A' }, timeoutMs: 300 },
      } as const
      if (notDone) assert.equal((await client.raw(post)).status, 200)
      else await client.raw(post).then(tellsHalf, isNamed)
      assert.deepEqual(seen, ['GET', 'GET', 'POST', ...(notDone ? ['POST'] : [])])
    },
  )
}

// A raw answer that is not whole JSON is given as the text that it is.
function tellsHalf({ body }: { readonly body: unknown }): void {
  assert.equal(typeof body, 'string')
}

function isNamed(error: unknown): void {
  assert.ok(error instanceof Error && 'code' in error && typeof error.code === 'string')
  assert.match(error.code, /^(unavailable|connection_lost|body_incomplete|timeout)$/)
}

test('52 parallel writes with an expired token end in one refresh', WATCHDOG, async (t) => {
  let refreshes = 0
  const tokens: TokenSource = {
    token: async () => access(refreshes === 0 ? 'expired' : 'fresh'),
    replace: async () => {
      refreshes += 1
      await new Promise((resolve) => setTimeout(resolve, 20))
      return access('fresh')
    },
  }
  const listener: RequestListener = ({ headers }, response) => {
    response.writeHead(headers.authorization === 'Bearer fresh' ? 204 : 401).end()
  }
  const client = await startScripted(t, listener, tokens)
  const write = () => client.raw({ method: 'PATCH', path: `accounts(${ID})`, body: { name: 'A' } })
  const answers = await Promise.all(Array.from({ length: 52 }, write))
  assert.ok(answers.every(({ status }) => status === 204))
  assert.equal(refreshes, 1)
})

test(
  'a token that expires in the middle of a read is replaced once, and no row is lost',
  WATCHDOG,
  async (t) => {
    let pages = 0
    let refreshes = 0
    const tokens: TokenSource = {
      token: async () => access(refreshes === 0 ? 'first' : 'second'),
      replace: async () => {
        refreshes += 1
        return access('second')
      },
    }
    const listener: RequestListener = ({ headers, url }, response) => {
      if (pages === 2 && headers.authorization === 'Bearer first')
        return response.writeHead(401).end()
      pages += 1
      const next = `http://${headers.host}/api/data/v9.2/things?$skiptoken=${pages}`
      const value = [{ number: Number(url?.split('=')[1] ?? 0) }]
      const link = pages < 4 ? { '@odata.nextLink': next } : {}
      return response
        .setHeader('content-type', 'application/json')
        .end(JSON.stringify({ value, ...link }))
    }
    const client = await startScripted(t, listener, tokens)
    const numbers: unknown[] = []
    for await (const row of client.rows('things')) numbers.push(row['number'])
    assert.deepEqual([numbers, refreshes], [[0, 1, 2, 3], 1])
  },
)

test('a whole call ends at its deadline, whatever it is waiting for', WATCHDOG, async (t) => {
  const client = await startScripted(t, () => undefined, steady, systemClock)
  await assert.rejects(client.whoAmI({ deadlineMs: 50 }), { code: 'timeout' })
  const never: TokenSource = { ...steady, token: () => new Promise(() => undefined) }
  const deaf = await startScripted(t, () => undefined, never, systemClock)
  await assert.rejects(deaf.whoAmI({ deadlineMs: 50 }), { code: 'timeout' })
  await assert.rejects(deaf.whoAmI({ signal: AbortSignal.timeout(50) }))
})

test('a Retry-After beyond what may be waited is told with the error', WATCHDOG, async (t) => {
  const listener: RequestListener = (_, response) =>
    response.writeHead(429, { 'retry-after': '600' }).end()
  const client = await startScripted(t, listener, steady)
  await assert.rejects(client.whoAmI(), (error) => {
    assert.ok(error instanceof DataverseError)
    assert.deepEqual(error.explanation.retry, { when: 'later', afterMs: 600_000 })
    return error.code === 'throttled'
  })
})
