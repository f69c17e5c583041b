import assert from 'node:assert/strict'
import { before, describe, test } from 'node:test'
import {
  API,
  createSample,
  FORMATTED,
  INCLUDE_FORMATTED,
  type Sample,
  untagged,
} from './fixtures.ts'

describe('filter rows', () => {
  let sample: Sample
  const names = async (query: string): Promise<string[]> => {
    const { status, text, json } = await sample.call(query)
    assert.equal(status, 200, text)
    return json.value.map((row: { name?: string; fullname?: string }) => row.name ?? row.fullname)
  }

  before(async () => {
    sample = await createSample()
  })

  test('example 6: a column of a related row', async () => {
    const { json } = await sample.call(
      "accounts?$filter=primarycontactid/fullname eq 'Susanna Stubberod (sample)'&$select=name,_primarycontactid_value",
      { headers: INCLUDE_FORMATTED },
    )
    assert.equal(json['@odata.context'], `${API}/$metadata#accounts(name,_primarycontactid_value)`)
    assert.deepEqual(json.value.map(untagged), [
      {
        name: 'Litware, Inc. (sample)',
        [`_primarycontactid_value@${FORMATTED}`]: 'Susanna Stubberod (sample)',
        _primarycontactid_value: sample.susanna,
        accountid: sample.litware,
      },
    ])
  })

  test('example 7: a column two rows away, with a nested expand', async () => {
    const { json } = await sample.call(
      "accounts?$filter=primarycontactid/createdby/fullname eq 'Ada Admin'&$select=name,_primarycontactid_value&$expand=primarycontactid($select=fullname,_createdby_value;$expand=createdby($select=fullname))&$top=1",
      { headers: INCLUDE_FORMATTED },
    )
    assert.equal(
      json['@odata.context'],
      `${API}/$metadata#accounts(name,_primarycontactid_value,primarycontactid(fullname,_createdby_value,createdby(fullname)))`,
    )
    assert.deepEqual(json.value[0].primarycontactid, {
      fullname: 'Susanna Stubberod (sample)',
      [`_createdby_value@${FORMATTED}`]: 'Ada Admin',
      _createdby_value: sample.user,
      contactid: sample.susanna,
      createdby: { fullname: 'Ada Admin', systemuserid: sample.user, ownerid: sample.user },
    })
  })

  test('example 8: Between', async () => {
    const query =
      'accounts?$select=name,numberofemployees&$filter=Microsoft.Dynamics.CRM.Between(PropertyName=\'numberofemployees\',PropertyValues=["5","2000"])'
    assert.deepEqual(await names(query), ['Adventure Works (sample)'])
  })

  test('example 9: In with aliases takes apostrophes in double quotes', async () => {
    await sample.call('contacts', { method: 'POST', body: { lastname: "O'Bryan" } })
    const query =
      'contacts?$select=fullname&$filter=Microsoft.Dynamics.CRM.In(PropertyName=@p1,PropertyValues=@p2)&@p1=\'lastname\'&@p2=["OBrian","OBryan","O\'Brian","O\'Bryan"]'
    assert.deepEqual(await names(query), ["O'Bryan"])
    assert.deepEqual(await names("contacts?$select=fullname&$filter=lastname eq 'O''Bryan'"), [
      "O'Bryan",
    ])
  })

  test('example 9: apostrophes in single quotes are refused as JSON', async () => {
    const { status, json } = await sample.call(
      "contacts?$select=fullname&$filter=Microsoft.Dynamics.CRM.In(PropertyName=@p1,PropertyValues=@p2)&@p1='lastname'&@p2=['O'Brian']",
    )
    assert.equal(status, 400)
    assert.equal(
      json.error.message,
      "Invalid JSON. A comma character ',' was expected in scope 'Array'. Every two elements in an array and properties of an object must be separated by commas.",
    )
  })

  test('example 9: an apostrophe that is not doubled ends in an unterminated literal', async () => {
    const { status, json } = await sample.call("contacts?$filter=lastname eq 'O'Bryan'")
    assert.equal(status, 400)
    assert.equal(
      json.error.message,
      "There is an unterminated literal at position 21 in 'lastname eq 'O'Bryan''.",
    )
  })

  test('example 10: any, all, any with two conditions, and nested any', async () => {
    const some = "accounts?$select=name&$filter=Account_Tasks/any(t:contains(t/subject,'2 for'))"
    assert.deepEqual(await names(some), ['Litware, Inc. (sample)'])
    const all = 'accounts?$select=name&$filter=Account_Tasks/all(t:t/statecode eq 1)'
    assert.deepEqual(await names(all), ['Adventure Works (sample)'])
    const both =
      "accounts?$select=name&$filter=Account_Tasks/any(e:contains(e/subject,'Task') and e/statecode eq 0)"
    assert.deepEqual(await names(both), ['Litware, Inc. (sample)'])
    const nested =
      "accounts?$select=name&$filter=(contact_customer_accounts/any(c:c/jobtitle eq 'jobtitle' and c/opportunity_customer_contacts/any(o:o/description ne 'N/A'))) and endswith(name,'Inc.')"
    assert.deepEqual(await names(nested), [])
  })

  test('example 11: two columns of the same row', async () => {
    await sample.call('contacts', {
      method: 'POST',
      body: { firstname: 'Aaron', lastname: 'Aaron' },
    })
    const query = 'contacts?$select=fullname&$filter=firstname eq lastname'
    assert.deepEqual(await names(query), ['Aaron Aaron'])
  })

  test('a lookup and the filtered collection of its other end give the same rows', async () => {
    const filtered = await names(
      `accounts?$filter=_owninguser_value eq '${sample.user}'&$select=name`,
    )
    assert.deepEqual(
      filtered,
      await names(`systemusers(${sample.user})/user_accounts?$select=name`),
    )
    assert.deepEqual(filtered, ['Litware, Inc. (sample)'])
  })

  test('not before a query function is refused', async () => {
    const { status, json } = await sample.call(
      "systemusers?$select=fullname&$filter=not Microsoft.Dynamics.CRM.EqualUserId(PropertyName=@p1)&@p1='systemuserid'",
    )
    assert.equal(status, 400)
    assert.equal(
      json.error.message,
      'Not operator along with the Custom Named Condition operators is not allowed',
    )
  })

  test('EqualUserId finds the caller', async () => {
    const query =
      "systemusers?$select=fullname&$filter=Microsoft.Dynamics.CRM.EqualUserId(PropertyName=@p1)&@p1='systemuserid'"
    assert.deepEqual(await names(query), ['Ada Admin'])
  })
})
