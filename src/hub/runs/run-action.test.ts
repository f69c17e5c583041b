import assert from 'node:assert/strict'
import { test } from 'node:test'
import { z } from 'zod'
import { answerDefinitions } from '../../../test/support/account-definitions.ts'
import { countedTokens, startDataverseServer } from '../../../test/support/dataverse-server.ts'
import { FakeClock } from '../../../test/support/fake-clock.ts'
import { bodiesOf } from '../../../test/support/run-context.ts'
import { invalidField } from '../../connector/connector-error.ts'
import { defineAction } from '../../connector/define-entry.ts'
import { dynamicSelectField } from '../../connector/field.ts'
import { actions, ConnectorError, triggers } from '../../connector/index.ts'
import { createLogger, silentLogger, systemClock } from '../../kernel/index.ts'
import { readForm, readOptions } from './forms.ts'
import { runAction } from './run-action.ts'
import { RunError, type RunErrorCode } from './run-error.ts'
import type { RunHost } from './run-host.ts'

async function start(t: Parameters<typeof startDataverseServer>[0], maxMessageBytes = 1000) {
  const clock = new FakeClock()
  const server = await startDataverseServer(t, (request, origin) => {
    const nextLink = `${origin}/api/data/v9.2/accounts?$skiptoken=${server.requests.length}`
    const body = { value: [{ accountid: 'a', name: 'é'.repeat(100) }], '@odata.nextLink': nextLink }
    return answerDefinitions(request) ?? { body }
  })
  const host: RunHost = {
    entries: [...triggers, ...actions],
    credentials: {
      find: async (workspaceId, id) =>
        workspaceId === 'w' && id === 'c'
          ? { id, environmentUrl: server.origin, apiVersion: 'v9.2' }
          : undefined,
      tokenSource: () => countedTokens(),
    },
    createClient: (_, tokens) => server.client({ tokens }),
    attachments: () => ({
      put: () => Promise.reject(new Error('none')),
      get: () => Promise.reject(new Error('none')),
    }),
    limits: { maxMessageBytes, maxCursorBytes: 5_000, maxRunMs: 60_000 },
    clock,
    logger: silentLogger,
  }
  const request = {
    workspaceId: 'w',
    credentialId: 'c',
    action: 'lookupObjects',
    config: { objectType: 'account' },
    input: {},
    signal: new AbortController().signal,
  }
  return { host, request, clock, server }
}

const code = (expected: RunErrorCode) => (error: unknown) =>
  error instanceof RunError && error.code === expected

test('rows come out as they are read, and whoever stops taking ends the run', async (t) => {
  const { host, request, clock, server } = await start(t)
  let count = 0
  for await (const output of runAction(host, request)) {
    assert.equal(output.kind, 'data')
    count += 1
    if (count === 3) break
  }
  const sent = server.requests.filter(({ path }) => path.includes('/accounts')).length
  assert.ok(sent <= 4, `${sent}`)
  await Promise.resolve()
  assert.equal(clock.sleeping, 0)
})

test('a field that the form does not have is refused, with the one that was meant', async (t) => {
  const { host, request } = await start(t)
  const run = (more: object) =>
    runAction(host, { ...request, config: { ...request.config, ...more } }).next()
  await assert.rejects(run({ pagesize: 5 }), (error) => {
    assert.ok(error instanceof ConnectorError)
    assert.equal(error.facts['field'], 'pagesize')
    assert.match(error.explanation.remedy, /Did you mean pageSize\?/)
    return true
  })
  await assert.rejects(run({ lookupCriteria: 'name' }), /lookupCriteria/)
})

test('an action that is nearly named is told', async (t) => {
  const { host, request } = await start(t)
  await assert.rejects(
    bodiesOf(runAction(host, { ...request, action: 'lookupobjects' })),
    (error) => error instanceof RunError && /mean lookupObjects/.test(error.explanation.remedy),
  )
})

test('an unknown action, and a Credential of another workspace, are refused', async (t) => {
  const { host, request } = await start(t)
  await assert.rejects(
    bodiesOf(runAction(host, { ...request, action: 'x' })),
    code('unknown_action'),
  )
  for (const other of [{ workspaceId: 'v' }, { credentialId: 'd' }]) {
    await assert.rejects(
      bodiesOf(runAction(host, { ...request, ...other })),
      code('unknown_credential'),
    )
  }
})

test('a message larger than allowed ends the run, counted in bytes', async (t) => {
  const { host, request } = await start(t, 200)
  await assert.rejects(bodiesOf(runAction(host, request)), code('message_too_large'))
})

test('a run that takes too long is ended', async (t) => {
  const { host, request, clock } = await start(t)
  await assert.rejects(async () => {
    for await (const _ of runAction(host, request)) clock.advance(30_000)
  }, code('run_too_long'))
})

test('a run that is called off ends with the caller’s reason', async (t) => {
  const { host, request } = await start(t)
  const caller = new AbortController()
  const run = runAction(host, { ...request, signal: caller.signal })
  await run.next()
  caller.abort(new Error('called off'))
  await assert.rejects(run.next(), /called off/)
})

/** An action that tells what it is given, and whose dropdown has as many entries as a test wants. */
function tellingAction() {
  const told = { entries: 0, limits: [] as number[], signals: [] as unknown[], failure: '' }
  const entry = defineAction({
    ...{ name: 'telling', title: 'Telling', help: 'Tells.', order: 1 },
    config: z.object({ choice: dynamicSelectField({ label: 'C', order: 1, options: 'choices' }) }),
    input: z.looseObject({}),
    options: {
      choices: async ({ limit, signal }) => {
        told.limits.push(limit)
        told.signals.push(signal)
        const shown = Math.min(limit, told.entries)
        return Array.from({ length: shown }, (_, at) => ({ value: `${at}`, label: `${at}` }))
      },
    },
    inputSchema: async ({ config }) => {
      if (told.failure !== '') throw new TypeError(told.failure)
      if (config.choice === 'wrong')
        throw invalidField({ key: 'choice' }, 'it is wrong', 'Mend it.')
      return {}
    },
    outputSchema: async () => ({ title: 'Told' }),
    run: async function* ({ sample, cursor, limits }) {
      yield {
        kind: 'data',
        body: { sample, cursor: z.json().parse(cursor), limits: { ...limits } },
      }
    },
  })
  return { told, entry }
}

test('an action is told what was asked for and what it may use, and the log only how it went', async (t) => {
  const { host, request } = await start(t)
  const log: string[] = []
  const clock = systemClock
  const logger = createLogger({ clock, level: 'debug', write: (line) => void log.push(line) })
  const telling = { ...host, logger, entries: [tellingAction().entry] }
  const config = { choice: 'Adatum' }
  const asked = { ...request, action: 'telling', config, input: { name: 'Fabrikam' } }
  const limits = { maxMessageBytes: 1_000, maxCursorBytes: 5_000 }
  const [plain] = await bodiesOf(runAction(telling, asked))
  assert.deepEqual(plain, { sample: false, cursor: null, limits })
  const [other] = await bodiesOf(runAction(telling, { ...asked, sample: true, cursor: 7 }))
  assert.deepEqual(other, { sample: true, cursor: 7, limits })
  assert.match(log.join(), /action ended/)
  assert.doesNotMatch(log.join(), /Adatum|Fabrikam/)
})

test('a dropdown shows two hundred entries, says that there are more, and lists a thousand when asked', async (t) => {
  const { host, request } = await start(t)
  const { told, entry } = tellingAction()
  const telling = { ...host, entries: [entry] }
  const asked = { ...request, action: 'telling', config: { choice: 'x' } }
  told.entries = 200
  const few = (await readForm(telling, asked)).fields['choice']
  assert.deepEqual([few?.choices?.length, few?.more], [200, undefined])
  told.entries = 5_000
  const many = (await readForm(telling, asked)).fields['choice']
  assert.deepEqual([many?.choices, many?.more], [undefined, true])
  assert.equal((await readOptions(telling, { ...asked, field: 'choice' })).length, 1_000)
  assert.deepEqual(told.signals, [request.signal, request.signal, request.signal])
})

test('a form that is unfinished says so, and any other failure is one', async (t) => {
  const { host, request } = await start(t)
  const { told, entry } = tellingAction()
  const telling = { ...host, entries: [entry] }
  const asked = { ...request, action: 'telling', config: { choice: 'wrong' } }
  const form = await readForm(telling, asked)
  assert.equal(form.unfinished?.facts['field'], 'choice')
  assert.deepEqual([form.input, form.output?.['title']], [undefined, 'Told'])
  told.failure = 'broken'
  await assert.rejects(readForm(telling, asked), /broken/)
})

test('a form tells its schemas and the entries of its small dropdowns', async (t) => {
  const { host, request } = await start(t)
  const form = await readForm(host, { ...request, action: 'lookupObject' })
  assert.equal(form.unfinished?.facts['field'], 'lookupCriteria')
  const values = form.fields['objectType']?.choices?.map(({ value }) => value)
  assert.deepEqual(values?.toSorted(), ['account', 'contact', 'lead'])
  assert.ok(form.fields['lookupCriteria']?.choices?.some(({ value }) => value === 'accountid'))
  const config = { objectType: 'account', lookupCriteria: 'accountid' }
  const whole = await readForm(host, { ...request, action: 'lookupObject', config })
  assert.equal(whole.unfinished, undefined)
  assert.equal(whole.output?.['title'], 'Account')
  assert.equal(whole.input?.['type'], 'object')
})

test('a dropdown is searched over a Credential as well', async (t) => {
  const { host, request } = await start(t)
  const options = await readOptions(host, { ...request, field: 'objectType', search: 'acc' })
  assert.deepEqual(
    options.map(({ value }) => value),
    ['account'],
  )
})
