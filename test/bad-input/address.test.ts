import assert from 'node:assert/strict'
import { test } from 'node:test'
import { CodedError, Secret } from '../../src/kernel/index.ts'
import { expectClear, refused } from '../support/refused.ts'
import { sandboxHub } from '../support/sandbox-hub.ts'

const { sandbox, hub } = await sandboxHub()

async function refusedAddress(baseUrl: string): Promise<CodedError> {
  const before = (await hub.vault.credentials.list('default')).length
  const error: unknown = await hub.credential({ baseUrl }).catch((reason: unknown) => reason)
  assert.ok(error instanceof CodedError, String(error))
  expectClear(error.explanation)
  assert.equal((await hub.vault.credentials.list('default')).length, before)
  return error
}

test('an http address is refused with the https one to write', async () => {
  const error = await refusedAddress('http://org1.crm4.dynamics.com/')
  assert.equal(error.code, 'address_insecure')
  assert.match(error.explanation.remedy, /https:\/\/org1\.crm4\.dynamics\.com/)
})

test('an address of another product is refused by its name', async () => {
  for (const [address, name] of [
    ['https://make.powerapps.com/environments/abc', /Power Apps/],
    ['https://businesscentral.dynamics.com/tenant/Production', /Business Central/],
    ['https://acme.sharepoint.com/sites/crm', /SharePoint/],
    ['https://acme.operations.dynamics.com', /Finance and Operations/],
  ] as const) {
    const error = await refusedAddress(address)
    assert.equal(error.code, 'address_other_product')
    assert.match(error.explanation.what, name)
  }
})

test('a version in the address that contradicts the field is refused', async () => {
  const { authClientId } = await hub.credential()
  const error: unknown = await hub.vault.credentials
    .create(hub.by, {
      name: 'x',
      authClientId,
      baseUrl: `${sandbox.description.orgUrl}/api/data/v9.1`,
      apiVersion: 'v9.2',
    })
    .catch((reason: unknown) => reason)
  assert.ok(error instanceof CodedError)
  assert.equal(error.code, 'api_version_conflict')
})

test('a resource that was encoded twice is set right, and the sign-in succeeds', async () => {
  const { authority, orgUrl, tenantId } = sandbox.description
  const twice = encodeURIComponent(encodeURIComponent(`${orgUrl}/`))
  const authorizationEndpoint = `${authority}/${tenantId}/oauth2/authorize?resource=${twice}`
  const tokenEndpoint = `${authority}/${tenantId}/oauth2/token`
  const [advice] = await hub.connect.review({
    authorizationEndpoint,
    tokenEndpoint,
    address: orgUrl,
  })
  assert.equal(advice?.code, 'resource_double_encoded')
  const { credentialId } = await hub.credential({ client: { authorizationEndpoint } })
  const { result } = await hub.signIn(credentialId, sandbox.user('admin'))
  assert.equal(result?.outcome, 'connected', JSON.stringify(result))
})

test('a resource that Entra ID itself finds encoded twice is explained as that', async () => {
  const twice = encodeURIComponent(sandbox.description.orgUrl)
  const [explanation] = await hub.connect.explain(
    `AADSTS500011: The resource principal named ${twice} was not found in the tenant named x.`,
  )
  assert.match(explanation?.why ?? '', /encoded twice/)
})

test('an environment of another directory than the app’s is told before and at the sign-in', async () => {
  const { authority, tenantId } = sandbox.description
  const foreign = sandbox.description.organizations.find((one) => one.tenantId !== tenantId)
  assert.ok(foreign)
  const endpoints = {
    authorizationEndpoint: `${authority}/${tenantId}/oauth2/authorize`,
    tokenEndpoint: `${authority}/${tenantId}/oauth2/token`,
  }
  const [advice] = await hub.connect.review({ ...endpoints, address: foreign.url })
  assert.equal(advice?.code, 'tenant_mismatch')
  const { credentialId } = await hub.credential({ client: endpoints, baseUrl: foreign.url })
  const told = await refused(hub, sandbox, credentialId, sandbox.user('admin'))
  assert.match(`${told.code} ${told.facts['aadsts']}`, /500011|650057/)
})

test('a directory that does not exist is told with its id', async () => {
  const { authority } = sandbox.description
  const nowhere = '6f9619ff-8b86-d011-b42d-00c04fc964ff'
  const { credentialId } = await hub.credential({
    client: {
      secret: new Secret('abc8Q~some-secret'),
      authorizationEndpoint: `${authority}/${nowhere}/oauth2/authorize`,
      tokenEndpoint: `${authority}/${nowhere}/oauth2/token`,
    },
  })
  const { code } = await refused(hub, sandbox, credentialId, sandbox.user('admin'))
  assert.ok(['90002', '900023'].includes(code), code)
})

test('a host that nobody allowed is not called, and the line to add is told', async () => {
  const { authority, tenantId } = sandbox.description
  const authorizationEndpoint = `${authority}/${tenantId}/oauth2/authorize`
  const { credentialId } = await hub.credential({
    client: { authorizationEndpoint },
    baseUrl: 'http://127.0.0.1:9',
  })
  const report = await hub.connect.verify({ by: hub.by, credentialId })
  const reach = report.stages.find(({ name }) => name === 'reach')
  assert.equal(reach?.outcome, 'failed')
  assert.equal(reach.explanation?.code, 'egress_refused')
  assert.match(reach.explanation.remedy, /http:\/\/127\.0\.0\.1:9/)
  assert.equal(report.verified, false)
})
