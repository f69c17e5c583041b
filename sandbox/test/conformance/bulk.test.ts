import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Reply, Rig } from '../dataverse/rig.ts'
import { API, createSample } from './fixtures.ts'

const TYPE = 'Microsoft.Dynamics.CRM.account'

function bulk({ call }: Pick<Rig, 'call'>, message: string, Targets: unknown, query = '') {
  const path = `accounts/Microsoft.Dynamics.CRM.${message}${query}`
  return call(path, { method: 'POST', body: { Targets } })
}

const typed = (values: Record<string, unknown>) => ({ ...values, '@odata.type': TYPE })

test('example 64: CreateMultiple answers with the ids in the order of its targets', async () => {
  const sample = await createSample()
  const names = ['sample record 0000001', 'sample record 0000002', 'sample record 0000003']
  const reply = await bulk(
    sample,
    'CreateMultiple',
    names.map((name) => typed({ name })),
  )
  assert.equal(reply.status, 200)
  assert.equal(reply.headers['odata-version'], '4.0')
  const { Ids } = reply.json
  assert.deepEqual(reply.json, {
    '@odata.context': `${API}/$metadata#Microsoft.Dynamics.CRM.CreateMultipleResponse`,
    Ids,
  })
  assert.deepEqual(await Promise.all(Ids.map((id: string) => nameOf(sample, id))), names)
})

test('example 65: UpdateMultiple finds its rows by the primary key, and answers with nothing', async () => {
  const sample = await createSample()
  const { litware, adventure } = sample
  const reply = await bulk(
    sample,
    'UpdateMultiple',
    [
      typed({ name: 'sample record 0000001 Updated', accountid: litware }),
      typed({ name: 'sample record 0000002 Updated', accountid: adventure }),
    ],
    '?tag=CreateUpdateMultiple',
  )
  assert.deepEqual([reply.status, reply.text], [204, ''])
  assert.equal(await nameOf(sample, litware), 'sample record 0000001 Updated')
  assert.equal(await nameOf(sample, adventure), 'sample record 0000002 Updated')
})

test('example 66: DeleteMultiple is refused for a standard table', async () => {
  const sample = await createSample()
  const { litware } = sample
  const { status, json } = await bulk(sample, 'DeleteMultiple', [typed({ accountid: litware })])
  assert.ok(status >= 400)
  assert.equal(json.error.message, 'DeleteMultiple has not yet been implemented.')
  assert.equal(await nameOf(sample, litware), 'Litware, Inc. (sample)')
})

test('example 67: UpsertMultiple is never announced, and there where the other two are', async () => {
  const { call } = await createSample()
  const ask = async (message: string, table: string) => {
    const { json } = await call(
      `sdkmessagefilters?$select=sdkmessagefilterid&$filter=sdkmessageid/name eq @message and primaryobjecttypecode eq @table&@message='${message}'&@table='${table}'`,
    )
    return json.value.length
  }
  assert.equal(await ask('CreateMultiple', 'account'), 1)
  assert.equal(await ask('UpdateMultiple', 'account'), 1)
  assert.equal(await ask('UpsertMultiple', 'account'), 0)
  assert.equal(await ask('CreateMultiple', 'annotation'), 0)
})

test('example 68: targets by primary key, without alternate key', async () => {
  const sample = await createSample()
  const { litware, adventure } = sample
  const third = '403e5602-5ba2-4df6-b878-5b08c8e23d22'
  const reply = await bulk(sample, 'UpsertMultiple', [
    typed({ name: 'sample record 0000001 UpdatedByPK', accountid: litware }),
    typed({ name: 'sample record 0000002 UpdatedByPK', accountid: adventure }),
    typed({ name: 'sample record 0000003', accountid: third }),
  ])
  assert.deepEqual([reply.status, reply.text], [204, ''])
  assert.equal(await nameOf(sample, litware), 'sample record 0000001 UpdatedByPK')
  assert.equal(await nameOf(sample, third), 'sample record 0000003')
})

test('example 68: targets by primary key and by alternate key, mixed', async () => {
  const sample = await createSample()
  const { litware, adventure } = sample
  const fresh = '94d8687d-b3cf-4d1e-9330-855848aa5980'
  const reply = await bulk(sample, 'UpsertMultiple', [
    typed({ name: 'sample record 0000001 UpdatedByPK', accountid: litware }),
    {
      '@odata.type': TYPE,
      '@odata.id': "accounts(accountnumber='ADVENTURE')",
      name: 'sample record 0000002 UpdatedByAK',
    },
    typed({ name: 'sample record 0000003', accountid: fresh }),
    {
      '@odata.type': TYPE,
      '@odata.id': "accounts(accountnumber='0000004')",
      name: 'sample record 0000004',
    },
  ])
  assert.equal(reply.status, 204, reply.text)
  assert.equal(await nameOf(sample, adventure), 'sample record 0000002 UpdatedByAK')
  const created = await sample.call("accounts(accountnumber='0000004')?$select=name,accountnumber")
  assert.equal(created.json.name, 'sample record 0000004')
  assert.equal(created.json.accountnumber, '0000004')
})

test('of rows named twice UpdateMultiple takes the first target, UpsertMultiple none', async () => {
  const sample = await createSample()
  const { litware } = sample
  const twice = [
    typed({ name: 'First', accountid: litware }),
    { '@odata.type': TYPE, '@odata.id': "accounts(accountnumber='LITWARE')", name: 'Second' },
  ]
  assert.equal((await bulk(sample, 'UpdateMultiple', twice)).status, 204)
  assert.equal(await nameOf(sample, litware), 'First')
  const upsert = await bulk(sample, 'UpsertMultiple', twice.toReversed())
  assert.equal(upsert.status, 400)
  assert.equal(await nameOf(sample, litware), 'First')
})

test('rows to update that do not exist are refused in the words of the documents', async () => {
  const sample = await createSample()
  const nobody = '00000000-0000-0000-0000-000000000001'
  const { litware } = sample
  const reply = await bulk(sample, 'UpdateMultiple', [
    typed({ name: 'Kept?', accountid: litware }),
    typed({ name: 'Nobody', accountid: nobody }),
  ])
  assert.deepEqual(codeOf(reply), [404, '0x80040217'])
  assert.equal(reply.json.error.message, `Account With Ids = ${nobody} Do Not Exist`)
  assert.equal(await nameOf(sample, litware), 'Litware, Inc. (sample)')
})

function codeOf({ status, json }: Reply): readonly [number, string] {
  return [status, json.error.code]
}

async function nameOf({ call }: Pick<Rig, 'call'>, id: string): Promise<string> {
  return (await call(`accounts(${id})?$select=name`)).json.name
}
