import assert from 'node:assert/strict'
import { test } from 'node:test'
import { API, createSample, FORMATTED, INCLUDE_FORMATTED, untagged } from './fixtures.ts'

test('example 1: the service document lists the entity sets', async () => {
  const { call } = await createSample()
  const { status, headers, json } = await call(`${API}/`)
  assert.equal(status, 200)
  assert.equal(headers['content-type'], 'application/json; odata.metadata=minimal')
  assert.equal(headers['odata-version'], '4.0')
  assert.equal(json['@odata.context'], `${API}/$metadata`)
  assert.deepEqual(
    json.value.find((set: { name: string }) => set.name === 'accounts'),
    { name: 'accounts', kind: 'EntitySet', url: 'accounts' },
  )
})

test('example 2: select, orderby and top with formatted values', async () => {
  const { call, adventure } = await createSample()
  const { headers, json } = await call(
    'accounts?$select=name,statecode,statuscode&$orderby=name&$top=1',
    { headers: INCLUDE_FORMATTED },
  )
  assert.equal(headers['preference-applied'], `odata.include-annotations="${FORMATTED}"`)
  assert.equal(json['@odata.context'], `${API}/$metadata#accounts(name,statecode,statuscode)`)
  assert.match(json.value[0]['@odata.etag'], /^W\/"\d+"$/)
  assert.deepEqual(json.value.map(untagged), [
    {
      name: 'Adventure Works (sample)',
      [`statecode@${FORMATTED}`]: 'Active',
      statecode: 0,
      [`statuscode@${FORMATTED}`]: 'Active',
      statuscode: 1,
      accountid: adventure,
    },
  ])
  assert.equal('@odata.nextLink' in json, false)
})

test('example 3: a money column brings its currency, written with four decimals', async () => {
  const { call, litware } = await createSample()
  const { text, json } = await call('accounts?$select=name,revenue&$top=1')
  assert.equal(json['@odata.context'], `${API}/$metadata#accounts(name,revenue)`)
  assert.ok(text.includes('"revenue":20000.0000,'))
  assert.deepEqual(Object.keys(json.value[0]), [
    '@odata.etag',
    'name',
    'revenue',
    '_transactioncurrencyid_value',
    'accountid',
  ])
  assert.equal(json.value[0].accountid, litware)
})

test('example 4: every kind of formatted value', async () => {
  const { organization, call, litware } = await createSample()
  organization.control.setSwitches({ timeZone: 'America/Los_Angeles' })
  organization.control.changeRow('account', litware, {
    modifiedon: Date.UTC(2023, 3, 7, 21, 59, 1),
  })
  const { json } = await call(
    'accounts?$select=name,revenue,_primarycontactid_value,customertypecode,modifiedon&$top=1',
    { headers: INCLUDE_FORMATTED },
  )
  const [row] = json.value
  assert.equal(row[`revenue@${FORMATTED}`], '$20,000.00')
  assert.equal(row[`_primarycontactid_value@${FORMATTED}`], 'Susanna Stubberod (sample)')
  assert.equal(row[`customertypecode@${FORMATTED}`], 'Competitor')
  assert.equal(row[`modifiedon@${FORMATTED}`], '4/7/2023 2:59 PM')
  assert.equal(row.modifiedon, '2023-04-07T21:59:01Z')
  assert.equal(row[`_transactioncurrencyid_value@${FORMATTED}`], 'US Dollar')
  assert.equal(`name@${FORMATTED}` in row, false)
})

test('example 5: annotations tell whether a user or a team owns a row', async () => {
  const { call, user, team } = await createSample()
  const wanted =
    'Microsoft.Dynamics.CRM.associatednavigationproperty,Microsoft.Dynamics.CRM.lookuplogicalname'
  const { headers, json } = await call('accounts?$select=name,_ownerid_value&$top=2', {
    headers: { prefer: `odata.include-annotations="${wanted}"` },
  })
  assert.equal(headers['preference-applied'], `odata.include-annotations="${wanted}"`)
  assert.equal(json['@odata.context'], `${API}/$metadata#accounts(name,_ownerid_value)`)
  const owners = json.value.map((row: Record<string, unknown>) => [
    row['_ownerid_value@Microsoft.Dynamics.CRM.associatednavigationproperty'],
    row['_ownerid_value@Microsoft.Dynamics.CRM.lookuplogicalname'],
    row['_ownerid_value'],
  ])
  assert.deepEqual(owners, [
    ['ownerid', 'systemuser', user],
    ['ownerid', 'team', team],
  ])
})

test('parameter aliases stand for columns and values, an unassigned one is null', async () => {
  const { call } = await createSample()
  const { json } = await call(
    'accounts?$select=name,revenue&$orderby=@p1 asc,@p2 desc&$filter=@p1 ne @p3&@p1=revenue&@p2=name',
  )
  assert.deepEqual(
    json.value.map((row: { name: string }) => row.name),
    ['Litware, Inc. (sample)'],
  )
})
