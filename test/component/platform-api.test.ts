import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ComponentError } from '../../component/src/component-error.ts'
import { createPlatformApi } from '../../component/src/platform-api.ts'
import { silentLogger, systemClock } from '../../src/kernel/index.ts'
import { createEgress, createSender, TransportError } from '../../src/transport/index.ts'
import { startServer } from '../support/local-server.ts'

/** A platform that answers every request alike, and what it was asked. */
async function startApi(
  t: { after(end: () => Promise<void>): void },
  status: number,
  body: unknown,
) {
  const asked: (string | undefined)[] = []
  const server = await startServer(async ({ url }, response) => {
    asked.push(url)
    response.writeHead(status).end(JSON.stringify(body))
  })
  const egress = createEgress({ allow: [], surroundings: [server.origin] })
  const { send, close } = createSender({ egress, clock: systemClock, logger: silentLogger })
  t.after(async () => {
    await close()
    await server.close()
  })
  const access = { user: 'somebody@example.com', key: 'key', workspaceId: 'ws1' }
  const api = createPlatformApi({ uri: new URL(server.origin), ...access }, send)
  return { api, asked, server }
}

async function failureOf(work: Promise<unknown>): Promise<ComponentError> {
  const error: unknown = await work.catch((reason: unknown) => reason)
  assert.ok(error instanceof ComponentError, String(error))
  return error
}

test('the id of a secret leads to no other address', async (t) => {
  const { api, asked } = await startApi(t, 404, {})
  await failureOf(api.readSecret('../other?a=b'))
  assert.deepEqual(asked, ['/v2/workspaces/ws1/secrets/..%2Fother%3Fa%3Db'])
})

test('of a refusal its status and reason are told, and none of its words', async (t) => {
  const detail = 'AADSTS7000215: Invalid client secret provided. Trace ID: of-the-tenant'
  for (const [body, retry] of [
    [{ errors: [{ detail }] }, 'never'],
    [{ errors: [{ detail: 'of-the-tenant' }] }, 'later'],
  ] as const) {
    const { api } = await startApi(t, 503, body)
    const { explanation, facts } = await failureOf(api.refreshSecret('s'))
    assert.equal(facts['status'], 503)
    assert.equal(explanation.retry.when, retry)
    assert.doesNotMatch(JSON.stringify([explanation, facts]), /of-the-tenant/)
  }
})

test('a platform that cannot be reached is one to ask later, and the cause is kept', async (t) => {
  const { api, server } = await startApi(t, 200, {})
  await server.close()
  const error = await failureOf(api.readSecret('s'))
  assert.deepEqual([error.code, error.explanation.retry.when], ['platform_api_failed', 'later'])
  assert.ok(error.cause instanceof TransportError)
})
