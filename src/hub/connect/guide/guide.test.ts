import assert from 'node:assert/strict'
import { test } from 'node:test'
import { fillGuide, readGuide } from './guide.ts'
import { DYNAMICS_CRM, registrationScript } from './registration-script.ts'

const values = {
  redirectUri: 'https://hub.example/callback/oauth2',
  platformName: 'Acme Hub',
  now: Date.UTC(2026, 10, 23),
}

test('the guide is filled in without a placeholder left', async () => {
  const guide = await readGuide(values)
  assert.deepEqual(guide.match(/\{[a-z]\w+\}/gi), null)
  assert.ok(guide.includes('```text\nhttps://hub.example/callback/oauth2\n```'))
  assert.match(guide, /^# Connect Microsoft Dynamics CRM to Acme Hub$/m)
})

test('the endpoints hold the CRM address encoded once, with its slash', async () => {
  const crmAddress = new URL('https://orgfb974624.crm4.dynamics.com/main.aspx')
  const tenantId = '8a9b5f10-0000-4000-8000-000000000001'
  const guide = await readGuide({ ...values, crmAddress, tenantId })
  const endpoint = `https://login.microsoftonline.com/${tenantId}/oauth2/authorize?resource=https%3A%2F%2Forgfb974624.crm4.dynamics.com%2F`
  assert.ok(guide.includes(endpoint))
})

test('an environment of another cloud gets its sign-in host, portal and script', async () => {
  const guide = await readGuide({
    ...values,
    crmAddress: new URL('https://org1.crm.microsoftdynamics.us'),
  })
  assert.ok(guide.includes('https://portal.azure.us/#view/'))
  assert.ok(guide.includes('https://login.microsoftonline.us/your-tenant-id/oauth2/token'))
  assert.ok(guide.includes('az cloud set --name AzureUSGovernment'))
})

test('an address that cannot be read counts as none', async () => {
  const guide = await readGuide({ ...values, crmAddress: 'http://a.example/](x)' })
  assert.equal(guide, await readGuide(values))
})

test('a directory or client id that is none does not get into the guide', async () => {
  const guide = await readGuide({
    ...values,
    tenantId: 'x](https://evil.example)',
    clientId: '`a`',
  })
  assert.ok(!guide.includes('evil'))
  assert.ok(guide.includes('/your-tenant-id/adminconsent?client_id=your-client-id'))
})

test('a platform name cannot break out of the text or of the script', () => {
  const filled = fillGuide('{platformName}', { ...values, platformName: 'a<script>`b`\n# c' })
  assert.equal(filled, 'a script  b  # c')
  const script = registrationScript({
    appName: "O'Hub $(id)",
    redirectUri: values.redirectUri,
    azCloud: 'AzureCloud',
    secretExpires: '2028-11-22',
  })
  assert.ok(script.includes(`--display-name 'O'\\''Hub $(id)'`))
})

test('the script asks for the delegated permission of Dynamics CRM and a secret of under 24 months', async () => {
  const guide = await readGuide(values)
  assert.ok(guide.includes(`"resourceAppId":"${DYNAMICS_CRM.appId}"`))
  assert.ok(guide.includes(`{"id":"${DYNAMICS_CRM.userImpersonation}","type":"Scope"}`))
  assert.ok(guide.includes('--end-date 2028-11-22'))
})
