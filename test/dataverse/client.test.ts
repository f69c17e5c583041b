import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import fc from 'fast-check'
import {
  collect,
  DataverseError,
  type Filter,
  literal,
  literalTypeOf,
  propertyOf,
  type Row,
  where,
} from '../../src/dataverse/index.ts'
import { systemClock } from '../../src/kernel/index.ts'
import { startSandboxClient } from './sandbox-client.ts'

// More than the service counts, and than one page holds.
const ROWS = 5200
const { client, clientOf, sandbox } = await startSandboxClient({ after }, { rows: ROWS })

const GUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/

const failure = (code: string, status: number, dataverseCode?: string) => (error: unknown) => {
  assert.ok(error instanceof DataverseError, String(error))
  assert.deepEqual([error.code, error.status], [code, status])
  if (dataverseCode !== undefined) assert.equal(error.dataverseCode, dataverseCode)
  return true
}

const near = (name: RegExp) => (error: unknown) => {
  assert.ok(error instanceof DataverseError, String(error))
  assert.match(error.explanation.remedy, name)
  return true
}

const idsOf = (rows: readonly Row[]) => rows.map((row) => String(row['accountid']))

const find = async (filter: Filter | string, limit = ROWS) =>
  idsOf(await collect(client.rows('accounts', { select: ['name'], filter }, {}), limit))

test('the service knows who calls, and its organization', async () => {
  const who = await client.whoAmI()
  const organization = await client.organization()
  assert.match(who.userId, GUID)
  assert.equal(who.organizationId, organization.id)
  assert.match(organization.version ?? '', /^9\./)
})

test('all rows of all pages come once', async () => {
  const query = { select: ['name'], count: true }
  const ids: string[] = []
  let pages = 0
  for await (const page of client.pages('accounts', query, { pageSize: 777 })) {
    assert.equal(page.count, 5000)
    ids.push(...idsOf(page.rows))
    pages += 1
  }
  assert.equal(pages, 7)
  assert.equal(new Set(ids).size, ROWS)
  assert.deepEqual(await client.count('accounts'), { value: 5000, exact: false })
})

test('order, top, expand and annotations are obeyed', async () => {
  const query = {
    select: ['name', '_primarycontactid_value'],
    filter: where.ne('_primarycontactid_value', null),
    orderby: [{ column: 'name', descending: true }],
    expand: [{ property: 'primarycontactid', select: ['fullname'] }],
    top: 5,
  }
  const rows = await collect(client.rows('accounts', query, { annotations: '*' }), 5)
  assert.equal(rows.length, 5)
  for (const row of rows) {
    const label = row['_primarycontactid_value@OData.Community.Display.V1.FormattedValue']
    assert.equal(Object(row['primarycontactid']).fullname, label)
  }
  const names = rows.map((row) => String(row['name']).toLowerCase())
  assert.deepEqual(names, names.toSorted().reverse())
})

test('a row is read by id in any spelling, and by its alternate key', async () => {
  const [first] = await collect(client.rows('accounts', { top: 1 }), 1)
  const id = String(first?.['accountid'])
  const byId = await client.row('accounts', `{${id.toUpperCase()}}`, { select: ['name'] })
  assert.equal(byId['name'], first?.['name'])
  const byKey = await client.row('accounts', { accountnumber: String(first?.['accountnumber']) })
  assert.equal(byKey['accountid'], id)
})

test('every value that a row has finds the row, written by its column’s type', async () => {
  const table = await client.metadata.table('account')
  const rows = await collect(client.rows('accounts', { top: 40 }), 40)
  const tried = new Set<string>()
  for (const column of table.columns) {
    const type = literalTypeOf(column)
    const property = propertyOf(column)
    const row = rows.find((one) => one[property] !== null && one[property] !== undefined)
    if (type === undefined || row === undefined || column.attributeOf !== undefined) continue
    if (column.type === 'memo' || column.type === 'file') continue
    const filter = where.and(
      where.eq(property, literal(type, row[property], property)),
      where.eq('accountid', literal('guid', row['accountid'])),
    )
    assert.deepEqual(await find(filter), [row['accountid']], property)
    tried.add(column.type)
  }
  for (const type of ['string', 'money', 'datetime', 'choice', 'lookup', 'uniqueidentifier']) {
    assert.ok(tried.has(type), `${type}: ${[...tried].join()}`)
  }
})

test('the service reads every text as the value that was given', async () => {
  const texts = fc.oneof(
    fc.string({ unit: 'grapheme', minLength: 1, maxLength: 30 }),
    fc.constantFrom(
      "' or name ne '",
      "x') or contains(name,'",
      '%',
      '_',
      '[a-z]',
      '+',
      '&$top=1',
      '#',
      '?',
      '😀',
      'O’Bryan',
      "O'Bryan",
    ),
  )
  await fc.assert(
    fc.asyncProperty(texts, async (text) => {
      fc.pre(text.trim() !== '' && !text.includes('\0'))
      const wanted = where.or(where.eq('name', text), where.contains('name', text))
      const rows = await collect(
        client.rows('accounts', { select: ['name'], filter: wanted, top: 50 }),
        50,
      )
      for (const { name } of rows) {
        assert.ok(String(name).toLowerCase().includes(text.toLowerCase()), `${name} for ${text}`)
      }
    }),
    { numRuns: 60 },
  )
})

test('typed conditions and the same in plain text find the same rows', async () => {
  const pairs: readonly (readonly [Filter, string])[] = [
    [
      where.and(where.gt('revenue', 1000), where.not(where.startswith('name', 'A'))),
      "revenue gt 1000 and not startswith(name,'A')",
    ],
    [where.in('statecode', [0, 1]), 'statecode eq 0 or statecode eq 1'],
    [
      where.or(
        where.and(where.eq('statecode', 1), where.endswith('name', 'd')),
        where.lt('numberofemployees', 20),
      ),
      "(statecode eq 1 and endswith(name,'d')) or numberofemployees lt 20",
    ],
    [where.ge('createdon', new Date('2020-01-01T00:00:00Z')), 'createdon ge 2020-01-01T00:00:00Z'],
    [where.eq('primarycontactid/lastname', 'Smith'), "primarycontactid/lastname eq 'Smith'"],
  ]
  for (const [typed, text] of pairs) {
    assert.deepEqual((await find(typed)).toSorted(), (await find(text)).toSorted(), text)
  }
})

test('definitions tell columns, lookups, keys and choices', async () => {
  const tables = await client.metadata.tables()
  const account = tables.find(({ logicalName }) => logicalName === 'account')
  assert.deepEqual([account?.entitySetName, account?.primaryIdColumn], ['accounts', 'accountid'])
  const table = await client.metadata.table('account')
  const column = (name: string) => table.columns.find(({ logicalName }) => logicalName === name)
  assert.equal(column('name')?.maxLength, 160)
  assert.deepEqual(column('primarycontactid')?.navigation, [
    { property: 'primarycontactid', target: 'contact' },
  ])
  assert.deepEqual(column('ownerid')?.targets?.toSorted(), ['systemuser', 'team'])
  assert.ok(table.keys.some(({ columns, active }) => active && columns.join() === 'accountnumber'))
  assert.deepEqual(
    column('industrycode')?.choices?.find(({ value }) => value === 1),
    { value: 1, label: 'Accounting' },
  )
})

test('what the service refuses comes out as what it means', async () => {
  const nowhere = '00000000-0000-0000-0000-00000000beef'
  await assert.rejects(client.row('accounts', nowhere), failure('not_found', 404, '0x80040217'))
  await assert.rejects(
    client.row('accounts', { accountnumber: 'none' }),
    failure('not_found', 404, '0x80060891'),
  )
  await assert.rejects(find("nmae eq 'x'"), failure('bad_request', 400))
  await assert.rejects(collect(client.rows('acounts'), 1), failure('not_found', 404))
  await assert.rejects(client.metadata.table('acount'), near(/account/))
})

test('a table or column that the service does not know comes with the names that are near', async () => {
  // By a clock that skips no pause, for looking at the names has a limit.
  const patient = clientOf(sandbox.description.orgUrl, { clock: systemClock })
  const read = (set: string, query = {}) => collect(patient.rows(set, query), 1)
  await assert.rejects(read('acounts'), near(/^Did you mean accounts/))
  await assert.rejects(read('account'), near(/^The entity set of account is accounts/))
  await assert.rejects(read('accounts', { select: ['nmae'] }), near(/^Did you mean name/))
  await assert.rejects(
    read('contacts', { select: ['parentcustomerid'] }),
    near(/the lookup parentcustomerid is called _parentcustomerid_value/),
  )
  await assert.rejects(
    read('accounts', { expand: [{ property: 'PrimaryContactId' }] }),
    near(/^Did you mean primarycontactid/),
  )
  await assert.rejects(patient.count('accounts', "nmae eq 'x'"), near(/^Did you mean name/))
  const xml = '<fetch><entity name="account"><attribute name="nmae"/></entity></fetch>'
  await assert.rejects(collect(patient.fetch('accounts', xml), 1), near(/^Did you mean name/))
  await assert.rejects(patient.row('accounts', { nmae: 'x' }), near(/alternate key of account/))
  await assert.rejects(patient.count('acounts', undefined, { snapshot: true }), {
    code: 'unknown_table',
  })
})

test('a raw request reads and writes', async () => {
  const created = await client.raw({
    method: 'POST',
    path: '/accounts?$select=name',
    headers: { Prefer: 'return=representation' },
    body: { name: 'Raw & “quoted” é😀' },
  })
  assert.equal(created.status, 201)
  const { accountid, name } = Object(created.body)
  assert.equal(name, 'Raw & “quoted” é😀')
  const gone = await client.raw({ method: 'DELETE', path: `accounts(${accountid})` })
  assert.deepEqual([gone.status, gone.body], [204, null])
})
