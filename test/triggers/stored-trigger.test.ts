import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { connectedHub } from '../support/connected-hub.ts'

const { hub, credentialId, ...started } = await connectedHub()
after(() => started[Symbol.asyncDispose]())
const admin = await hub.client('admin')
const runner = await hub.client('run')

const config = { objectType: 'account', emitBehavior: 'emitIndividually', pageSize: 7 }
const wish = { name: 'Accounts', credentialId, trigger: 'getNewAndUpdatedObjectsPolling', config }
const { id } = await admin.call('createTrigger', { body: wish })
const params = { id }

async function pagesOfRun(): Promise<readonly { readonly stored: number }[]> {
  const pages = []
  for await (const page of runner.stream('runTrigger', { params })) pages.push(page)
  return pages
}

async function outputs(after = 0) {
  const lines = []
  const query = { after }
  for await (const line of runner.stream('triggerOutputs', { params, query })) lines.push(line)
  return lines
}

test('a run stores every row once, page by page, and the next goes on from there', async () => {
  const pages = await pagesOfRun()
  assert.ok(pages.length >= 3, `${pages.length} pages`)
  assert.equal(
    pages.reduce((sum, { stored }) => sum + stored, 0),
    20,
  )
  const trigger = await runner.call('getTrigger', { params })
  assert.deepEqual(
    [trigger.lastRun?.outcome, trigger.lastRun?.stored, trigger.running],
    ['done', 20, false],
  )
  // Places are kept without a page, too, while the changes of the table are read.
  assert.ok(trigger.cursorVersion > pages.length)
  const again = await runner.call('runTrigger', { params })
  assert.equal(again.stored, 0)
  assert.equal((await outputs()).length, 20)
})

test('what was put out is read from any place on, as lines or as pages', async () => {
  const all = await outputs()
  const ids = new Set(all.map((line) => line.id))
  assert.equal(ids.size, 20)
  const middle = all[9]?.sequence ?? 0
  assert.deepEqual(await outputs(middle), all.slice(10))
  const query = { after: middle, limit: 4 }
  const page = await runner.call('triggerOutputs', { params, query })
  assert.deepEqual(
    page.items.map(({ sequence }) => sequence),
    all.slice(10, 14).map(({ sequence }) => sequence),
  )
  assert.equal(page.after, all[13]?.sequence)
})

test('a change in the environment is put out by the next run, and nothing else', async () => {
  const [first] = await outputs()
  const accountid = String(Object(first?.body)['accountid'])
  await runner.call('runAction', {
    params: { id: credentialId, name: 'makeRawRequest' },
    body: {
      input: { method: 'PATCH', url: `accounts(${accountid})`, data: { name: 'Changed' } },
    },
  })
  const { sequence: last = 0 } = (await outputs()).at(-1) ?? {}
  assert.equal((await runner.call('runTrigger', { params })).stored, 1)
  const fresh = await outputs(last)
  assert.deepEqual(
    fresh.map(({ body }) => Object(body)['name']),
    ['Changed'],
  )
})

test('a row that becomes visible late is an output like the others', async () => {
  const { sequence: last = 0 } = (await outputs()).at(-1) ?? {}
  const { body } = (await outputs())[1] ?? {}
  const accountid = String(Object(body)['accountid'])
  const [organization] = started.sandbox.description.organizations
  const place = `/organizations/${organization?.uniqueName}/tables/account/rows/${accountid}`
  await started.sandbox.admin(place, 'PATCH', { modifiedon: Date.now() - 3_600_000 })
  assert.equal((await runner.call('runTrigger', { params })).stored, 1)
  const late = await outputs(last)
  assert.deepEqual(
    late.map((line) => Object(line.body)['accountid']),
    [accountid],
  )
  assert.ok(String(late[0]?.id).startsWith(accountid))
  assert.equal((await runner.call('runTrigger', { params })).stored, 0)
})

test('a paused trigger does not run until it is resumed', async () => {
  const paused = await admin.call('pauseTrigger', { params })
  assert.equal(paused.state, 'paused')
  await assert.rejects(runner.call('runTrigger', { params }), {
    code: 'trigger_paused',
    status: 409,
  })
  await admin.call('resumeTrigger', { params })
  assert.equal((await runner.call('runTrigger', { params })).stored, 0)
})

test('what cannot be a trigger is refused when it is made', async () => {
  const make = (changes: object) => admin.call('createTrigger', { body: { ...wish, ...changes } })
  await assert.rejects(make({ trigger: 'lookupObject' }), { code: 'not_a_trigger' })
  await assert.rejects(make({ trigger: 'nothing' }), { code: 'unknown_action' })
  await assert.rejects(make({ config: {} }), { code: 'missing_field' })
  await assert.rejects(make({ config: { ...config, startime: 'x' } }), /startime/)
  await assert.rejects(make({ credentialId: crypto.randomUUID() }), /no such Credential/)
  await assert.rejects(admin.call('enableTrigger', { params }), { code: 'not_a_webhook' })
})

test('a run that fails tells why, and where it was stays', async () => {
  const body = { ...wish, name: 'Wrong', config: { ...config, endTime: '2020-01-01T00:00:00Z' } }
  const config2 = { ...body.config, startTime: '2021-01-01T00:00:00Z' }
  const made = await admin.call('createTrigger', { body: { ...body, config: config2 } })
  const wrong = { params: { id: made.id } }
  await assert.rejects(runner.call('runTrigger', wrong), { code: 'invalid_field' })
  const { lastRun, cursorVersion } = await runner.call('getTrigger', wrong)
  assert.deepEqual(
    [lastRun?.outcome, lastRun?.problem?.code, cursorVersion],
    ['failed', 'invalid_field', 0],
  )
  await admin.call('removeTrigger', wrong)
})

test('a Credential is not removed before its triggers, and those go with all they put out', async () => {
  await assert.rejects(admin.call('removeCredential', { params: { id: credentialId } }), {
    code: 'credential_in_use',
    status: 409,
  })
  await admin.call('removeTrigger', { params })
  await assert.rejects(runner.call('getTrigger', { params }), {
    code: 'trigger_not_found',
    status: 404,
  })
  await assert.rejects(runner.call('triggerOutputs', { params }), { code: 'trigger_not_found' })
  const { items } = await admin.call('listAudit', {})
  const actions = items.map(({ action }) => action)
  for (const action of ['trigger.created', 'trigger.paused', 'trigger.resumed', 'trigger.removed'])
    assert.ok(actions.includes(action), action)
  await admin.call('removeCredential', { params: { id: credentialId } })
})
