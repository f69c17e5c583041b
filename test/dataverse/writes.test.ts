import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { after, test } from 'node:test'
import { collect, DataverseError, InvalidRow, type Row, where } from '../../src/dataverse/index.ts'
import { startSandboxClient } from './sandbox-client.ts'

const { client } = await startSandboxClient({ after }, { rows: 20 })

const failure =
  (code: string, words = /./) =>
  (error: unknown) => {
    assert.ok(error instanceof DataverseError, String(error))
    assert.equal(error.code, code, error.message)
    assert.match(`${error.message} ${error.explanation.remedy}`, words)
    return true
  }

const read = (id: string, ...select: string[]) => client.row('accounts', id, { select })

const aContact = async (): Promise<Row> => {
  const [row] = await collect(client.rows('contacts', { top: 1 }), 1)
  return row ?? assert.fail('There is no contact.')
}

test('a row is created with its values and lookups, and its id is told', async () => {
  const contact = String((await aContact())['contactid'])
  const { id } = await client.create('account', {
    name: 'Created',
    revenue: '1234.5',
    numberofemployees: 7,
    donotemail: true,
    primarycontactid: contact,
  })
  const row = await read(id, 'name', 'revenue', 'numberofemployees', '_primarycontactid_value')
  assert.deepEqual(
    [row['name'], row['revenue'], row['numberofemployees'], row['_primarycontactid_value']],
    ['Created', 1234.5, 7, contact],
  )
})

test('the row comes back where it is asked for, in the parts that are asked for', async () => {
  const created = await client.create(
    'accounts',
    { name: 'Back' },
    { returning: { select: ['name'], annotations: '*' } },
  )
  assert.equal(created.row?.['name'], 'Back')
  assert.equal(created.row?.['accountid'], created.id)
  assert.equal(typeof created.etag, 'string')
})

test('a row brings its own id, and a second one of that id is a conflict', async () => {
  const id = randomUUID()
  assert.equal((await client.create('account', { accountid: id, name: 'Own' })).id, id)
  await assert.rejects(
    client.create('account', { accountid: id, name: 'Own' }),
    failure('conflict'),
  )
})

test('nested rows are created along', async () => {
  const { id } = await client.create('account', {
    name: 'Deep',
    primarycontactid: { lastname: 'Nested' },
  })
  const row = await client.row('accounts', id, {
    expand: [{ property: 'primarycontactid', select: ['lastname'] }],
  })
  assert.equal(Object(row['primarycontactid']).lastname, 'Nested')
})

test('an update changes what exists and creates nothing', async () => {
  const { id } = await client.create('account', { name: 'Before', revenue: 5 })
  const updated = await client.update('account', id, { name: 'After' }, { returning: true })
  assert.deepEqual([updated.row?.['name'], updated.row?.['revenue']], ['After', 5])
  const missing = randomUUID()
  await assert.rejects(client.update('account', missing, { name: 'No' }), failure('not_found'))
  await assert.rejects(read(missing, 'name'), failure('not_found'))
})

test('an upsert tells whether it created or updated, by id and by alternate key', async () => {
  const number = `U-${Date.now()}`
  for (const key of [randomUUID(), { accountnumber: number }]) {
    const first = await client.upsert('account', key, { name: 'One' })
    const second = await client.upsert('account', key, { name: 'Two' })
    assert.deepEqual([first.outcome, second.outcome], ['created', 'updated'])
    assert.equal(second.id, first.id)
    assert.equal(first.row, undefined)
    assert.equal((await read(String(first.id), 'name'))['name'], 'Two')
  }
  const untold = await client.upsert('account', randomUUID(), { name: 'X' }, { outcome: 'untold' })
  assert.equal(untold.outcome, 'written')
})

test('an upsert can be kept from updating, and from creating', async () => {
  const { id } = await client.create('account', { name: 'There' })
  await assert.rejects(
    client.upsert('account', id, { name: 'X' }, { only: 'create' }),
    failure('precondition_failed'),
  )
  await assert.rejects(
    client.upsert('account', randomUUID(), { name: 'X' }, { only: 'update' }),
    failure('not_found'),
  )
})

test('a write on a version that has passed is refused by name', async () => {
  const { id, etag = '' } = await client.create('account', { name: 'V1' }, { returning: true })
  await client.update('account', id, { name: 'V2' }, { etag })
  await assert.rejects(
    client.update('account', id, { name: 'V3' }, { etag }),
    failure('precondition_failed'),
  )
  await assert.rejects(client.delete('account', id, { etag }), failure('precondition_failed'))
  await client.delete('account', id)
  await assert.rejects(client.delete('account', id), failure('not_found'))
})

test('a lookup is set by alternate key, to either of its targets, and cleared', async () => {
  const number = `K-${Date.now()}`
  const parent = await client.create('account', { name: 'Parent', accountnumber: number })
  const { id } = await client.create('account', {
    name: 'Child',
    parentaccountid: { accountnumber: number },
  })
  assert.equal((await read(id, '_parentaccountid_value'))['_parentaccountid_value'], parent.id)
  await client.update('account', id, { parentaccountid: null })
  assert.equal((await read(id, '_parentaccountid_value'))['_parentaccountid_value'], null)

  const contact = await client.create('contact', {
    lastname: 'Poly',
    parentcustomerid: { table: 'account', id },
  })
  const readContact = () =>
    client.row('contacts', contact.id, { select: ['_parentcustomerid_value'] })
  assert.equal((await readContact())['_parentcustomerid_value'], id)
  await client.update('contact', contact.id, { parentcustomerid: null })
  assert.equal((await readContact())['_parentcustomerid_value'], null)
  await assert.rejects(
    client.update('contact', contact.id, { parentcustomerid: id }),
    failure('invalid_row', /contact, account/),
  )
})

test('what was read with annotations can be written back', async () => {
  const [row] = await collect(client.rows('accounts', { top: 1 }, { annotations: '*' }), 1)
  const id = String(row?.['accountid'])
  const options = { readOnlyColumns: 'skip', unknownColumns: 'refuse' } as const
  await client.update('account', id, { ...row }, options)
})

test('rows are linked and parted, through a lookup and through a collection', async () => {
  const account = { table: 'account', key: (await client.create('account', { name: 'L' })).id }
  const contact = { table: 'contact', key: String((await aContact())['contactid']) }
  const primary = async () =>
    (await read(account.key, '_primarycontactid_value'))['_primarycontactid_value']
  await client.associate(account, 'PrimaryContactId', contact)
  assert.equal(await primary(), contact.key)
  await client.disassociate(account, 'primarycontactid')
  assert.equal(await primary(), null)

  const definition = await client.metadata.table('account')
  const children = definition.oneToMany.find((one) => one.column === 'parentcustomerid')
  const property = children?.property ?? ''
  const related = () =>
    collect(
      client.rows('contacts', {
        select: ['lastname'],
        filter: where.eq('parentcustomerid_account/name', 'L'),
      }),
      9,
    )
  await client.associate(account, property, contact)
  assert.equal((await related()).length, 1)
  await client.disassociate(account, property, contact)
  assert.equal((await related()).length, 0)
  await assert.rejects(
    client.associate(account, 'primarycontact', contact),
    failure('invalid_argument', /primarycontactid/),
  )
})

test('a state is set by label, and a status brings its state along', async () => {
  const { id } = await client.create('account', { name: 'State' })
  const state = async () => {
    const row = await read(id, 'statecode', 'statuscode')
    return [row['statecode'], row['statuscode']]
  }
  await client.setState('account', id, { state: 'inactive' })
  assert.deepEqual(await state(), [1, 2])
  await client.setState('account', id, { status: 1 })
  assert.deepEqual(await state(), [0, 1])
  await assert.rejects(
    client.setState('account', id, { state: 0, status: 2 }),
    failure('invalid_row', /does not belong/),
  )
})

test('a single column is read, written and taken away', async () => {
  const { id } = await client.create('account', { name: 'Column', revenue: 1 })
  const value = async () => client.perform(await client.prepare.column('account', id, 'revenue'))
  await client.perform(await client.prepare.setColumn('account', id, 'revenue', '2.50'))
  assert.equal(await value(), 2.5)
  await client.perform(await client.prepare.setColumn('account', id, 'revenue', null))
  assert.equal(await value(), null)
})

test('a column that the service writes itself is refused before the call', async () => {
  for (const column of ['createdon', 'accountid', 'primarycontactid', 'nothing'])
    await assert.rejects(
      client.prepare.setColumn('account', randomUUID(), column, '2026-01-31T00:00:00Z'),
      (error) => error instanceof DataverseError && error.facts['field'] === column,
    )
})

test('prepared writes go out in one batch', async () => {
  const operations = await Promise.all(
    ['B1', 'B2'].map((name) => client.prepare.create('account', { name })),
  )
  const outcomes = await client.batch(operations)
  for (const outcome of outcomes) assert.ok(outcome.ok && /^[0-9a-f-]{36}$/.test(outcome.value.id))
})

test('bad input is refused before anything is sent, all of it at once', async () => {
  await assert.rejects(client.create('acount', {}), failure('unknown_table', /account/))
  await assert.rejects(
    client.create('account', { nam: 'x', numberofemployees: -1, statuscode: 'Actve' }),
    (error) => {
      assert.ok(error instanceof InvalidRow)
      assert.deepEqual(
        error.problems.map(({ column }) => column),
        ['nam', 'numberofemployees', 'statuscode'],
      )
      return true
    },
  )
  await assert.rejects(
    client.update('account', { nam: 'x' }, {}),
    failure('invalid_argument', /accountnumber/),
  )
})

test('an e-mail is created with its parties and what it regards, and its parties are replaced', async () => {
  const contact = { table: 'contact', id: String((await aContact())['contactid']) }
  const account = await client.create('account', { name: 'Regarded' })
  const { userId } = await client.whoAmI()
  const { id } = await client.create('email', {
    subject: 'Hello',
    from: { table: 'systemuser', id: userId },
    to: [contact, 'joe@example.org'],
    regardingobjectid: { table: 'account', id: account.id },
  })
  const roles = async () => {
    const row = await client.row('emails', id, {
      select: ['_regardingobjectid_value'],
      expand: [{ property: 'email_activity_parties', select: ['participationtypemask'] }],
    })
    assert.equal(row['_regardingobjectid_value'], account.id)
    const parties = row['email_activity_parties']
    assert.ok(Array.isArray(parties))
    return parties.map((party) => Object(party).participationtypemask).toSorted()
  }
  assert.deepEqual(await roles(), [1, 2, 2])
  await client.perform(await client.prepare.setParties('email', id, { to: [contact] }))
  assert.deepEqual(await roles(), [2])
})
