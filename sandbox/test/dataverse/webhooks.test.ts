import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type Reaction, startReceiver } from './receiver.ts'
import type { Rig } from './rig.ts'
import { register, settled, withStep } from './webhook-steps.ts'

const create = (rig: Rig, body: object = { name: 'x' }, headers = {}) =>
  rig.call('accounts', { method: 'POST', body, headers })
const statuses = async (rig: Rig): Promise<number[]> =>
  (await rig.call('asyncoperations?$select=statuscode')).json.value.map(
    (row: { statuscode: number }) => row.statuscode,
  )

const ATTEMPTS: readonly { name: string; reactions: Reaction[]; came: number; status: number }[] = [
  { name: '502 gets one more attempt', reactions: [502], came: 2, status: 30 },
  { name: '503 twice is a failure', reactions: [503, 503, 200], came: 2, status: 31 },
  { name: '504 and then 500 is a failure', reactions: [504, 500], came: 2, status: 31 },
  { name: '500 gets no other attempt', reactions: [500, 200], came: 1, status: 31 },
  { name: 'a redirect is no success', reactions: [302], came: 1, status: 31 },
  { name: '204 is success', reactions: [204], came: 1, status: 30 },
]
for (const { name, reactions, came, status } of ATTEMPTS) {
  test(name, async (t) => {
    const receiver = await startReceiver(t, [...reactions])
    const { rig } = await withStep({ url: receiver.url })
    assert.equal((await create(rig)).status, 204)
    await receiver.count(came)
    await settled(rig)
    assert.deepEqual([receiver.received.length, await statuses(rig)], [came, [status]])
  })
}

test('a receiver that says nothing fails after its time', async (t) => {
  const receiver = await startReceiver(t, ['silence'])
  const { rig } = await withStep({ url: receiver.url }, 50)
  await create(rig)
  await settled(rig)
  const { json } = await rig.call('asyncoperations?$select=errorcode,statuscode')
  assert.deepEqual([json.value[0].statuscode, json.value[0].errorcode], [31, 0x80050202 | 0])
})

test('a job that has succeeded goes where its step says so', async (t) => {
  const receiver = await startReceiver(t, [200, 500])
  const { rig } = await withStep({ url: receiver.url, step: { asyncautodelete: true } })
  await create(rig)
  await create(rig)
  await receiver.count(2)
  await settled(rig)
  assert.deepEqual(await statuses(rig), [31])
})

const PAIRS =
  '<settings><setting name="Key1" value="Value1" /><setting name="Key2" value="v 2" /></settings>'

test('an address has the pairs of HttpQueryString', async (t) => {
  const receiver = await startReceiver(t)
  const endpoint = { authtype: 6, authvalue: PAIRS }
  const { rig } = await withStep({ url: receiver.url, endpoint })
  await create(rig)
  const [got] = await receiver.count(1)
  assert.equal(got?.url, '/hook?Key1=Value1&Key2=v+2')
})

test('headers have the pairs of HttpHeader', async (t) => {
  const receiver = await startReceiver(t)
  const endpoint = { authtype: 5, authvalue: PAIRS }
  const { rig } = await withStep({ url: receiver.url, endpoint })
  await create(rig)
  const [got] = await receiver.count(1)
  assert.deepEqual([got?.headers['key1'], got?.headers['key2']], ['Value1', 'v 2'])
})

test('an update tells a step only of its columns', async (t) => {
  const receiver = await startReceiver(t)
  const { rig } = await withStep({
    url: receiver.url,
    message: 'Update',
    step: { filteringattributes: 'telephone1,revenue' },
  })
  const { json } = await rig.call('accounts?$select=accountid&$top=1')
  const row = `accounts(${json.value[0].accountid})`
  await rig.call(row, { method: 'PATCH', body: { name: 'unheard' } })
  await rig.call(row, { method: 'PATCH', body: { revenue: 5 } })
  await receiver.count(1)
  await settled(rig)
  assert.equal(receiver.received.length, 1)
  const attributes = receiver.received[0]?.body.ParentContext.InputParameters[0].value.Attributes
  assert.deepEqual(attributes[0], {
    key: 'revenue',
    value: { __type: 'Money:http://schemas.microsoft.com/xrm/2011/Contracts', Value: 5 },
  })
})

test('a deletion names its row', async (t) => {
  const receiver = await startReceiver(t)
  const { rig } = await withStep({ url: receiver.url, message: 'Delete' })
  const { json } = await rig.call('accounts?$select=accountid&$top=1')
  const id = json.value[0].accountid
  await rig.call(`accounts(${id})`, { method: 'DELETE' })
  const [got] = await receiver.count(1)
  const [{ value }] = got?.body.InputParameters ?? []
  assert.deepEqual([value.LogicalName, value.Id, got?.body.PrimaryEntityId], ['account', id, id])
})

test('beyond 256 KB the largest parts are left out, and a header says so', async (t) => {
  const receiver = await startReceiver(t)
  const { rig } = await withStep({ url: receiver.url, table: 'annotation' })
  await rig.call('annotations', {
    method: 'POST',
    body: { subject: 's', notetext: 'x'.repeat(90_000) },
  })
  await rig.call('annotations', {
    method: 'POST',
    body: { subject: 'l', documentbody: Buffer.alloc(200_000).toString('base64') },
  })
  const [small, large] = await receiver.count(2)
  assert.equal(small?.headers['x-ms-dynamics-msg-size-exceeded'], undefined)
  assert.equal(large?.headers['x-ms-dynamics-msg-size-exceeded'], 'true')
  const gone = ['ParentContext', 'InputParameters', 'PreEntityImages', 'PostEntityImages']
  assert.deepEqual(
    gone.map((name) => [name in (small?.body ?? {}), name in (large?.body ?? {})]),
    gone.map(() => [true, false]),
  )
  assert.equal(large?.body.PrimaryEntityName, 'annotation')
})

test('a write that is refused announces nothing', async (t) => {
  const receiver = await startReceiver(t)
  const { rig } = await withStep({ url: receiver.url })
  const targets = ['a', 'x'.repeat(500)].map((name) => ({
    '@odata.type': 'Microsoft.Dynamics.CRM.account',
    name,
  }))
  const bulk = 'accounts/Microsoft.Dynamics.CRM.CreateMultiple'
  const { status } = await rig.call(bulk, { method: 'POST', body: { Targets: targets } })
  assert.equal(status, 400)
  assert.equal(rig.organization.control.deliveries().pending, 0)
})

test('the tag of a request is a shared variable', async (t) => {
  const receiver = await startReceiver(t)
  const { rig } = await withStep({ url: receiver.url })
  await rig.call('accounts?tag=A%20string%20value', { method: 'POST', body: { name: 'x' } })
  const [got] = await receiver.count(1)
  assert.deepEqual(got?.body.SharedVariables, [{ key: 'tag', value: 'A string value' }])
})

test('a synchronous step that fails makes the write fail, and leaves no row', async (t) => {
  const receiver = await startReceiver(t, [400])
  const { rig } = await withStep({ url: receiver.url, step: { mode: 0 } })
  const refused = await create(rig, { name: 'refused' })
  assert.deepEqual([refused.status, refused.json.error.code], [400, '0x80050201'])
  const { json } = await rig.call("accounts?$filter=name eq 'refused'")
  assert.deepEqual(json.value, [])
})

test('a synchronous step is told the id that the row then has', async (t) => {
  const receiver = await startReceiver(t)
  const { rig } = await withStep({ url: receiver.url, step: { mode: 0 } })
  const made = await create(rig)
  const [got] = await receiver.count(1)
  assert.equal(made.status, 204)
  assert.ok(String(made.headers['odata-entityid']).endsWith(`(${got?.body.PrimaryEntityId})`))
  assert.equal(got?.body.IsInTransaction, true)
  assert.deepEqual([receiver.received.length, await statuses(rig)], [1, []])
})

test('one refused row of a batch does not take the others along', async (t) => {
  const receiver = await startReceiver(t, [200, 500])
  const { rig } = await withStep({ url: receiver.url, step: { mode: 0 } })
  const part = (name: string) =>
    [
      '--b',
      'Content-Type: application/http',
      'Content-Transfer-Encoding: binary',
      '',
      'POST /api/data/v9.2/accounts HTTP/1.1',
      'Content-Type: application/json',
      '',
      JSON.stringify({ name }),
      '',
    ].join('\r\n')
  const { text } = await rig.call('$batch', {
    method: 'POST',
    headers: { 'content-type': 'multipart/mixed; boundary=b', prefer: 'odata.continue-on-error' },
    body: `${part('batch one')}${part('batch two')}${part('batch three')}--b--\r\n`,
  })
  assert.deepEqual(text.match(/HTTP\/1\.1 \d+/g), ['HTTP/1.1 204', 'HTTP/1.1 400', 'HTTP/1.1 204'])
  const { json } = await rig.call("accounts?$select=name&$filter=startswith(name,'batch')")
  assert.equal(json.value.length, 2)
})

test('headers let a request pass steps by', async (t) => {
  const receiver = await startReceiver(t, [500])
  const { rig } = await withStep({ url: receiver.url, step: { mode: 0 } })
  await register(rig, { url: receiver.url })
  const header = 'MSCRM.BypassBusinessLogicExecution'
  assert.equal(
    (await create(rig, { name: 'a' }, { [header]: 'CustomSync,CustomAsync' })).status,
    204,
  )
  assert.equal(receiver.received.length, 0)
  assert.equal((await create(rig, { name: 'b' }, { [header]: 'CustomAsync' })).status, 400)
})

test('a step that is disabled hears nothing', async (t) => {
  const receiver = await startReceiver(t)
  const { rig, step } = await withStep({ url: receiver.url })
  await rig.call(`sdkmessageprocessingsteps(${step})`, { method: 'PATCH', body: { statecode: 1 } })
  await create(rig)
  assert.equal(rig.organization.control.deliveries().pending, 0)
  assert.equal(receiver.received.length, 0)
})
