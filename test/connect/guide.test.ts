import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { readGuide } from '../../src/hub/connect/index.ts'
import { Secret, systemClock } from '../../src/kernel/index.ts'
import { type TestHub, testHub } from '../support/hub.ts'
import { Person } from '../support/person.ts'
import { type Sandbox, startSandbox } from '../support/sandbox.ts'

let sandbox: Sandbox
let hub: TestHub
let guide: string

before(async () => {
  sandbox = await startSandbox()
  hub = await testHub(sandbox)
  const { orgUrl, tenantId, clientId, authority } = sandbox.description
  const filled = await readGuide({
    redirectUri: hub.connect.redirectUri,
    platformName: 'Fairlead',
    crmAddress: new URL(orgUrl),
    tenantId,
    clientId,
    now: systemClock.now(),
  })
  // The sandbox stands in for the sign-in hosts of Microsoft.
  guide = filled.replaceAll(/https:\/\/login\.(microsoftonline\.com|windows\.net)/g, authority)
})

after(async () => {
  await hub[Symbol.asyncDispose]()
  await sandbox.close()
})

// The values to copy, each in a block of its own.
function valueUnder(heading: string, nth = 0): string {
  const section = guide.split(/^###? /m).find((part) => part.startsWith(heading)) ?? ''
  const blocks = [...section.matchAll(/```text\n(.+)\n```/g)].map(([, value]) => value ?? '')
  return blocks[nth] ?? assert.fail(`No value ${nth} under "${heading}".`)
}

// What the script asks for, as the control API wants it.
function permissionsOfScript(): readonly string[] {
  const [, json = '[]'] = /--required-resource-accesses '(.+)'/.exec(guide) ?? []
  const accesses: readonly { readonly resourceAppId: string }[] = JSON.parse(json)
  return accesses.map(({ resourceAppId }) => resourceAppId)
}

test('an app registered by the values of the guide connects by the values of the guide', async () => {
  const { clientId, clientSecret } = Object(
    await sandbox.admin('/apps', 'POST', {
      name: 'By the guide',
      audience: 'single',
      redirectUris: { web: [valueUnder('1.3')] },
      permissions: permissionsOfScript().map((resourceAppId) => ({
        resourceAppId,
        scope: 'user_impersonation',
      })),
      secret: {},
    }),
  )
  const { credentialId } = await hub.credential({
    client: {
      clientId,
      secret: new Secret(clientSecret),
      authorizationEndpoint: valueUnder('4.5'),
      tokenEndpoint: valueUnder('4.6'),
    },
  })
  const { result } = await hub.signIn(credentialId, sandbox.user('admin'))
  assert.equal(result?.outcome, 'connected', JSON.stringify(result))
})

test('the older form of the endpoints works for an app for any organization', async () => {
  const { clientId, clientSecret } = sandbox.app('multiTenant')
  const { credentialId } = await hub.credential({
    client: {
      clientId,
      secret: new Secret(clientSecret ?? ''),
      authorizationEndpoint: valueUnder('4.5', 1),
      tokenEndpoint: valueUnder('4.6').replace(sandbox.description.tenantId, 'common'),
    },
  })
  const { result } = await hub.signIn(credentialId, sandbox.user('admin'))
  assert.equal(result?.outcome, 'connected', JSON.stringify(result))
})

test('every Base URL that the guide names is accepted', async () => {
  const { orgUrl } = sandbox.description
  for (const address of [orgUrl, `${orgUrl}/api/data`, `${orgUrl}/api/data/v9.2`]) {
    assert.ok(guide.includes(`\`${address}\``))
    const { credentialId } = await hub.credential({ baseUrl: address })
    const credential = await hub.vault.credentials.get('default', credentialId)
    assert.equal(credential.environmentUrl, orgUrl)
    assert.equal(credential.apiVersion, 'v9.2')
  }
})

test('the admin consent link leads an administrator back to a page that says so', async () => {
  const link = new URL(valueUnder('2.3'))
  const ending = await new Person(sandbox.user('admin')).visit(link)
  assert.equal(ending.kind, 'callback', JSON.stringify(ending))
  const query = ending.kind === 'callback' ? ending.url.searchParams : new URLSearchParams()
  const result = await hub.connect.finish({ query, cookies: {} })
  assert.equal(result.outcome, 'consented')
})

test('every AADSTS number and Dataverse code of the guide is one that is explained', async () => {
  const codes = guide.match(/AADSTS\d+|0x8[0-9a-f]{7}/g) ?? []
  assert.ok(codes.length > 10)
  for (const code of codes) {
    const [explanation] = await hub.connect.explain(code)
    assert.doesNotMatch(explanation?.why ?? '', /no explanation of its own/, code)
  }
})
