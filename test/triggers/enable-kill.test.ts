import assert from 'node:assert/strict'
import { test } from 'node:test'
import { setTimeout } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { createClient } from '../../src/http/client/index.ts'
import { openPort } from '../../src/http/server/open-port.ts'
import { type JsonObject, Secret } from '../../src/kernel/index.ts'
import { fairlead, type Running, settings, startProgram } from '../support/command-line.ts'
import { connect } from '../support/connected-hub.ts'
import { startSandbox } from '../support/sandbox.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'

const program = fileURLToPath(new URL('../../src/cli/main.ts', import.meta.url))
const folder = await temporaryFolder()
const sandbox = await startSandbox({ rows: 3 })
const { orgUrl, organizations } = sandbox.description
// The address that is registered has the port: the hub comes back where it was.
const free = await openPort({ host: '127.0.0.1', port: 0 })
await free.close()
const hubUrl = `http://localhost:${free.port}`
const env = { ...settings(folder.path, sandbox.description), FAIRLEAD_PORT: String(free.port) }
const running: Running[] = []
test.after(async () => {
  for (const each of running) each.process.kill('SIGTERM')
  for (const each of running) await each.ended()
  await sandbox.close()
  await folder[Symbol.asyncDispose]()
})

async function serve(): Promise<Running> {
  // The program itself: of a launcher that is killed the hub would hear, and end in order.
  const hub = startProgram([program, 'serve'], { ...env, FAIRLEAD_PUBLIC_URL: hubUrl })
  running.push(hub)
  await hub.seen(/listens at/)
  return hub
}

const organization = organizations.find(({ url }) => url === orgUrl)?.uniqueName ?? ''

async function eventually(holds: () => Promise<boolean>): Promise<void> {
  for (let tries = 0; !(await holds()); tries += 1) {
    assert.ok(tries < 400, 'it never came')
    await setTimeout(25)
  }
}

test('a hub that is killed while it registers a webhook finds what it left, and every message comes once', async () => {
  const hub = await serve()
  const { stdout } = await fairlead(['api-keys', 'add', 'test', '--scopes', 'admin'], env)
  const client = createClient({ url: new URL(hubUrl), key: new Secret(stdout.trim()) })
  const credentialId = await connect(client, sandbox)
  const write = async (method: string, url: string, data?: JsonObject) => {
    const body = { input: { method, url, ...(data && { data }) } }
    const params = { id: credentialId, name: 'makeRawRequest' }
    const { outputs } = await client.call('runAction', { params, body })
    return Object(outputs[0]?.body).responseBody
  }
  const registered = async () =>
    await Promise.all(
      ['serviceendpoints', 'sdkmessageprocessingsteps'].map(
        async (set) => (await write('GET', set)).value.length,
      ),
    )
  const config = { objectType: 'account' }
  const { id } = await client.call('createTrigger', {
    body: { name: 'Told', credentialId, trigger: 'webhookTrigger', config },
  })
  const params = { id }
  // The endpoint and one step are there; the answer to the next never comes.
  const match = { method: 'POST', path: '/sdkmessageprocessingsteps' }
  await sandbox.admin('/faults', 'POST', { target: organization, match, skip: 1, kind: 'hang' })
  const enabling = assert.rejects(client.call('enableTrigger', { params }), {
    code: 'hub_unreachable',
  })
  const faults = async () => JSON.stringify(await sandbox.admin('/faults'))
  await eventually(async () => !(await faults()).includes('hang'))
  hub.process.kill('SIGKILL')
  await enabling
  await serve()
  assert.deepEqual(await registered(), [1, 1])
  assert.equal((await client.call('getTrigger', { params })).enabled, false)
  await client.call('enableTrigger', { params })
  assert.deepEqual(await registered(), [1, 3])
  await write('POST', 'accounts', { name: 'Told of' })
  const outputs = async () => (await client.call('triggerOutputs', { params })).items
  await eventually(async () => (await outputs()).length > 0)
  assert.deepEqual(
    (await outputs()).map(({ body }) => Object(body).columns.name),
    ['Told of'],
  )
  const sent = Object(await sandbox.admin(`/organizations/${organization}/deliveries`))
  assert.deepEqual(
    sent.list.map(({ failure }: { failure: unknown }) => failure),
    [null],
  )
})
