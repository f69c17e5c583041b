import assert from 'node:assert/strict'
import { after, afterEach, test } from 'node:test'
import { systemClock } from '../../src/kernel/index.ts'
import { startSandboxClient } from '../dataverse/sandbox-client.ts'
import { lateRows, type PollRun, pollRuns } from './poll-runs.ts'
import { refused } from './run-entry.ts'

const ROWS = 12
const { client, sandbox } = await startSandboxClient({ after }, { rows: ROWS })
const [organization] = sandbox.description.organizations
const environment = organization?.uniqueName ?? ''
const execute = pollRuns(client)
const createLate = lateRows(client, sandbox)
const required = { lateRows: 'require' }

/** Has the service refuse to read changes, as often as is needed. */
const refuse = (status: number, code: string, message: string) =>
  sandbox.admin('/faults', 'POST', {
    ...{ target: environment, match: { path: 'deltatoken' }, times: 20 },
    ...{ kind: 'respond', status, body: { error: { code, message } } },
  })

afterEach(() => sandbox.admin('/faults', 'DELETE'))

const warnings = ({ log }: PollRun) =>
  log.flatMap(({ level, code }) => (level === 'warn' ? [code] : []))

async function memberWith(role: string, without: string) {
  const members = await sandbox.admin(`/organizations/${environment}/members`)
  assert.ok(Array.isArray(members))
  const { userId } = await client.whoAmI()
  const me = members.find(({ systemUserId }) => systemUserId === userId)
  const place = `/organizations/${environment}/members/${me.member.entraObjectId}`
  await sandbox.admin(place, 'PATCH', { addRole: role })
  await sandbox.admin(place, 'PATCH', { removeRole: without })
}

test('without the privilege to read the whole table the poll goes on, and says why', async () => {
  const { cursor } = await execute()
  const { id } = await client.create('account', { name: 'On time' })
  const privileges = { prvReadAccount: 'Deep' }
  await sandbox.admin(`/organizations/${environment}/roles/Reader`, 'PUT', { privileges })
  await memberWith('Reader', 'System Administrator')
  const [begun, gone] = [await execute(), await execute({}, cursor)]
  const demanded = execute(required, cursor)
  await assert.rejects(demanded, { code: 'forbidden' })
  await memberWith('System Administrator', 'Reader')
  assert.deepEqual([begun.ids.length, warnings(begun)], [ROWS + 1, ['forbidden']])
  assert.deepEqual([gone.ids, warnings(gone)], [[id], ['forbidden', 'forbidden']])
  assert.match(JSON.stringify(gone.log), /prvReadAccount/)
  const again = await execute({}, gone.cursor)
  const late = await createLate('Late')
  assert.deepEqual((await execute({}, again.cursor)).ids, [late])
})

test('tracking that is off after all does not fail the poll, unless late rows are required', async () => {
  const { cursor } = await execute()
  const { id } = await client.create('account', { name: 'On time' })
  await refuse(400, '0x80072491', "Entity account isn't enabled for change tracking.")
  const run = await execute({}, cursor)
  assert.deepEqual([run.ids, warnings(run)], [[id], ['tracking_disabled', 'tracking_disabled']])
  assert.equal(Object(run.cursor).changes, undefined)
  await refused(execute(required, cursor), 'lateRows', 'invalid_field')
})

test('changes that cannot be read for a while are read later', async () => {
  const { cursor } = await execute()
  const late = await createLate('Late')
  const { id } = await client.create('account', { name: 'On time' })
  await refuse(500, '0x80040216', 'An unexpected error occurred.')
  const without = await execute({}, cursor)
  assert.deepEqual([without.ids, warnings(without)], [[id], ['server_error']])
  await assert.rejects(execute(required, cursor), { code: 'server_error' })
  await sandbox.admin('/faults', 'DELETE')
  assert.deepEqual((await execute({}, without.cursor)).ids, [late])
})

test('a long walk tries no more often than every 5 minutes to read changes that cannot be read', async () => {
  const { cursor } = await execute()
  for (let count = 0; count < 8; count += 1) await client.create('account', { name: 'On time' })
  let pages = 0
  let passed = 0
  const clock = { ...systemClock, now: () => systemClock.now() + passed }
  const run = await execute({ pageSize: 2, emitBehavior: 'emitPage' }, cursor, {
    clock,
    between: async ({ kind }) => {
      if (kind === 'checkpoint') return
      if (pages === 0) await refuse(500, '0x80040216', 'An unexpected error occurred.')
      pages += 1
      passed += 2 * 60_000
    },
  })
  assert.ok(pages >= 4, `${pages} pages`)
  assert.deepEqual(warnings(run), ['server_error'])
})

test('a place that the environment has forgotten is found anew, and what was late until then is not told', async () => {
  const { cursor } = await execute()
  await createLate('Forgotten')
  await sandbox.admin('clock', 'POST', { advanceMs: 8 * 24 * 3_600_000 })
  const again = await execute(required, cursor)
  assert.deepEqual([again.ids, warnings(again)], [[], ['tracking_expired']])
  const late = await createLate('Late')
  assert.deepEqual((await execute(required, again.cursor)).ids, [late])
})

test('a place that leads nowhere any more is found anew', async () => {
  const { cursor } = await execute()
  const since = `${client.address}accounts?$select=accountid,modifiedon&$deltatoken=nonsense`
  for (const changes of [
    { since },
    { since: 'https://elsewhere.example/' },
    { since: 'accounts' },
  ]) {
    const again = await execute({}, { ...Object(cursor), changes })
    assert.deepEqual([again.ids, warnings(again).length], [[], 1])
    const late = await createLate('Late')
    assert.deepEqual((await execute({}, again.cursor)).ids, [late])
  }
  const unreadable = await execute({}, { ...Object(cursor), changes: 'soon' })
  const late = await createLate('Late')
  assert.deepEqual((await execute({}, unreadable.cursor)).ids, [late])
})
