import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createRig, READER, tokenOf } from '../dataverse/rig.ts'
import { createSample } from './fixtures.ts'

const CDS = '@Microsoft.PowerApps.CDS.'

test('compose-http-requests: an error tells more when all annotations are asked for', async () => {
  const { call } = await createSample()
  const { status, json } = await call('accounts?$select=Name', {
    headers: { prefer: 'odata.include-annotations="*"' },
  })
  assert.equal(status, 400)
  assert.deepEqual(Object.keys(json.error), [
    'code',
    'message',
    `${CDS}ErrorDetails.OperationStatus`,
    `${CDS}ErrorDetails.SubErrorCode`,
    `${CDS}HelpLink`,
    `${CDS}TraceText`,
    `${CDS}InnerError.Message`,
  ])
  assert.equal(json.error[`${CDS}InnerError.Message`], json.error.message)
})

test('compose-http-requests: a wildcard picks annotations of errors', async () => {
  const { call } = await createSample()
  const { json } = await call('accounts?$select=Name', {
    headers: {
      prefer:
        'odata.include-annotations="OData.Community.Display.V1.FormattedValue,Microsoft.PowerApps.CDS.ErrorDetails*"',
    },
  })
  assert.deepEqual(Object.keys(json.error), [
    'code',
    'message',
    `${CDS}ErrorDetails.OperationStatus`,
    `${CDS}ErrorDetails.SubErrorCode`,
  ])
})

test('a missing privilege is named with its id, the table and its type code', async () => {
  const { call } = createRig({ accounts: 1, contacts: 1 })
  const { json } = await call('accounts', {
    method: 'POST',
    body: { name: 'x' },
    token: tokenOf(READER),
  })
  assert.match(
    json.error.message,
    /^Principal user \(Id=[0-9a-f-]{36}, .*\) is missing prvCreateAccount privilege \(Id=[0-9a-f-]{36}\) on OTC=1 for entity 'account'/,
  )
})
