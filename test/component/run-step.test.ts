import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { readEnvironment } from '../../component/src/environment.ts'
import { ComponentHost } from '../../component/src/host.ts'
import { Component } from '../../component/src/main.ts'
import { runStep } from '../../component/src/run-step.ts'
import { type Entry, findEntry } from '../../src/connector/index.ts'
import { startSandboxClient } from '../dataverse/sandbox-client.ts'

const ROWS = 25
const { client, sandbox, token } = await startSandboxClient({ after }, { rows: ROWS })
const { orgUrl } = sandbox.description
const credential = { oauth: { access_token: token.value.reveal() }, baseUrl: orgUrl }
const account = { objectType: 'account' }
const byPage = { ...account, emitBehavior: 'emitPage', pageSize: 10 }
const eachRow = { ...account, emitBehavior: 'emitIndividually', pageSize: 10 }

interface Emitted {
  readonly event: string
  readonly payload: ReturnType<typeof Object>
}

/** Runs a step as the runtime does, and gives what it emitted and how it ended. */
async function step(
  name: string,
  config: object,
  body: object = {},
  more: {
    readonly snapshot?: unknown
    readonly sample?: boolean
    readonly onEmit?: (emitted: Emitted, ending: AbortController) => void
  } = {},
) {
  const ending = new AbortController()
  const variables = {
    FAIRLEAD_ALLOWED_ORIGINS: orgUrl,
    ...(more.sample === true && { ELASTICIO_FLOW_TYPE: 'debug' }),
  }
  const emitted: Emitted[] = []
  const log: string[] = []
  let underWay = 0
  const write = (level: string) => (line: string) => void log.push(`${level} ${line}`)
  const context = {
    emit: async (event: string, payload: unknown) => {
      assert.equal(underWay, 0, 'one emit waits for the one before')
      underWay += 1
      const one = { event, payload: Object(payload) }
      emitted.push(one)
      more.onEmit?.(one, ending)
      await new Promise(setImmediate)
      underWay -= 1
    },
    logger: {
      ...{ debug: write('debug'), info: write('info') },
      ...{ warn: write('warn'), error: write('error') },
    },
  }
  const component = new Component({ variables, ending: ending.signal })
  const running = component
    .module(name)
    .process.call(context, { body }, { ...credential, ...config }, more.snapshot)
  const failure: unknown = await running.then(
    () => undefined,
    (error: unknown) => error,
  )
  assert.equal(underWay, 0, 'the last emit was waited for')
  const data = emitted.flatMap(({ event, payload }) => (event === 'data' ? [payload] : []))
  const snapshots = emitted.flatMap(({ event, payload }) => (event === 'snapshot' ? [payload] : []))
  return { emitted, data, snapshots, failure: Object(failure), log: log.join('\n') }
}

const fault = (match: object, more: object) =>
  sandbox.admin('/faults', 'POST', { target: 'organizations', match, ...more })
const noMoreFaults = () => sandbox.admin('/faults', 'DELETE')
const throttled = { preset: 'tooManyRequests', retryAfter: 300 }

test('every message is an object of its own, with an id of its own and no headers', async () => {
  const { data, failure } = await step('lookupObjects', eachRow)
  assert.equal(failure.message, undefined)
  assert.equal(data.length, ROWS)
  assert.equal(new Set(data.map(({ id }) => id)).size, ROWS)
  for (const { id, headers } of data) {
    assert.match(id, /^[0-9a-f-]{36}$/)
    assert.deepEqual(headers, {})
  }
})

test('a snapshot comes after the messages that it covers, is small, and is gone on from', async () => {
  const { emitted, snapshots } = await step('getNewAndUpdatedObjectsPolling', byPage)
  assert.deepEqual(
    emitted.slice(0, 4).map(({ event }) => event),
    ['data', 'snapshot', 'data', 'snapshot'],
  )
  for (const snapshot of snapshots) assert.ok(JSON.stringify(snapshot).length <= 5 * 1024)
  const snapshot: unknown = JSON.parse(JSON.stringify(snapshots.at(-1)))
  const next = await step('getNewAndUpdatedObjectsPolling', byPage, {}, { snapshot })
  assert.deepEqual(next.data, [])
})

test('an entry is told how large its place may be, and keeps to what the platform takes', async () => {
  const base = findEntry('getNewAndUpdatedObjectsPolling')
  assert.ok(base !== undefined)
  let most = 0
  const entry: Entry = {
    ...base,
    run: async function* ({ limits }) {
      most = limits.maxCursorBytes
      yield { kind: 'data', body: {} }
    },
  }
  const host = new ComponentHost(readEnvironment({ FAIRLEAD_ALLOWED_ORIGINS: orgUrl }))
  const { signal: ending } = new AbortController()
  const run = { message: {}, configuration: credential, snapshot: undefined, ending }
  await runStep({}, host, entry, run)
  assert.ok(most > 4 * 1024 && most <= 5 * 1024, `${most}`)
})

test('pages may be asked for by the name that siblings of this component have for them', async () => {
  const { data } = await step('lookupObjects', { ...byPage, emitBehavior: 'fetchPage' })
  assert.deepEqual(
    data.map(({ body }) => body.results.length),
    [10, 10, 5],
  )
})

test('a trigger that is to end does so after the next snapshot, and an action after its message', async () => {
  const onEmit = (_: Emitted, ending: AbortController) => ending.abort()
  const trigger = await step('getNewAndUpdatedObjectsPolling', byPage, {}, { onEmit })
  assert.deepEqual([trigger.data.length, trigger.snapshots.length], [1, 1])
  const action = await step('lookupObjects', byPage, {}, { onEmit })
  assert.equal(action.data.length, 3)
})

test('what may pass sends the message back, unless something was emitted, or it is a trigger or a sample', async () => {
  await fault({ path: '/accounts' }, { ...throttled, times: 3 })
  const action = await step('lookupObjects', byPage)
  assert.deepEqual(
    action.emitted.map(({ event, payload }) => [event, payload.name]),
    [['rebound', 'throttled']],
  )
  assert.equal(action.failure.message, undefined)
  const trigger = await step('getNewAndUpdatedObjectsPolling', byPage)
  assert.deepEqual([trigger.emitted, trigger.failure.name], [[], 'throttled'])
  const sample = await step('lookupObjects', byPage, {}, { sample: true })
  assert.deepEqual([sample.emitted, sample.failure.name], [[], 'throttled'])
  await noMoreFaults()
  await fault({ path: '/accounts' }, { ...throttled, skip: 1, times: 1 })
  const later = await step('lookupObjects', byPage)
  assert.deepEqual([later.data.length, later.failure.name], [1, 'throttled'])
  await noMoreFaults()
})

test('a message after which something may have been written is not sent back', async () => {
  await fault({ method: 'POST', path: '/accounts' }, { preset: 'lostAnswer', times: 5 })
  const data = { url: 'accounts', method: 'POST', data: { name: 'Perhaps' } }
  const { emitted, failure } = await step('makeRawRequest', {}, data)
  await noMoreFaults()
  assert.deepEqual(emitted, [])
  assert.equal(failure.constructor, Error)
  assert.notEqual(failure.message, undefined)
})

test('a sample shows ten rows at most, and nothing at all is an error', async () => {
  const sample = true
  const individually = await step('lookupObjects', eachRow, {}, { sample })
  assert.equal(individually.data.length, 10)
  const pages = await step('lookupObjects', { ...byPage, pageSize: 7 }, {}, { sample })
  const rows = pages.data.map(({ body }) => body.results.length)
  assert.deepEqual(rows, [7, 3])
  const filterExpression = "name eq 'nobody'"
  const none = await step(
    'lookupObjects',
    { ...byPage, expertMode: true },
    { filterExpression },
    { sample },
  )
  assert.deepEqual([none.emitted, none.failure.name], [[], 'no_objects_for_sample'])
})

test('a sample is cut also where its query is too long for a request line', async () => {
  const [own] = (await step('lookupObjects', eachRow)).data
  const none = Array.from({ length: 400 }, (_, index) => `${index} ${'x'.repeat(90)}`)
  const names = [own.body.name, ...none].join()
  const input = {
    sTerm_1: { fieldName: 'name', condition: 'in', fieldValue: names },
    link_1_2: 'or',
    sTerm_2: { fieldName: 'name', condition: 'ne', fieldValue: null },
  }
  const { data } = await step('lookupObjects', eachRow, input, { sample: true })
  assert.equal(data.length, 10)
})

test('what a sample writes is shown whole', async () => {
  const inputObjects = Array.from({ length: 12 }, () => ({ name: 'Written' }))
  const config = { ...account, emitBehavior: 'emitIndividually' }
  const { data } = await step('bulkUpsertObjects', config, { inputObjects }, { sample: true })
  assert.equal(data.length, 12)
  assert.equal((await client.count('accounts', "name eq 'Written'")).value, 12)
})

test('what is logged goes to the runtime by its level, with nothing of the token or the rows', async () => {
  const changes = await step('getChanges', byPage, {}, { snapshot: { since: 'Fabrikam' } })
  assert.match(changes.log, /^warn .*snapshot of something else/m)
  await client.create('account', { name: 'Adatum' })
  const { log } = await step('getNewAndUpdatedObjectsPolling', byPage)
  assert.match(log, /^info .*poll ended/m)
  assert.doesNotMatch(log + changes.log, /Adatum|Fabrikam|eyJ/)
})
