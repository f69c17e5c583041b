import assert from 'node:assert/strict'
import { before, describe, test } from 'node:test'
import fc from 'fast-check'
import { createRig, READER, type Rig, tokenOf } from '../dataverse/rig.ts'

const TYPE = 'Microsoft.Dynamics.CRM.account'
const GOOD = { '@odata.type': TYPE, name: 'Planted' }
const FIRST = "accounts(accountnumber='A-000001')"

const CASES: readonly {
  readonly what: string
  readonly message?: string
  readonly body: unknown
  readonly status?: number
  readonly code: string
  readonly text: RegExp
}[] = [
  {
    what: 'a target without @odata.type',
    body: { Targets: [GOOD, { name: 'x' }] },
    code: '0x0',
    text: /Invalid property 'name' was found in entity 'Microsoft\.Dynamics\.CRM\.crmbaseentity'/,
  },
  {
    what: 'a target of another table',
    body: { Targets: [GOOD, { '@odata.type': 'Microsoft.Dynamics.CRM.contact', lastname: 'x' }] },
    code: '0x80040203',
    text: /is not 'Microsoft\.Dynamics\.CRM\.account'/,
  },
  {
    what: 'no Targets',
    body: {},
    code: '0x80048d19',
    text: /missing parameters are: Targets/,
  },
  {
    what: 'another parameter',
    body: { Targets: [GOOD], targets: [] },
    code: '0x80048d19',
    text: /'targets' in the request payload is not a valid parameter/,
  },
  {
    what: 'Targets that are no list',
    body: { Targets: GOOD },
    code: '0x80048d19',
    text: /StartArray/,
  },
  {
    what: 'a target that is no object',
    body: { Targets: [GOOD, 5] },
    code: '0x80048d19',
    text: /StartObject/,
  },
  {
    what: 'a value too long, without telling whose',
    body: { Targets: [GOOD, { ...GOOD, name: 'x'.repeat(161) }] },
    code: '0x80044331',
    text: /length of the 'name' attribute of the 'account' entity exceeded/,
  },
  {
    what: 'an alternate key that another row has',
    body: { Targets: [GOOD, { ...GOOD, accountnumber: 'A-000001' }] },
    status: 412,
    code: '0x80060892',
    text: /Entity Key .* violated/,
  },
  {
    what: 'an alternate key given twice',
    body: {
      Targets: [
        { ...GOOD, accountnumber: 'new' },
        { ...GOOD, accountnumber: 'new' },
      ],
    },
    status: 412,
    code: '0x80060892',
    text: /Entity Key .* violated/,
  },
  {
    what: 'an update without id',
    message: 'UpdateMultiple',
    body: { Targets: [GOOD] },
    code: '0x80040203',
    text: /Entity Id must be specified/,
  },
  {
    what: 'an upsert with its key column in both places, on create',
    message: 'UpsertMultiple',
    body: {
      Targets: [
        GOOD,
        { ...GOOD, '@odata.id': "accounts(accountnumber='new')", accountnumber: 'new' },
      ],
    },
    code: '0x80040216',
    text: /^An unexpected error occurred\.$/,
  },
  {
    what: 'a key column among the values that names no row',
    message: 'UpsertMultiple',
    body: { Targets: [GOOD, { ...GOOD, accountnumber: 'A-000001' }] },
    status: 412,
    code: '0x80060892',
    text: /Entity Key .* violated/,
  },
  {
    what: 'an @odata.id of another set',
    message: 'UpsertMultiple',
    body: { Targets: [GOOD, { ...GOOD, '@odata.id': 'contacts(lastname=5)' }] },
    code: '0x80048d19',
    text: /no row of 'accounts'/,
  },
  {
    what: 'an @odata.id of columns that are no key',
    message: 'UpsertMultiple',
    body: { Targets: [GOOD, { ...GOOD, '@odata.id': "accounts(name='x')" }] },
    code: '0x80060888',
    text: /key in the request URI is not valid/,
  },
]

describe('a bulk message with one mistake does nothing', () => {
  let rig: Rig
  before(() => {
    rig = createRig({ accounts: 3, contacts: 0 })
  })
  for (const { what, message = 'CreateMultiple', body, status = 400, code, text } of CASES) {
    test(what, async () => {
      const reply = await rig.call(`accounts/${`Microsoft.Dynamics.CRM.${message}`}`, {
        method: 'POST',
        body,
      })
      assert.deepEqual([reply.status, reply.json.error.code], [status, code], reply.text)
      assert.match(reply.json.error.message, text)
      const made = await rig.call("accounts?$select=name&$filter=name eq 'Planted'")
      assert.deepEqual(made.json.value, [])
    })
  }
})

const send = ({ call }: Rig, path: string, Targets: unknown, more = {}) =>
  call(path, { method: 'POST', body: { Targets }, ...more })

test('an upsert with its key column in both places is let pass on update', async () => {
  const rig = createRig({ accounts: 3, contacts: 0 })
  const target = { ...GOOD, '@odata.id': FIRST, accountnumber: 'A-000001' }
  const { status } = await send(rig, 'accounts/Microsoft.Dynamics.CRM.UpsertMultiple', [target])
  assert.equal(status, 204)
  assert.equal((await rig.call(`${FIRST}?$select=name`)).json.name, 'Planted')
})

test('a table without the message refuses it, as the probe says', async () => {
  const rig = createRig({ accounts: 3, contacts: 0 })
  const target = { '@odata.type': 'Microsoft.Dynamics.CRM.annotation', subject: 'x' }
  for (const message of ['CreateMultiple', 'UpsertMultiple']) {
    const reply = await send(rig, `annotations/Microsoft.Dynamics.CRM.${message}`, [target])
    assert.deepEqual([reply.status, reply.json.error.code], [400, '0x80040800'])
  }
})

test('a filter that is gone takes its message along', async () => {
  const rig = createRig({ accounts: 3, contacts: 0 })
  const { json } = await rig.call(
    "sdkmessagefilters?$select=sdkmessagefilterid&$filter=sdkmessageid/name eq 'UpdateMultiple' and primaryobjecttypecode eq 'account'",
  )
  rig.organization.control.removeRow('sdkmessagefilter', json.value[0].sdkmessagefilterid)
  const create = 'accounts/Microsoft.Dynamics.CRM.CreateMultiple'
  assert.equal((await send(rig, create, [GOOD])).status, 200)
  const upsert = await send(rig, 'accounts/Microsoft.Dynamics.CRM.UpsertMultiple', [GOOD])
  assert.equal(upsert.json.error.code, '0x80040800')
})

test('an action is not read, and needs its namespace', async () => {
  const rig = createRig({ accounts: 3, contacts: 0 })
  const read = await rig.call('accounts/Microsoft.Dynamics.CRM.CreateMultiple')
  assert.equal(read.status, 404)
  assert.equal((await send(rig, 'accounts/CreateMultiple', [GOOD])).status, 404)
})

test('who may not create, may not create many', async () => {
  const rig = createRig({ accounts: 3, contacts: 0 })
  const path = 'accounts/Microsoft.Dynamics.CRM.CreateMultiple'
  const reply = await send(rig, path, [GOOD], { token: tokenOf(READER) })
  assert.deepEqual([reply.status, reply.json.error.code], [403, '0x80040220'])
})

test('1,000 rows are created in less than 100 ms', async () => {
  const rig = createRig({ accounts: 3, contacts: 0 })
  const path = 'accounts/Microsoft.Dynamics.CRM.CreateMultiple'
  const rows = (from: number) =>
    Array.from({ length: 1_000 }, (_, index) => ({
      ...GOOD,
      name: `Row ${from + index}`,
      accountnumber: `N-${from + index}`,
      telephone1: '+49 30 1234567',
      revenue: 12_345.5,
      numberofemployees: index,
    }))
  for (let warm = 0; warm < 3; warm += 1) await send(rig, path, rows(warm * 1_000))
  const before = process.cpuUsage()
  const reply = await send(rig, path, rows(10_000))
  const { user, system } = process.cpuUsage(before)
  assert.equal(reply.json.Ids.length, 1_000)
  assert.ok(user + system < 100_000, `${(user + system) / 1_000} ms`)
})

test('no target makes a bulk message fail otherwise than with an answer', async () => {
  const rig = createRig({ accounts: 3, contacts: 0 })
  const target = fc.dictionary(
    fc.constantFrom(
      '@odata.type',
      '@odata.id',
      'accountid',
      'accountnumber',
      'name',
      'Account_Tasks',
    ),
    fc.oneof(
      fc.jsonValue({ maxDepth: 2 }),
      fc.constantFrom(TYPE, FIRST, 'accounts()', 'accounts('),
    ),
  )
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom('CreateMultiple', 'UpdateMultiple', 'UpsertMultiple', 'DeleteMultiple'),
      fc.oneof(fc.array(target, { maxLength: 4 }), fc.jsonValue()),
      async (message, targets) => {
        const { status } = await send(rig, `accounts/Microsoft.Dynamics.CRM.${message}`, targets)
        assert.ok(status < 500 || status === 501, String(status))
      },
    ),
    { numRuns: 300 },
  )
})
