import assert from 'node:assert/strict'
import { test } from 'node:test'
import { API, createSample, untagged } from './fixtures.ts'

const TRACK = { prefer: 'odata.track-changes' }
const COLUMNS = '$select=name,accountnumber,telephone1,fax'

test('example 71: rows, a delta link, then what changed since', async () => {
  const { call, litware, adventure } = await createSample()
  const first = await call(`accounts?${COLUMNS}`, { headers: TRACK })
  assert.equal(first.status, 200)
  assert.equal(first.headers['preference-applied'], 'odata.track-changes')
  assert.deepEqual(Object.keys(first.json), ['@odata.context', '@odata.deltaLink', 'value'])
  assert.equal(
    first.json['@odata.context'],
    `${API}/$metadata#accounts(name,accountnumber,telephone1,fax)`,
  )
  const link = first.json['@odata.deltaLink']
  assert.match(
    link.slice(`${API}/accounts?${COLUMNS}`.length),
    /^&\$deltatoken=\d+%2106%2f15%2f2026%2012%3a00%3a00$/,
  )
  assert.deepEqual(first.json.value.map(untagged), [
    {
      name: 'Litware, Inc. (sample)',
      accountnumber: 'LITWARE',
      telephone1: null,
      fax: null,
      accountid: litware,
    },
    {
      name: 'Adventure Works (sample)',
      accountnumber: 'ADVENTURE',
      telephone1: null,
      fax: null,
      accountid: adventure,
    },
  ])
  const created = await call('accounts', {
    method: 'POST',
    body: { name: 'Monte Orton', telephone1: '555000', fax: '10101' },
  })
  const id = /\(([^)]+)\)/.exec(String(created.headers['odata-entityid']))?.[1]
  await call(`accounts(${adventure})`, { method: 'DELETE' })
  const delta = await call(link)
  assert.equal(delta.headers['preference-applied'], undefined)
  assert.equal(
    delta.json['@odata.context'],
    `${API}/$metadata#accounts(name,accountnumber,telephone1,fax)/$delta`,
  )
  assert.deepEqual(delta.json.value.map(untagged), [
    {
      name: 'Monte Orton',
      accountnumber: null,
      telephone1: '555000',
      fax: '10101',
      accountid: id,
    },
    {
      '@odata.context': `${API}/$metadata#accounts/$deletedEntity`,
      id: adventure,
      reason: 'deleted',
    },
  ])
  const count = await call(link.replace(`accounts?${COLUMNS}&`, 'accounts/$count?'))
  assert.equal(count.text, '\uFEFF2')
  const nothing = await call(delta.json['@odata.deltaLink'])
  assert.deepEqual(nothing.json.value, [])
  assert.ok(nothing.json['@odata.deltaLink'])
})

for (const option of ['$filter=statecode eq 0', '$orderby=name', '$expand=createdby', '$top=1']) {
  test(`${option} beside change tracking is refused with the documented text`, async () => {
    const { call } = await createSample()
    const { status, json } = await call(`accounts?${option}`, { headers: TRACK })
    assert.equal(status, 400)
    const name = option.slice(0, option.indexOf('='))
    assert.equal(
      json.error.message,
      `The "${name}" query parameter isn't supported when Change Tracking is enabled.`,
    )
  })
}

test('a table without change tracking has a code of its own', async () => {
  const { call } = await createSample()
  const { status, json } = await call('teams', { headers: TRACK })
  assert.equal(status, 400)
  assert.deepEqual(json.error, {
    code: '0x80072491',
    message: "Entity team isn't enabled for change tracking.",
  })
})
