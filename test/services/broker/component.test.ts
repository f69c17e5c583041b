import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { componentFolder } from '../../component/component-folder.ts'
import { startPlatform } from '../../component/platform.ts'
import { startSandboxClient } from '../../dataverse/sandbox-client.ts'
import { startBroker } from './broker.ts'
import { Flow, type StepOptions, type StepOutput } from './flow.ts'

const ROWS = 120
const { sandbox, token } = await startSandboxClient({ after }, { rows: ROWS })
const platform = await startPlatform({ after })
const folder = await componentFolder()
after(() => folder[Symbol.asyncDispose]())
const broker = await startBroker()
const flow = await Flow.open(broker, platform, folder.path)
after(async () => {
  await flow[Symbol.asyncDispose]()
  await broker[Symbol.asyncDispose]()
})

const { orgUrl } = sandbox.description
platform.secrets.set('good', {
  credentials: { access_token: token.value.reveal(), fields: { baseUrl: orgUrl } },
  reads: 0,
  refreshes: 0,
})

const start = (entry: string, configuration: object, more: Partial<StepOptions> = {}) =>
  flow.start({
    entry,
    configuration: { secretId: 'good', ...configuration },
    ...more,
    variables: { FAIRLEAD_ALLOWED_ORIGINS: orgUrl, ...more.variables },
  })

const bodies = (outputs: readonly StepOutput[]) =>
  outputs.flatMap((one) => (one.kind === 'data' ? [Object(one.body)] : []))

const snapshots = (outputs: readonly StepOutput[]) =>
  outputs.flatMap((one) => (one.kind === 'snapshot' ? [one.snapshot] : []))

test('an action takes an encrypted message and emits what it found', async () => {
  const step = await start('lookupObjects', {
    objectType: 'account',
    emitBehavior: 'emitPage',
    pageSize: '50',
    selectFields: 'name',
  })
  step.send({})
  const outputs = await step.untilQuiet()
  assert.deepEqual(
    bodies(outputs).map(({ results }) => results.length),
    [50, 50, 20],
  )
  assert.equal(await step.terminate(), 0)
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

test('polling goes on from its snapshot after every restart, and every row comes once', async () => {
  const configuration = {
    objectType: 'account',
    emitBehavior: 'emitIndividually',
    pageSize: 50,
    singlePagePerInterval: 'true',
  }
  const ids: string[] = []
  let snapshot: unknown = {}
  for (let restart = 0; restart < 4; restart += 1) {
    const step = await start('getNewAndUpdatedObjectsPolling', configuration, { snapshot })
    step.send({})
    const outputs = await step.untilQuiet()
    ids.push(...bodies(outputs).map(({ accountid }) => accountid))
    snapshot = snapshots(outputs).at(-1) ?? snapshot
    assert.ok(JSON.stringify(snapshot).length <= 5 * 1024)
    assert.equal(await step.terminate(), 0)
  }
  assert.equal(ids.length, ROWS)
  assert.equal(new Set(ids).size, ROWS)
})
