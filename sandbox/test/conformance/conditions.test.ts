import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createSample } from './fixtures.ts'

const NOBODY = '00000000-0000-0000-0000-000000000001'
const STALE = {
  code: '0x80060882',
  message: "The version of the existing record doesn't match the RowVersion property provided.",
}

test('example 48: a row that the client has in this version is not sent again', async () => {
  const { call, litware } = await createSample()
  const { json } = await call(`accounts(${litware})?$select=name`)
  const headers = { 'if-none-match': json['@odata.etag'] }
  const same = await call(`accounts(${litware})?$select=name`, { headers })
  assert.equal(same.status, 304)
  assert.equal(same.text, '')
})

test('example 48: with $expand or annotations it always is', async () => {
  const { call, litware } = await createSample()
  const { json } = await call(`accounts(${litware})?$select=name`)
  const headers = { 'if-none-match': json['@odata.etag'] }
  const expanded = await call(`accounts(${litware})?$select=name&$expand=primarycontactid`, {
    headers,
  })
  assert.equal(expanded.status, 200)
  const annotated = await call(`accounts(${litware})?$select=name`, {
    headers: { ...headers, prefer: 'odata.include-annotations="*"' },
  })
  assert.equal(annotated.status, 200)
})

test('example 49: If-Match * does not create', async () => {
  const { call } = await createSample()
  const { status, json } = await call(`accounts(${NOBODY})`, {
    method: 'PATCH',
    headers: { 'if-match': '*' },
    body: { name: 'Updated Sample Account ' },
  })
  assert.equal(status, 404)
  assert.equal(json.error.message, `account With Id = ${NOBODY} Does Not Exist`)
})

test('example 50: If-None-Match * does not update', async () => {
  const { call, litware } = await createSample()
  const { status, json } = await call(`accounts(${litware})`, {
    method: 'PATCH',
    headers: { 'if-none-match': '*' },
    body: { name: 'Updated Sample Account ' },
  })
  assert.equal(status, 412)
  assert.equal(json.error.message, 'A record with matching key values already exists.')
})

test('example 51: a stale DELETE is refused and deletes nothing', async () => {
  const { call, litware } = await createSample()
  const { status, json } = await call(`accounts(${litware})`, {
    method: 'DELETE',
    headers: { 'if-match': 'W/"470867"' },
  })
  assert.equal(status, 412)
  assert.deepEqual(json.error, STALE)
  assert.equal((await call(`accounts(${litware})?$select=name`)).status, 200)
})

test('example 52: a stale PATCH is refused, the current tag is taken', async () => {
  const { call, litware } = await createSample()
  const patch = (tag: string) =>
    call(`accounts(${litware})`, {
      method: 'PATCH',
      headers: { 'if-match': tag },
      body: { name: 'Updated Account Name' },
    })
  const stale = await patch('W/"470867"')
  assert.equal(stale.status, 412)
  assert.deepEqual(stale.json.error, STALE)
  const { json } = await call(`accounts(${litware})?$select=name`)
  assert.equal((await patch(json['@odata.etag'])).status, 204)
})
