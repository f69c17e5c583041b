import assert from 'node:assert/strict'
import { test } from 'node:test'
import { readLimits, readPlugin } from '../../src/dataverse/index.ts'
import { ADMIN, createRig, type Rig, tokenOf } from '../dataverse/rig.ts'

const TRACE =
  '\r\n[MyNamespace: MyNamespace.MyClass ]\r\n[52e2dbb9-85d3-ea11-a812-000d3a122b89: MyNamespace.MyClass : Create of account] \r\n\r\n Entering MyClass plug-in.\r\nStackTrace:\r\n   at MyNamespace.MyClass.Execute(IServiceProvider serviceProvider)\r\n\r\n'
const EXAMPLE = {
  table: 'account',
  message: 'Create',
  error: {
    message: 'Example Error Message.',
    operationStatus: 1,
    subErrorCode: 12345,
    trace: TRACE,
  },
}
const BASIC = {
  entraObjectId: '11111111-0000-4000-8000-000000000009',
  name: 'Bea Basic',
  email: 'bea@contoso.example',
  roles: ['Basic User'],
}

function withPlugin(plugin: unknown): Rig {
  const rig = createRig({ accounts: 3, contacts: 0 }, [ADMIN, BASIC])
  rig.organization.control.setPlugins([readPlugin(plugin)])
  return rig
}

const create = ({ call }: Rig, name: string, headers = {}) =>
  call('accounts', { method: 'POST', body: { name }, headers })

test('example 79: the error of a plug-in, with all that it tells', async () => {
  const rig = withPlugin(EXAMPLE)
  const prefer = { prefer: 'odata.include-annotations="*"' }
  const { status, json } = await create(rig, 'Example Account', prefer)
  assert.equal(status, 400)
  assert.deepEqual(json.error, {
    code: '0x80040265',
    message: 'Example Error Message.',
    '@Microsoft.PowerApps.CDS.ErrorDetails.OperationStatus': '1',
    '@Microsoft.PowerApps.CDS.ErrorDetails.SubErrorCode': '12345',
    '@Microsoft.PowerApps.CDS.HelpLink':
      'http://go.microsoft.com/fwlink/?LinkID=398563&error=Microsoft.Crm.CrmException%3a80040265&client=platform',
    '@Microsoft.PowerApps.CDS.TraceText': TRACE,
    '@Microsoft.PowerApps.CDS.InnerError.Message': 'Example Error Message.',
  })
})

test('example 79: without annotations code and message only', async () => {
  const { json } = await create(withPlugin(EXAMPLE), 'Example Account')
  assert.deepEqual(json.error, { code: '0x80040265', message: 'Example Error Message.' })
})

test('a plug-in that minds one row refuses the whole bulk message', async () => {
  const rig = withPlugin({ ...EXAMPLE, when: { column: 'name', contains: 'bad' } })
  const target = { '@odata.type': 'Microsoft.Dynamics.CRM.account' }
  const send = (...names: string[]) =>
    rig.call('accounts/Microsoft.Dynamics.CRM.CreateMultiple', {
      method: 'POST',
      body: { Targets: names.map((name) => ({ ...target, name })) },
    })
  assert.equal((await send('good', 'a bad one')).json.error.code, '0x80040265')
  assert.equal((await send('good', 'better')).status, 200)
})

test('a message too long for a plug-in is refused where there is one', async () => {
  const rig = withPlugin({ ...EXAMPLE, when: { column: 'name', contains: 'bad' } })
  const { control } = rig.organization
  control.setLimits(readLimits({ pluginMegabytes: 0.001 }, control.limits()))
  const send = (set: string, body: unknown) => rig.call(set, { method: 'POST', body })
  const description = 'x'.repeat(1_100)
  const refused = await send('accounts', { name: 'good', description })
  assert.deepEqual([refused.status, refused.json.error.code], [500, '0x80040216'])
  assert.match(
    refused.json.error.message,
    /^Message size exceeded when sending context to Sandbox\. Message size: \d+\.\d\d Mb$/,
  )
  assert.equal((await send('contacts', { lastname: 'good', description })).status, 204)
})

test('updates and deletions are minded each on their own', async () => {
  const first = "accounts(accountnumber='A-000001')"
  const update = withPlugin({ ...EXAMPLE, message: 'Update' })
  const patch = (body: unknown) => update.call(first, { method: 'PATCH', body })
  assert.equal((await patch({ name: 'x' })).json.error.code, '0x80040265')
  assert.equal((await update.call(first, { method: 'DELETE' })).status, 204)
  const remove = withPlugin({ ...EXAMPLE, message: 'Delete' })
  assert.equal((await remove.call(first, { method: 'DELETE' })).json.error.code, '0x80040265')
  assert.equal((await create(remove, 'x')).status, 204)
})

test('who holds the privilege passes plug-ins by, by either header', async () => {
  const rig = withPlugin(EXAMPLE)
  const headers = [
    { 'MSCRM.BypassCustomPluginExecution': 'true' },
    { 'MSCRM.BypassBusinessLogicExecution': 'CustomSync,CustomAsync' },
  ]
  for (const one of headers) assert.equal((await create(rig, 'x', one)).status, 204)
  const async = { 'MSCRM.BypassBusinessLogicExecution': 'CustomAsync' }
  assert.equal((await create(rig, 'x', async)).status, 400)
})

test('who does not hold the privilege is refused', async () => {
  const reply = await withPlugin(EXAMPLE).call('accounts', {
    method: 'POST',
    body: { name: 'x' },
    headers: { 'MSCRM.BypassCustomPluginExecution': 'true' },
    token: tokenOf(BASIC),
  })
  assert.deepEqual([reply.status, reply.json.error.code], [403, '0x80040220'])
})
