import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import {
  checkQuery,
  collect,
  type Filter,
  fetchXml,
  filterFor,
  type Row,
  where,
} from '../../src/dataverse/index.ts'
import { startSandboxClient } from './sandbox-client.ts'

// More than the service counts by itself.
const ROWS = 5100
const { client } = await startSandboxClient({ after }, { rows: ROWS })
const account = await client.metadata.table('account')
const accounts = filterFor(account)

const find = async (filter: Filter | string, select = ['name']) =>
  await collect(client.rows('accounts', { select, filter }), ROWS)

const field = (rows: readonly Row[], name: string) => rows.map((row) => row[name])

test('conditions by the table’s definition find what they say', async () => {
  const rows = await find(accounts.eq('industrycode', 'Accounting'), ['industrycode'])
  assert.ok(rows.length > 0 && field(rows, 'industrycode').every((code) => code === 1))
  const [first] = await find(accounts.ne('primarycontactid', null), ['_primarycontactid_value'])
  const contact = String(first?.['_primarycontactid_value'])
  assert.ok((await find(accounts.eq('primarycontactid', `{${contact.toUpperCase()}}`))).length > 0)
})

test('query functions are understood, hostile values too', async () => {
  const { id } = await client.create('account', { name: `O'[x]) or "y" \\ ü` })
  const rows = await find(where.query('In', 'name', `O'[x]) or "y" \\ ü`, 'other'))
  assert.deepEqual(field(rows, 'accountid'), [id])
  assert.ok((await find(where.query('Today', 'createdon'))).some((row) => row['accountid'] === id))
  const small = await find(accounts.query('Between', 'numberofemployees', 1, 100), [
    'numberofemployees',
  ])
  assert.ok(small.length > 0 && field(small, 'numberofemployees').every((n) => Number(n) <= 100))
})

test('related rows and other columns can be asked for', async () => {
  const withContacts = await find(
    where.any('contact_customer_accounts', where.ne('lastname', null)),
  )
  assert.ok(withContacts.length > 0 && withContacts.length <= ROWS + 1)
  const without = await find(where.not(where.any('contact_customer_accounts')))
  assert.equal(
    withContacts.length + without.length,
    (await client.count('accounts', undefined, { exact: true })).value,
  )
  assert.equal((await find(where.columns('name', 'ne', 'name'))).length, 0)
})

test('groups are computed by the service', async () => {
  const query = {
    apply: {
      filter: where.ne('industrycode', null),
      groupBy: ['industrycode'],
      aggregate: [
        { count: true as const, as: 'count' },
        { column: 'numberofemployees', with: 'max' as const, as: 'largest' },
      ],
    },
  }
  const groups = await collect(client.rows('accounts', query), 100)
  assert.ok(groups.length > 1)
  const total = groups.reduce((sum, group) => sum + Number(group['count']), 0)
  assert.equal(total, (await find(where.ne('industrycode', null))).length)
})

test('rows beyond 5000 are counted exactly', async () => {
  const total = (await collect(client.rows('accounts', { select: ['name'] }), ROWS * 2)).length
  assert.deepEqual(await client.count('accounts'), { value: 5000, exact: false })
  assert.deepEqual(await client.count('accounts', undefined, { exact: true }), {
    value: total,
    exact: true,
  })
  const snapshot = await client.count('accounts', undefined, { snapshot: true })
  assert.deepEqual([snapshot.exact, snapshot.snapshot], [false, true])
})

test('a checked query with expands of each kind is answered', async () => {
  const query = checkQuery(account, {
    select: ['name'],
    filter: where.any('contact_customer_accounts'),
    expand: [
      { property: 'primarycontactid', select: ['fullname'] },
      { property: 'contact_customer_accounts', select: ['lastname'], orderby: 'lastname', top: 2 },
    ],
    top: 3,
  })
  const rows = await collect(client.rows('accounts', query), 3)
  assert.ok(rows.length > 0)
  assert.ok(Object(rows[0]?.['contact_customer_accounts']).length > 0)
})

test('FetchXML is read over all pages by its cookies, and resumed', async () => {
  const query = fetchXml`<fetch count="${1000}"><entity name="account"><attribute name="name"/>
    <filter><condition attribute="name" operator="ne" value="${'<&"\''}"/></filter></entity></fetch>`
  const ids = new Set<unknown>()
  let rows = 0
  for await (const page of client.fetchPages('accounts', query)) {
    rows += page.rows.length
    for (const row of page.rows) ids.add(row['accountid'])
    if (rows <= 1000) assert.ok(page.next?.cookie?.startsWith('<cookie '))
  }
  assert.equal(ids.size, rows)
  assert.equal(rows, (await client.count('accounts', undefined, { exact: true })).value)
  const first = await client.fetchPages('accounts', query).next()
  assert.ok(first.done !== true && first.value.next !== undefined)
  const rest = await collect(client.fetch('accounts', query, { from: first.value.next }), ROWS)
  assert.equal(rest.length, rows - 1000)
})
