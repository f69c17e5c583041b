import assert from 'node:assert/strict'
import { text } from 'node:stream/consumers'
import { after, test } from 'node:test'
import { findEntry } from '../../src/connector/index.ts'
import { collect } from '../../src/dataverse/index.ts'
import type { Send } from '../../src/transport/index.ts'
import { startSandboxClient } from '../dataverse/sandbox-client.ts'
import { startDataverseServer } from '../support/dataverse-server.ts'
import { startServer } from '../support/local-server.ts'
import { runContext } from '../support/run-context.ts'
import { refused, runEntry } from './run-entry.ts'

const { client, clientOf, sandbox, send } = await startSandboxClient({ after }, { rows: 3 })

interface Delivery {
  readonly path: string
  readonly body: unknown
}
const deliveries: Delivery[] = []
let arrived: (() => void) | undefined
const receiver = await startServer(async (incoming, outgoing) => {
  deliveries.push({ path: incoming.url ?? '', body: JSON.parse(await text(incoming)) })
  outgoing.writeHead(200).end()
  arrived?.()
})
after(() => receiver.close())

const trigger = findEntry('webhookTrigger')
const form = (config: object) => ({
  config: { objectType: 'account', ...config },
  dataverse: client,
})

async function enable(config: object = {}) {
  const registration = trigger?.registration
  assert.ok(registration)
  const callbackUrl = `${receiver.origin}/hook`
  const registered = await registration.enable({ ...form(config), callbackUrl, key: 'agreed' })
  return { registered, disable: () => registration.disable({ ...form(config), registered }) }
}

/** Waits until so many messages have come. */
async function delivered(count: number) {
  while (deliveries.length < count) {
    await new Promise<void>((resolve) => {
      arrived = resolve
    })
  }
  return deliveries.splice(0)
}

async function message(input: unknown, config: object = {}) {
  const fields = { objectType: 'account', ...config }
  const [body] = await runEntry(client, 'webhookTrigger', fields, input)
  return Object(body)
}

const endpoints = () => collect(client.rows('serviceendpoints'), 50)
const registeredSteps = () => collect(client.rows('sdkmessageprocessingsteps'), 50)

test('what is written is told as plain JSON, and nothing once the trigger is off', async () => {
  const { disable } = await enable()
  const { id } = await client.create('account', { name: 'Told', industrycode: 1, revenue: 5 })
  await client.update('account', id, { name: 'Again' })
  await client.delete('account', id)
  const all = await delivered(3)
  assert.ok(all.every(({ path }) => path === '/hook?code=agreed'))
  const told = await Promise.all(all.map(({ body }) => message(body)))
  assert.deepEqual(
    told.map((one) => [one.event, one.id, one.table]),
    [
      ['create', id, 'account'],
      ['update', id, 'account'],
      ['delete', id, 'account'],
    ],
  )
  const { name, industrycode, revenue } = told[0].columns
  assert.deepEqual([name, industrycode, revenue], ['Told', 1, 5])
  assert.equal(told[1].columns.name, 'Again')
  assert.deepEqual(told[2].columns, {})
  await disable()
  assert.deepEqual([await endpoints(), await registeredSteps()], [[], []])
  await disable()
})

test('only the events and columns that were chosen are registered', async () => {
  const { disable, registered } = await enable({
    onCreate: 'false',
    onUpdate: 'on',
    filteringAttributes: 'name, Name',
  })
  assert.equal(Object(registered).steps.length, 1)
  const row = await client.row('sdkmessageprocessingsteps', Object(registered).steps[0])
  assert.equal(row['filteringattributes'], 'name')
  const { id } = await client.create('account', { name: 'A' })
  await client.update('account', id, { revenue: 1 })
  await client.update('account', id, { name: 'B' })
  const [only, ...others] = await delivered(1)
  assert.equal(others.length, 0)
  assert.equal((await message(only?.body)).columns.name, 'B')
  await disable()
})

test('messages come after the write, in the background, and columns are those of updates', async () => {
  const { disable } = await enable({ onCreate: true, onUpdate: true, filteringAttributes: 'name' })
  const written = (await registeredSteps()).map(
    ({ name, mode, stage, asyncautodelete, filteringattributes }) => [
      String(name).split(' ').at(-1),
      ...[mode, stage, asyncautodelete, filteringattributes],
    ],
  )
  assert.deepEqual(written.toSorted(), [
    ['(Create)', 1, 40, true, null],
    ['(Update)', 1, 40, true, 'name'],
  ])
  await disable()
})

test('deletions alone can be chosen', async () => {
  const { disable, registered } = await enable({ onDelete: true })
  assert.equal(Object(registered).steps.length, 1)
  await disable()
})

test('two messages of a row have two ids, and the same one twice has one', async () => {
  const outputId = async (ms: number) => {
    const input = {
      ...{ MessageName: 'Delete', PrimaryEntityName: 'account' },
      PrimaryEntityId: '01234567-89ab-cdef-0123-456789abcdef',
      OperationCreatedOn: `/Date(${ms})/`,
    }
    for await (const output of trigger?.run(runContext(client, form({}).config, input)) ?? [])
      return output.kind === 'data' ? output.id : undefined
    return undefined
  }
  assert.equal(await outputId(1), await outputId(1))
  assert.notEqual(await outputId(1), await outputId(2))
})

test('what is too long for a message is read from its row, while that is there', async () => {
  const { id } = await client.create('account', { name: 'Long' })
  const short = { MessageName: 'Update', PrimaryEntityId: id, PrimaryEntityName: 'account' }
  const told = await message(short)
  assert.deepEqual([told.event, told.columns, told.row.name], ['update', {}, 'Long'])
  await client.delete('account', id)
  assert.equal((await message(short)).row, undefined)
})

test('values of every kind are plain', async () => {
  const type = (name: string) => `${name}:http://schemas.microsoft.com/xrm/2011/Contracts`
  const party = {
    __type: type('Entity'),
    Attributes: [{ key: 'addressused', value: 'a@example.com' }],
  }
  const pairs = {
    ownerid: { __type: type('EntityReference'), Id: 'o', LogicalName: 'team', Name: null },
    industrycode: { __type: type('OptionSetValue'), Value: 3 },
    revenue: { __type: type('Money'), Value: 1.5 },
    choices: [{ __type: type('OptionSetValue'), Value: 1 }],
    createdon: '/Date(1506409448000-0700)/',
    to: { __type: type('EntityCollection'), Entities: [party] },
    donotemail: false,
    telephone1: null,
  }
  const Attributes = Object.entries(pairs).map(([key, value]) => ({ key, value }))
  const input = {
    ...{
      MessageName: 'Create',
      PrimaryEntityId: '01234567-89AB-CDEF-0123-456789ABCDEF',
      PrimaryEntityName: 'account',
      InitiatingUserId: 'u',
      OperationCreatedOn: '/Date(1506409448000)/',
    },
    InputParameters: [{ key: 'Target', value: { __type: type('Entity'), Attributes } }],
  }
  const told = await message(input, { raw: true })
  assert.deepEqual(told.columns, {
    ownerid: { table: 'team', id: 'o' },
    industrycode: 3,
    revenue: 1.5,
    choices: [1],
    createdon: '2017-09-26T07:04:08.000Z',
    to: [{ addressused: 'a@example.com' }],
    donotemail: false,
    telephone1: null,
  })
  assert.deepEqual([told.userId, told.at], ['u', '2017-09-26T07:04:08.000Z'])
  assert.deepEqual(told.raw, input)
  assert.equal('raw' in (await message(input)), false)
})

test('what cannot be registered is named, and leaves nothing', async () => {
  const before = (await registeredSteps()).length
  await refused(enable({ filteringAttributes: 'nmae' }), 'filteringAttributes', 'unknown_column')
  await refused(enable({ objectType: 'nothing' }), 'objectType', 'unknown_table')
  assert.equal((await registeredSteps()).length, before)
  for (const input of [undefined, 'x', [], {}, { MessageName: 7 }]) {
    await refused(message(input), 'input', 'invalid_field')
  }
})

test('what is registered for an address is found again, whole or half, and nothing of another address', async () => {
  const registration = trigger?.registration
  assert.ok(registration)
  const callbackUrl = `${receiver.origin}/found`
  const found = (except?: unknown) => registration.find({ ...form({}), callbackUrl, except })
  const wish = { ...form({}), callbackUrl, key: 'agreed' }
  const [one, two] = [await registration.enable(wish), await registration.enable(wish)]
  const { disable } = await enable()
  const byHand = { name: 'By hand', url: callbackUrl, contract: 8, authtype: 4, authvalue: 'x' }
  const { id } = await client.create('serviceendpoint', byHand)
  await client.delete('sdkmessageprocessingstep', Object(two).steps[0])
  const steps = (all: readonly unknown[]) => all.map((each) => Object(each).steps.length).sort()
  assert.deepEqual(steps(await found()), [2, 3])
  assert.deepEqual(steps(await found(one)), [2])
  for (const registered of await found()) await registration.disable({ ...form({}), registered })
  assert.deepEqual(await found(), [])
  await client.delete('serviceendpoint', id)
  await disable()
  assert.deepEqual(await registeredSteps(), [])
})

test('what is no registration is left alone', async () => {
  const { client: asked, requests } = await startDataverseServer({ after }, () => ({}))
  const registered = { endpoint: "x' or 1 eq 1", steps: ['../accounts', 7, null] }
  await trigger?.registration?.disable({ ...form({}), dataverse: asked(), registered })
  assert.deepEqual(requests, [])
})

test('a registration that is called off in the middle leaves nothing', async () => {
  const before = [(await endpoints()).length, (await registeredSteps()).length]
  const caller = new AbortController()
  const stopping: Send = async (request) => {
    const response = await send(request)
    if (request.method === 'POST' && /steps/.test(request.url.pathname)) caller.abort()
    return response
  }
  const dataverse = clientOf(sandbox.description.orgUrl, { send: stopping })
  const { signal } = caller
  const enabling = { ...form({}), dataverse, callbackUrl: receiver.origin, key: 'k', signal }
  await assert.rejects(trigger?.registration?.enable(enabling) ?? Promise.resolve())
  assert.deepEqual([(await endpoints()).length, (await registeredSteps()).length], before)
})

test('a registration that fails in the middle leaves nothing', async () => {
  const before = [(await endpoints()).length, (await registeredSteps()).length]
  const target = sandbox.description.organizations[0]?.uniqueName
  const match = { method: 'POST', path: '/sdkmessageprocessingsteps' }
  const refusal = { kind: 'respond', status: 400, body: { error: { code: '0x0', message: 'No' } } }
  await sandbox.admin('/faults', 'POST', { target, match, skip: 2, ...refusal })
  await assert.rejects(enable(), { code: 'bad_request' })
  assert.deepEqual([(await endpoints()).length, (await registeredSteps()).length], before)
})
