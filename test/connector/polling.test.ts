import assert from 'node:assert/strict'
import { after, before, suite, test } from 'node:test'
import { ConnectorError, findEntry, type Output } from '../../src/connector/index.ts'
import { type Clock, isObject, type Json, systemClock } from '../../src/kernel/index.ts'
import { startSandboxClient } from '../dataverse/sandbox-client.ts'
import { FakeClock } from '../support/fake-clock.ts'
import { ID_ORDERS } from '../support/polling/polled-table.ts'
import { runContext } from '../support/run-context.ts'

const ROWS = 230
const { client, sandbox } = await startSandboxClient({ after }, { rows: ROWS })
const [organization] = sandbox.description.organizations
const trigger = findEntry('getNewAndUpdatedObjectsPolling')

type Fields = Readonly<Record<string, unknown>>

/** What one execution puts out, and the cursor that it leaves behind. */
async function execute(
  fields: Fields,
  cursor: unknown = null,
  { clock = systemClock, sample = false }: { clock?: Clock; sample?: boolean } = {},
) {
  const config = { objectType: 'account', emitBehavior: 'emitIndividually', ...fields }
  assert.ok(trigger)
  const outputs: Output[] = []
  const context = { ...runContext(client, config, {}), clock, cursor, sample }
  for await (const output of trigger.run(context)) outputs.push(output)
  const checkpoints = outputs.flatMap((one) => (one.kind === 'checkpoint' ? [one.cursor] : []))
  const bodies = outputs.flatMap((one) => (one.kind === 'data' ? [one.body] : []))
  const ids = outputs.flatMap((one) => (one.kind === 'data' ? [one.id] : []))
  return { bodies, ids, cursor: checkpoints.at(-1) ?? cursor }
}

const idOf = (body: Json) => (isObject(body) ? String(body['accountid']) : '')

async function create(name: string): Promise<string> {
  const headers = { prefer: 'return=representation' }
  const answer = await client.raw({ method: 'POST', path: 'accounts', headers, body: { name } })
  return idOf(answer.body)
}

const update = (id: string, name: string) =>
  client.raw({ method: 'PATCH', path: `accounts(${id})`, body: { name } })

const control = (path: string, method: string, body?: unknown) =>
  sandbox.admin(`/organizations/${organization?.uniqueName}/${path}`, method, body)

/** Sets columns as nobody else can: the service stamps rows itself. */
const stamp = (id: string, modifiedon: string) =>
  control(`tables/account/rows/${id}`, 'PATCH', { modifiedon: Date.parse(modifiedon) })

/** Everything there is, so that what comes later is seen alone. */
const caughtUp = async () => (await execute({})).cursor

await control('snapshots/fresh', 'PUT')

for (const idOrder of ID_ORDERS) {
  suite(`with ids in the order ${idOrder}`, () => {
    before(async () => {
      await control('snapshots/fresh/restore', 'POST')
      await control('switches', 'PATCH', { idOrder })
    })

    test('every row comes once, one page an execution, and then none', async () => {
      const seen: (string | undefined)[] = []
      let cursor: unknown = null
      for (let executions = 0; ; executions += 1) {
        assert.ok(executions < 20)
        const one = await execute({ pageSize: 50, singlePagePerInterval: true }, cursor)
        cursor = JSON.parse(JSON.stringify(one.cursor))
        if (one.ids.length === 0) break
        assert.ok(one.ids.length <= 50)
        seen.push(...one.ids)
      }
      assert.equal(seen.length, ROWS)
      assert.equal(new Set(seen).size, ROWS)
    })

    test('pages come as one message each, and only what is new on them', async () => {
      const { bodies, cursor } = await execute({ emitBehavior: 'emitPage', pageSize: 100 })
      const sizes = bodies.map((body) => (isObject(body) ? Object(body['results']).length : 0))
      assert.deepEqual(sizes, [100, 100, 30])
      const id = await create('One more')
      const { bodies: next } = await execute({ emitBehavior: 'emitPage', pageSize: 100 }, cursor)
      assert.equal(next.length, 1)
      assert.deepEqual(Object(next[0]).results.map(idOf), [id])
    })

    test('rows of one and the same time are walked over pages, without a loss or a repetition', async () => {
      const cursor = await caughtUp()
      const time = new Date().toISOString().replace(/\.\d+Z/, 'Z')
      const ids: string[] = []
      for (let count = 0; count < 12; count += 1) ids.push(await create(`Tied ${count}`))
      for (const id of ids) await stamp(id, time)
      const found: string[] = []
      let kept: unknown = cursor
      for (let executions = 0; executions < 10; executions += 1) {
        const one = await execute({ pageSize: 5, singlePagePerInterval: true }, kept)
        kept = JSON.parse(JSON.stringify(one.cursor))
        found.push(...one.bodies.map(idOf))
      }
      assert.deepEqual(found.toSorted(), ids.toSorted())
    })

    test('a row that becomes visible late by less than the window is found', async () => {
      const id = await create('Late')
      const cursor = await caughtUp()
      await stamp(id, new Date(Date.now() - 4 * 60_000).toISOString())
      const { bodies } = await execute({}, cursor)
      assert.deepEqual(bodies.map(idOf), [id])
    })

    test('how late a row may be is told by the service’s clock, not by that of the host', async () => {
      const clock = new FakeClock(Date.now() + 86_400_000)
      const id = await create('Late')
      const { cursor } = await execute({}, null, { clock })
      await stamp(id, new Date(Date.now() - 4 * 60_000).toISOString())
      const { bodies } = await execute({}, cursor, { clock })
      assert.deepEqual(bodies.map(idOf), [id])
    })

    test('two updates within one second are two versions', async () => {
      const id = await create('First')
      const cursor = await caughtUp()
      await update(id, 'Second')
      const second = await execute({}, cursor)
      await update(id, 'Third')
      const third = await execute({}, second.cursor)
      const names = [...second.bodies, ...third.bodies].map((body) => Object(body).name)
      assert.deepEqual(names, ['Second', 'Third'])
    })

    test('by time of creation, an update brings nothing', async () => {
      const fields = { pollConfig: 'created' }
      const { cursor } = await execute(fields)
      const id = await create('Created')
      const { bodies, cursor: next } = await execute(fields, cursor)
      assert.deepEqual(bodies.map(idOf), [id])
      await update(id, 'Updated')
      assert.deepEqual((await execute(fields, next)).bodies, [])
    })

    test('by time of creation, a row that is made again with its id is another one', async () => {
      const fields = { pollConfig: 'created' }
      const { cursor } = await execute(fields)
      const accountid = await create('First')
      const first = await execute(fields, cursor)
      assert.deepEqual((await execute(fields, cursor)).ids, first.ids)
      await client.delete('account', accountid)
      await client.create('account', { name: 'Second', accountid })
      const createdon = Date.now() + 60_000
      await control(`tables/account/rows/${accountid}`, 'PATCH', { createdon })
      const second = await execute(fields, first.cursor)
      assert.deepEqual([first.ids.length, second.bodies.map(idOf)], [1, [accountid]])
      assert.notEqual(second.ids[0], first.ids[0])
    })

    test('start and end are inclusive', async () => {
      const id = await create('Bounded')
      const time = '2026-01-31T13:45:00Z'
      await stamp(id, time)
      const within = async (startTime: string, endTime: string) =>
        (await execute({ startTime, endTime })).bodies.map(idOf).includes(id)
      assert.equal(await within(time, time), true)
      assert.equal(await within('2026-01-31T13:45:01Z', '2026-02-01'), false)
      assert.equal(await within('2026-01-30', '2026-01-31T13:44:59Z'), false)
    })

    test('a poll that has passed its end puts out nothing more, and is no error', async () => {
      const fields = { endTime: '2001-01-01' }
      const { cursor } = await execute(fields)
      assert.deepEqual((await execute(fields, cursor)).bodies, [])
    })

    test('a sample is a few rows, whatever the cursor', async () => {
      const { bodies, cursor } = await execute({}, await caughtUp(), { sample: true })
      assert.equal(bodies.length, 10)
      assert.ok(cursor)
    })

    test('a link that the service refuses begins the walk again, and nothing is put out twice', async () => {
      const first = await execute({ pageSize: 50, singlePagePerInterval: true })
      const link = `${client.address}accounts?$skiptoken=nonsense`
      const rest = await execute({}, { ...Object(first.cursor), link })
      const ids = [...first.ids, ...rest.ids]
      assert.equal(new Set(ids).size, ids.length)
      assert.ok(ids.length >= ROWS)
    })

    test('what cannot be polled names the field', async () => {
      const refused = (fields: Fields, field: string) =>
        assert.rejects(execute(fields), (error) => {
          assert.ok(error instanceof ConnectorError, String(error))
          assert.equal(error.facts['field'], field)
          return true
        })
      await refused({ startTime: '2026-02-01', endTime: '2026-01-31' }, 'endTime')
      await refused({ startTime: '31.01.2026' }, 'startTime')
      await refused({ pageSize: 0 }, 'pageSize')
      await refused({ pageSize: '5001' }, 'pageSize')
      await refused({ emitBehavior: 'both' }, 'emitBehavior')
      await refused({ emitBehavior: '' }, 'emitBehavior')
      await refused({ objectType: 'acount' }, 'objectType')
      await refused({ pollConfig: 'deleted' }, 'pollConfig')
    })
  })
}
