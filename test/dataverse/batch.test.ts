import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { after, test } from 'node:test'
import {
  changeSet,
  collect,
  countOperation,
  DataverseError,
  earlierRow,
  type Operation,
  type OperationOutcome,
  pageOperation,
  rowOperation,
  where,
} from '../../src/dataverse/index.ts'
import { startSandboxClient } from './sandbox-client.ts'

const { client } = await startSandboxClient({ after }, { rows: 30 })

const create = (set: string, body: { readonly [key: string]: string }): Operation<string> => ({
  method: 'POST',
  path: set,
  body,
  read: ({ headers }) => /\(([^)]+)\)$/.exec(headers.get('odata-entityid') ?? '')?.[1] ?? '',
})

const shown = (outcome: OperationOutcome<unknown>): unknown =>
  outcome.ok ? 'ok' : outcome.skipped ? 'skipped' : outcome.error.code

const named = (name: string) => client.count('accounts', where.eq('name', name))

test('reads, counts and writes go in one request, hostile values too', async () => {
  const name = '--batch_fairlead--\r\nO\'Neil "x" --batchresponse_ü💧'
  const [created, page, first, second] = await client.batch([
    create('accounts', { name }),
    pageOperation('accounts', { select: ['name'], top: 3 }),
    countOperation('accounts'),
    countOperation('contacts'),
  ])
  assert.ok(created.ok && page.ok && first.ok && second.ok)
  assert.equal(page.value.rows.length, 3)
  assert.equal(first.value.value, 31)
  assert.ok(second.value.value > 0)
  const [read] = await client.batch([rowOperation('accounts', created.value, { select: ['name'] })])
  assert.ok(read.ok)
  assert.equal(read.value['name'], name)
})

test('a change set is undone as a whole, and the batch stops there', async () => {
  const name = randomUUID()
  const outcomes = await client.batch([
    changeSet([create('accounts', { name }), create('accounts', { nmae: name })]),
    countOperation('accounts'),
  ])
  const flat = outcomes.flat().map(shown)
  assert.equal(flat.at(-1), 'skipped')
  assert.ok(!flat.includes('ok'))
  assert.equal((await named(name)).value, 0)
})

test('told to go on, a batch does what can be done', async () => {
  const name = randomUUID()
  const outcomes = await client.batch(
    [
      create('accounts', { nmae: name }),
      rowOperation('accounts', randomUUID()),
      create('accounts', { name }),
    ],
    { continueOnError: true },
  )
  assert.deepEqual(outcomes.map(shown), ['bad_request', 'not_found', 'ok'])
  assert.equal((await named(name)).value, 1)
})

test('an operation refers to the row that an earlier one of its change set writes', async () => {
  const name = randomUUID()
  const [[contact, account, changed]] = await client.batch([
    changeSet([
      create('contacts', { lastname: name }),
      create('accounts', { name, 'primarycontactid@odata.bind': earlierRow(1) }),
      { method: 'PATCH', path: earlierRow(1), body: { firstname: 'Ann' }, read: () => undefined },
    ]),
  ])
  assert.ok(contact.ok && account.ok && changed.ok)
  const row = await client.row('accounts', account.value, {
    select: ['_primarycontactid_value'],
    expand: [{ property: 'primarycontactid', select: ['firstname'] }],
  })
  assert.equal(row['_primarycontactid_value'], contact.value)
  assert.equal(Object(row['primarycontactid']).firstname, 'Ann')
})

test('a query too long for an address is answered all the same', async () => {
  const ids = Array.from({ length: 900 }, () => randomUUID())
  const [known] = await collect(client.rows('accounts', { top: 1 }), 1)
  const filter = where.query('In', 'accountid', String(known?.['accountid']), ...ids)
  const rows = await collect(client.rows('accounts', { select: ['name'], filter }), 5)
  assert.deepEqual(
    rows.map((row) => row['accountid']),
    [known?.['accountid']],
  )
  assert.equal((await client.count('accounts', filter)).value, 1)
  await assert.rejects(
    client.count('accounts', where.and(where.eq('nmae', 1), filter)),
    (error) => error instanceof DataverseError && /GET accounts\/\$count/.test(error.message),
  )
})
