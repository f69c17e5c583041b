import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import type { StepOutput } from './flow.ts'
import { bodies, setStage, snapshots } from './stage.ts'

const ROWS = 120
const stage = await setStage({ after }, ROWS)
const { client, platform, sandbox, secret, start } = stage

const pages = { objectType: 'account', emitBehavior: 'emitPage', pageSize: 10 }
const polling = { objectType: 'account', emitBehavior: 'emitIndividually', pageSize: 50 }
const idsOnPages = (outputs: readonly StepOutput[]) =>
  bodies(outputs).flatMap(({ results }) => results.map((row: unknown) => Object(row).accountid))
/** Slow enough that something can happen in the middle. */
const slowly = { ELASTICIO_DATA_RATE_LIMIT: '1', ELASTICIO_RATE_INTERVAL: '40' }

test('a token that expires in the middle of a walk is refreshed once', async () => {
  const step = await start('lookupObjects', pages, {
    variables: { ...slowly, ELASTICIO_RATE_INTERVAL: '250' },
  })
  step.send({})
  step.send({})
  const first = await step.next()
  await sandbox.admin('/clock', 'POST', { advanceMs: 2 * 60 * 60_000 })
  const outputs = [first, ...(await step.untilDone())]
  const ids = idsOnPages(outputs)
  assert.deepEqual([ids.length, new Set(ids).size], [2 * ROWS, ROWS])
  assert.equal(secret.refreshes, 1)
  await step.terminate()
})

const noteIdOf = (row: unknown) => Object(row).annotationid

const busy = (path: string, times: number) =>
  sandbox.admin('/faults', 'POST', {
    ...{ target: 'organizations', match: { path }, times, preset: 'tooManyRequests' },
    retryAfter: 300,
  })

test('an action that the limits refuse for long is sent back, and a trigger waits for its next turn', async () => {
  await busy('/accounts', 2)
  const action = await start('lookupObjects', pages)
  action.send({})
  const [output, ...more] = await action.untilDone()
  assert.ok(output?.kind === 'rebound')
  assert.match(output.reason, /limit/i)
  assert.deepEqual(more, [])
  const trigger = await start('getNewAndUpdatedObjectsPolling', polling)
  trigger.send({})
  const [refused] = await trigger.untilDone()
  assert.ok(refused?.kind === 'error')
  assert.equal(refused.name, 'throttled')
  await Promise.all([action.kill(), trigger.kill(), sandbox.admin('/faults', 'DELETE')])
})

test('an action that has emitted a page is not sent back', async () => {
  await sandbox.admin('/faults', 'POST', {
    ...{ target: 'organizations', match: { path: '/accounts' }, skip: 1, times: 1 },
    ...{ preset: 'tooManyRequests', retryAfter: 300 },
  })
  const step = await start('lookupObjects', pages)
  step.send({})
  assert.deepEqual(
    (await step.untilDone()).map(({ kind }) => kind),
    ['data', 'error'],
  )
  await Promise.all([step.kill(), sandbox.admin('/faults', 'DELETE')])
})

test('a trigger that the limits refuse in the middle loses nothing and repeats nothing', async () => {
  const paged = { ...polling, emitBehavior: 'emitPage' }
  const step = await start('getNewAndUpdatedObjectsPolling', paged)
  await sandbox.admin('/faults', 'POST', {
    ...{ target: 'organizations', match: { path: '/accounts' }, skip: 1, times: 1 },
    ...{ preset: 'tooManyRequests', retryAfter: 300 },
  })
  step.send({})
  const first = await step.untilDone()
  assert.ok(first.some((one) => one.kind === 'error' && one.name === 'throttled'))
  assert.equal(idsOnPages(first).length, polling.pageSize)
  await Promise.all([step.kill(), sandbox.admin('/faults', 'DELETE')])
  const next = await start('getNewAndUpdatedObjectsPolling', paged, {
    snapshot: snapshots(first).at(-1),
  })
  next.send({})
  const ids = idsOnPages([...first, ...(await next.untilDone())])
  const { value: known } = await client.count('accounts')
  assert.deepEqual([ids.length, new Set(ids).size], [known, known])
  await next.terminate()
})

test('a write of which nobody knows whether it was done is not sent back', async () => {
  await sandbox.admin('/faults', 'POST', {
    ...{ target: 'organizations', match: { method: 'POST', path: '/accounts' }, times: 5 },
    preset: 'lostAnswer',
  })
  const step = await start('makeRawRequest', {})
  step.send({ method: 'POST', url: 'accounts', data: { name: 'Once' } })
  const [output] = await step.untilDone()
  assert.ok(output?.kind === 'error')
  await Promise.all([step.terminate(), sandbox.admin('/faults', 'DELETE')])
  const found = await client.count('accounts', "name eq 'Once'")
  assert.equal(found.value, 1)
})

test('a page of nine megabytes comes as several, and a row that no message holds is an error', async () => {
  const text = 'ä'.repeat(50_000)
  for (let index = 0; index < 92; index += 1)
    await client.create('annotation', { subject: `note ${index}`, notetext: text })
  const { value: count } = await client.count('annotations')
  const notes = { objectType: 'annotation', emitBehavior: 'emitPage', pageSize: 1000 }
  const step = await start('lookupObjects', notes)
  step.send({})
  const found = bodies(await step.untilDone())
  assert.ok(found.length > 1)
  const ids = found.flatMap(({ results }) => results.map(noteIdOf))
  assert.deepEqual([ids.length, new Set(ids).size], [count, count])
  const raw = await start('makeRawRequest', {})
  raw.send({ method: 'GET', url: 'annotations' })
  const [output] = await raw.untilDone()
  assert.ok(output?.kind === 'error')
  assert.equal(output.name, 'message_too_large')
  assert.match(output.message, /A message of \d+ bytes/)
  const carrying = await start('lookupObjects', notes, { passthrough: true })
  carrying.send({}, { passthrough: { step_0: { body: { text: 'x'.repeat(1_000_000) } } } })
  const carried = bodies(await carrying.untilDone())
  assert.deepEqual(
    carried.flatMap(({ results }) => results.map(noteIdOf)),
    ids,
  )
  for (const one of [step, raw, carrying]) await one.terminate()
})

test('a step that is asked to end in the middle of a page loses nothing and repeats nothing', async () => {
  const step = await start('getNewAndUpdatedObjectsPolling', polling, { variables: slowly })
  step.send({})
  const begun = [await step.next(), await step.next()]
  assert.equal(await step.terminate(), 0)
  const first = [...begun, ...(await step.rest())]
  assert.ok(bodies(first).length < ROWS, 'it ended before the last page')
  const snapshot = snapshots(first).at(-1)
  const next = await start('getNewAndUpdatedObjectsPolling', polling, { snapshot })
  next.send({})
  const ids = bodies([...first, ...(await next.untilDone())]).map(({ accountid }) => accountid)
  const known = await client.count('accounts')
  assert.deepEqual([ids.length, new Set(ids).size], [known.value, known.value])
  await next.terminate()
})

test('a step that is killed in the middle of a page loses nothing, and repeats that page at most', async () => {
  const step = await start('getNewAndUpdatedObjectsPolling', polling, { variables: slowly })
  step.send({})
  const begun = [await step.next(), await step.next()]
  await step.kill()
  const first = [...begun, ...(await step.rest())]
  const snapshot = snapshots(first).at(-1) ?? {}
  const next = await start('getNewAndUpdatedObjectsPolling', polling, { snapshot })
  next.send({})
  const ids = bodies([...first, ...(await next.untilDone())]).map(({ accountid }) => accountid)
  const known = await client.count('accounts')
  assert.equal(new Set(ids).size, known.value)
  assert.ok(ids.length - known.value <= polling.pageSize)
  await next.terminate()
})

test('a page that the runtime could not send is not gone on from', async () => {
  const step = await start('getNewAndUpdatedObjectsPolling', polling, {
    variables: {
      ELASTICIO_EMIT_LIGHTWEIGHT_MESSAGE: 'true',
      ELASTICIO_OBJECT_STORAGE_SIZE_THRESHOLD: '1',
    },
  })
  // In the middle of the second page.
  platform.objectRefusals.push(...Array.from({ length: 70 }, () => undefined), 403)
  step.send({})
  const first = await step.untilDone()
  assert.equal(first.filter(({ kind }) => kind === 'error').length, 1)
  const snapshot = snapshots(first).at(-1)
  const next = await start('getNewAndUpdatedObjectsPolling', polling, { snapshot })
  next.send({})
  const ids = bodies(await next.untilDone()).map(({ accountid }) => accountid)
  const known = await client.count('accounts')
  assert.equal(ids.length, known.value - 50)
  await Promise.all([step.terminate(), next.terminate()])
})

test('an attachment that the storage does not take now is made again later, one that it never takes is an error', async () => {
  const step = await start('extractRawSystemMetadata', { output: 'attachment' })
  platform.objectRefusals.push(503)
  step.send({})
  const [again] = await step.untilDone()
  assert.ok(again?.kind === 'rebound')
  assert.match(again.reason, /out of order/)
  platform.objectRefusals.push(413)
  step.send({})
  const [refused] = await step.untilDone()
  assert.ok(refused?.kind === 'error')
  assert.equal(refused.name, 'object_storage_failed')
  const upload = await start('uploadFile', { objectType: 'account', column: 'new_contract' })
  const { id: idValue } = await client.create('account', { name: 'Fabrikam' })
  upload.send({ idValue, fileName: 'hello.txt', url: `${platform.server.origin}/objects/gone` })
  const [gone] = await upload.untilDone()
  assert.ok(gone?.kind === 'error')
  assert.match(gone.message, /some time only/)
  const without = await start(
    'extractRawSystemMetadata',
    { output: 'attachment' },
    { variables: { ELASTICIO_OBJECT_STORAGE_URI: '' } },
  )
  without.send({})
  const [missing] = await without.untilDone()
  assert.ok(missing?.kind === 'error')
  assert.equal(missing.name, 'object_storage_missing')
  await Promise.all([step, upload, without].map((one) => one.terminate()))
})

test('an action that is asked to end finishes its message', async () => {
  const step = await start('lookupObjects', pages, { variables: slowly })
  step.send({})
  const first = await step.next()
  assert.equal(await step.terminate(), 0)
  const outputs = [first, ...(await step.rest())]
  assert.equal(bodies(outputs).length, Math.ceil((await client.count('accounts')).value / 10))
})

// The runtime's own fault: operators are told of it in component/README.md.
test('a message without an id is emitted, and then takes the runtime out of step', async () => {
  const step = await start('lookupObject', {
    ...{ objectType: 'account', lookupCriteria: 'name', allowZeroResults: true },
  })
  step.send({ lookupCriteriaValue: 'nobody' }, { withoutId: true })
  const [data, error] = [await step.next(), await step.next()]
  assert.equal(data.kind, 'data')
  assert.ok(error.kind === 'error')
  assert.match(error.message, /messagesDB/)
  await step.kill()
})
