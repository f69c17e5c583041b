import assert from 'node:assert/strict'
import { test } from 'node:test'
import { refusal, startClient } from './dynamics-web-api.ts'

interface Account {
  readonly accountid: string
  readonly name: string
  readonly revenue: number | null
}

test('dynamics-web-api reads lists with every option', async (t) => {
  const { client } = await startClient(t)
  const list = await client.retrieveMultiple<Account>({
    collection: 'accounts',
    select: ['name', 'revenue', '_primarycontactid_value'],
    filter: "statecode eq 0 and contains(name, ' ')",
    orderBy: ['name desc', 'revenue'],
    expand: [
      { property: 'primarycontactid', select: ['fullname'] },
      { property: 'Account_Tasks', select: ['subject'], filter: 'statecode eq 0', top: 2 },
    ],
    count: true,
    top: 3,
    includeAnnotations: '*',
  })
  assert.equal(list.value?.length, 3)
  const names = list.value?.map(({ name }) => name) ?? []
  assert.deepEqual(names, [...names].sort().reverse())
  assert.equal(
    list.oDataCount,
    await client.count({ collection: 'accounts', filter: 'statecode eq 0' }),
  )
})

test('dynamics-web-api follows the pages by hand and by itself', async (t) => {
  const { client } = await startClient(t)
  const request = { collection: 'accounts', select: ['name'], maxPageSize: 10 }
  const ids = new Set<string>()
  let link: string | undefined
  do {
    const page = await client.retrieveMultiple<Account>(request, link)
    for (const { accountid } of page.value ?? []) ids.add(accountid)
    link = page.oDataNextLink
  } while (link !== undefined)
  assert.equal(ids.size, 25)
  const all = await client.retrieveAll<Account>(request)
  assert.equal(all.value.length, 25)
})

test('dynamics-web-api counts', async (t) => {
  const { client } = await startClient(t)
  assert.equal(await client.count({ collection: 'accounts' }), 25)
  assert.equal(await client.count({ collection: 'accounts', filter: "name eq 'nobody'" }), 0)
  const counted = { collection: 'contacts', select: ['contactid'] }
  assert.equal(await client.countAll(counted), 30)
})

test('dynamics-web-api aggregates', async (t) => {
  const { client } = await startClient(t)
  const { value } = await client.retrieveMultiple<{ statecode: number; n: number }>({
    collection: 'accounts',
    apply: 'groupby((statecode),aggregate($count as n))',
  })
  assert.equal(
    value?.reduce((sum, { n }) => sum + n, 0),
    25,
  )
})

test('dynamics-web-api reads FetchXML page by page and whole', async (t) => {
  const { client } = await startClient(t)
  const includeAnnotations = 'Microsoft.Dynamics.CRM.fetchxmlpagingcookie'
  const collection = 'accounts'
  const fetchXml =
    '<fetch count="10"><entity name="account"><attribute name="name"/><order attribute="name"/></entity></fetch>'
  const first = await client.fetch<Account>({ collection, fetchXml, includeAnnotations })
  assert.equal(first.value?.length, 10)
  assert.equal(first.PagingInfo?.nextPage, 2)
  const second = await client.fetch<Account>({
    collection,
    fetchXml,
    includeAnnotations,
    pageNumber: first.PagingInfo?.nextPage ?? 0,
    pagingCookie: first.PagingInfo?.cookie ?? '',
  })
  assert.equal(second.value?.length, 10)
  const all = await client.fetchAll<Account>({ collection, fetchXml, includeAnnotations })
  assert.equal(new Set(all.value?.map(({ accountid }) => accountid)).size, 25)
})

test('dynamics-web-api follows changes by delta links', async (t) => {
  const { client } = await startClient(t)
  const data = { name: 'brief' }
  const key = await client.create<object, string>({ collection: 'accounts', data })
  const request = { collection: 'accounts', select: ['name'], trackChanges: true, maxPageSize: 10 }
  let page = await client.retrieveMultiple<Account>(request)
  while (page.oDataNextLink) {
    page = await client.retrieveMultiple<Account>(request, page.oDataNextLink)
  }
  assert.ok(page.oDataDeltaLink)
  await client.create({ collection: 'accounts', data: { name: 'new' } })
  await client.deleteRecord({ collection: 'accounts', key })
  const delta = await client.retrieveMultiple(request, page.oDataDeltaLink)
  const told = delta.value?.map((item) => item.reason ?? item.name)
  assert.deepEqual(told, ['new', 'deleted'])
})

test('dynamics-web-api reads one row in every way', async (t) => {
  const { client } = await startClient(t)
  const list = await client.retrieveMultiple({ collection: 'accounts', top: 1, select: ['name'] })
  const [{ accountid, ['@odata.etag']: tag }] = list.value ?? []
  const collection = 'accounts'
  const row = await client.retrieve({
    collection,
    key: accountid,
    select: ['name'],
    expand: [{ property: 'createdby', select: ['fullname'] }],
  })
  assert.ok(row.createdby.fullname)
  const byKey = await client.retrieve({ collection, key: "accountnumber='A-000001'" })
  assert.equal(byKey.accountnumber, 'A-000001')
  const same = await client.retrieve({
    collection,
    key: accountid,
    select: ['name'],
    ifnonematch: tag,
  })
  assert.ok(!same, 'the row was sent again')
  const creator = await client.retrieve({
    collection,
    key: accountid,
    navigationProperty: 'createdby',
    select: ['fullname'],
  })
  assert.ok(creator.fullname)
  const links = await client.retrieve({ collection, key: accountid, select: ['createdby/$ref'] })
  assert.deepEqual([links.collection, links.id], ['systemusers', row.createdby.systemuserid])
})

test('dynamics-web-api tells the code of a refusal', async (t) => {
  const { client } = await startClient(t)
  const missing = await refusal(
    client.retrieve({ collection: 'accounts', key: '3f1b8a52-0c6f-4d0e-9a3e-5b7c2f10a001' }),
  )
  assert.deepEqual([missing.status, missing.code], [404, '0x80040217'])
  const wrong = await refusal(
    client.retrieveMultiple({ collection: 'accounts', filter: "name eq 'O'Hara'" }),
  )
  assert.deepEqual([wrong.status, wrong.code], [400, '0x80060888'])
})

test('dynamics-web-api executes views', async (t) => {
  const { client } = await startClient(t)
  const list = await client.retrieve({
    collection: 'accounts',
    savedQuery: '00000000-0000-0000-00aa-000010001002',
  })
  assert.ok(list.value.length > 0)
})

test('links begin with the host that was asked, as dynamics-web-api needs it', async (t) => {
  const { bench, client } = await startClient(t)
  const address = new URL(bench.line.orgUrl)
  for (const host of ['127.0.0.1', 'localhost']) {
    const serverUrl = `${address.protocol}//${host}:${address.port}`
    client.setConfig({ serverUrl })
    const page = await client.retrieveMultiple({
      collection: 'accounts',
      select: ['name'],
      maxPageSize: 20,
      trackChanges: true,
    })
    assert.ok(page.oDataNextLink?.startsWith(serverUrl), page.oDataNextLink)
    const rest = await client.retrieveMultiple({ collection: 'accounts' }, page.oDataNextLink)
    assert.equal(rest.value?.length, 5)
    assert.ok(rest.oDataDeltaLink?.startsWith(serverUrl), rest.oDataDeltaLink)
  }
})
