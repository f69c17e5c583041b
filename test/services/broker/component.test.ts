import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { manifest } from '../../../src/connector/index.ts'
import { runs } from './runs.ts'
import { bodies, setStage, snapshots } from './stage.ts'

const ROWS = 120
const { client, platform, secret, start } = await setStage({ after }, ROWS)

test('an action takes an encrypted message and emits what it found', async () => {
  const step = await start('lookupObjects', {
    objectType: 'account',
    emitBehavior: 'fetchPage',
    pageSize: '50',
    termNumber: '',
    selectFields: 'name',
  })
  step.send({})
  const outputs = await step.untilDone()
  assert.deepEqual(
    bodies(outputs).map(({ results }) => results.length),
    [50, 50, 20],
  )
  assert.equal(await step.terminate(), 0)
  assert.doesNotMatch(step.log(), /Bearer|access_token|object Object/)
  assert.ok(platform.callers.has('f:flow1;s:step_1;m: fairlead-component'))
})

test('an error names the field, in words, and nothing else comes out', async () => {
  const step = await start('lookupObject', { objectType: 'account', lookupCriteria: 'name' })
  step.send({ lookupCriteriaValue: '' })
  const output = await step.next()
  assert.ok(output.kind === 'error')
  assert.equal(output.name, 'missing_field')
  assert.match(output.message, /Lookup Criteria Value/)
  assert.equal(await step.terminate(), 0)
})

test('rows that are emitted one by one have ids of their own', async () => {
  const step = await start('lookupObjects', { objectType: 'account', pageSize: 100 })
  step.send({})
  const outputs = await step.untilDone()
  const ids = outputs.map((output) => (output.kind === 'data' ? output.messageId : ''))
  assert.equal(new Set(ids).size, ROWS)
  await step.terminate()
})

const polling = {
  objectType: 'account',
  emitBehavior: 'emitIndividually',
  pageSize: 50,
  singlePagePerInterval: 'true',
}

test('polling goes on from its snapshot after every restart, and every row comes once', async () => {
  const ids: string[] = []
  let snapshot: unknown = {}
  for (let restart = 0; restart < 4; restart += 1) {
    const step = await start('getNewAndUpdatedObjectsPolling', polling, { snapshot })
    step.send({})
    const outputs = await step.untilDone()
    ids.push(...bodies(outputs).map(({ accountid }) => accountid))
    snapshot = snapshots(outputs).at(-1) ?? snapshot
    assert.ok(JSON.stringify(snapshot).length <= 5 * 1024)
    assert.equal(await step.terminate(), 0)
  }
  assert.equal(ids.length, ROWS)
  assert.equal(new Set(ids).size, ROWS)
})

test('a snapshot of another component goes on at its time', async () => {
  const snapshot = { nextStartTime: '2999-01-01T00:00:00.000Z' }
  const step = await start('getNewAndUpdatedObjectsPolling', polling, { snapshot })
  step.send({})
  const outputs = await step.untilDone()
  assert.deepEqual(bodies(outputs), [])
  await step.terminate()
})

const debug = { variables: { ELASTICIO_FLOW_TYPE: 'debug' } }

test('a sample has ten rows at most, and says so where there is none', async () => {
  const some = await start('getNewAndUpdatedObjectsPolling', { ...polling }, debug)
  some.send({})
  assert.equal(bodies(await some.untilDone()).length, 10)
  const page = { objectType: 'account', emitBehavior: 'emitPage', pageSize: 100 }
  const paged = await start('lookupObjects', page, debug)
  paged.send({})
  assert.deepEqual(
    bodies(await paged.untilDone()).map(({ results }) => results.length),
    [10],
  )
  const none = await start('lookupObjects', page, debug)
  none.send({ sTerm_1: { fieldName: 'name', condition: 'eq', fieldValue: 'nobody' } })
  const [output] = await none.untilDone()
  assert.ok(output?.kind === 'error')
  assert.equal(output.name, 'no_objects_for_sample')
  const later = { ...polling, startTime: '2999-01-01' }
  const empty = await start('getNewAndUpdatedObjectsPolling', later, debug)
  empty.send({})
  // A sample leaves no place to go on from: the flow itself has not begun.
  assert.deepEqual(
    (await empty.untilDone()).map(({ kind }) => kind),
    ['error'],
  )
})

test('the body of a message may lie in the platform’s storage, before and after', async () => {
  const variables = {
    ELASTICIO_EMIT_LIGHTWEIGHT_MESSAGE: 'true',
    ELASTICIO_OBJECT_STORAGE_SIZE_THRESHOLD: '1',
  }
  const { configuration, body } = runs['lookupObject'] ?? {}
  const step = await start('lookupObject', configuration ?? {}, { variables })
  step.send(await body?.(client), { stored: true })
  const [output] = await step.untilDone()
  assert.ok(output?.kind === 'data' && output.stored)
  assert.equal(Object(output.body).name, 'Fabrikam')
  await step.terminate()
})

for (const { name } of [...manifest.triggers, ...manifest.actions]) {
  test(`${name} runs on the runtime`, async () => {
    const run = runs[name]
    assert.ok(run !== undefined, `tell in runs.ts how ${name} is run`)
    const step = await start(name, run.configuration)
    step.send((await run.body?.(client)) ?? {})
    const outputs = await step.untilDone()
    assert.ok(
      outputs.every(({ kind }) => kind === 'data' || kind === 'snapshot'),
      JSON.stringify(outputs),
    )
    const [first] = bodies(outputs)
    for (const property of run.properties ?? []) assert.ok(property in first, property)
    // The runtime tells all that it has, at the level of `trace`.
    assert.match(step.log(), /"msg":"Outgoing message sent"/)
    assert.doesNotMatch(step.log(), /Fabrikam|Adatum|Smith|hello\.txt|<fetch/)
    assert.ok(!step.log().includes(String(secret.credentials['access_token'])))
    assert.equal(await step.terminate(), 0)
  })
}

test('a webhook is registered when the flow starts, anew when it starts again, and gone when it stops', async () => {
  const webhook = { ELASTICIO_FLOW_WEBHOOK_URI: `${platform.server.origin}/hook/flow1` }
  const configuration = { objectType: 'account', onCreate: 'true', onUpdate: true }
  const counts = async () => {
    const sets = ['serviceendpoints', 'sdkmessageprocessingsteps']
    const found = await Promise.all(sets.map((set) => client.count(set)))
    return found.map(({ value }) => value)
  }
  const [endpoints = 0, steps = 0] = await counts()
  for (let turn = 0; turn < 2; turn += 1) {
    const variables = { ...webhook, ELASTICIO_STARTUP_REQUIRED: 'true' }
    const step = await start('webhookTrigger', configuration, { variables })
    step.send(await runs['webhookTrigger']?.body?.(client))
    const [first] = bodies(await step.untilDone())
    assert.equal(first.columns.name, 'Adatum')
    assert.deepEqual(await counts(), [endpoints + 1, steps + 2])
    assert.equal(await step.terminate(), 0)
  }
  assert.equal(typeof Object(platform.startData.get('flow1')).registered, 'object')
  const variables = { ...webhook, ELASTICIO_HOOK_SHUTDOWN: 'true' }
  const stop = await start('webhookTrigger', configuration, { variables })
  assert.equal(await stop.ended(), 0)
  assert.deepEqual(await counts(), [endpoints, steps])
  assert.equal(platform.startData.size, 0)
})
