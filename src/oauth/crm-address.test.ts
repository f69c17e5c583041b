import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { parseCrmAddress, resolveApiVersion } from './crm-address.ts'
import { OAuthError } from './oauth-error.ts'

const ORG = 'https://org1.crm4.dynamics.com'

const readable: Readonly<
  Record<string, readonly [origin: string, version?: string | undefined, notes?: number]>
> = {
  [ORG]: [ORG],
  [`${ORG}/`]: [ORG],
  'org1.crm4.dynamics.com': [ORG, undefined, 1],
  [`${ORG}.`]: [ORG],
  [`  ${ORG}/api/data \n`]: [ORG],
  [`${ORG}/api/data/`]: [ORG],
  [`${ORG}/api/data/v9.2`]: [ORG, 'v9.2'],
  [`${ORG}/api/data/v9.1/`]: [ORG, 'v9.1'],
  [`${ORG}/API/Data/V9.2/`]: [ORG, 'v9.2'],
  [`${ORG}/api/data/9.2`]: [ORG, 'v9.2'],
  [`${ORG}/api/data/v9.2/accounts?$top=1`]: [ORG, 'v9.2', 1],
  [`${ORG}/main.aspx?appid=1&pagetype=entitylist`]: [ORG, undefined, 1],
  [`${ORG}/XRMServices/2011/Organization.svc`]: [ORG, undefined, 1],
  'HTTPS://ORG1.CRM4.DYNAMICS.COM': [ORG],
  'https://org1.api.crm4.dynamics.com/api/data/v9.2/': [ORG, 'v9.2', 1],
  'https://org1.crm4.dynamics.com.mcas.ms/main.aspx': [ORG, undefined, 2],
  'https://org1.crm9.dynamics.com': ['https://org1.crm9.dynamics.com'],
  'https://org1.crm.dynamics.cn': ['https://org1.crm.dynamics.cn'],
  'https://crm.example.org:5555': ['https://crm.example.org:5555'],
  'http://127.0.0.1:8080/api/data/v9.2': ['http://127.0.0.1:8080', 'v9.2'],
  'http://org1.localhost:8080': ['http://org1.localhost:8080'],
}

for (const [text, [origin, version, notes = 0]] of Object.entries(readable)) {
  test(`${JSON.stringify(text)} is ${origin} ${version ?? ''}`, () => {
    const address = parseCrmAddress(text)
    assert.equal(address.environmentUrl.href, `${origin}/`)
    assert.equal(address.apiVersion, version)
    assert.equal(address.notes.length, notes, address.notes.join())
  })
}

const refused: Readonly<Record<string, string>> = {
  '': 'address_missing',
  ' \u200b ': 'address_missing',
  'http://org1.crm4.dynamics.com': 'address_insecure',
  'ftp://org1.crm4.dynamics.com': 'address_unreadable',
  'https://': 'address_unreadable',
  'https://user:pw@org1.crm4.dynamics.com': 'address_unreadable',
  'https://{org}.crm4.dynamics.com': 'address_unreadable',
  'https://make.powerapps.com/environments/1/home': 'address_other_product',
  'https://admin.powerplatform.microsoft.com/environments': 'address_other_product',
  'https://businesscentral.dynamics.com/tenant/sandbox': 'address_other_product',
  'https://contoso.operations.dynamics.com': 'address_other_product',
  'https://contoso.sharepoint.com/sites/crm': 'address_other_product',
  'https://portal.azure.com': 'address_other_product',
  'https://login.microsoftonline.com/common': 'address_other_product',
  'https://globaldisco.crm.dynamics.com': 'address_other_product',
}

for (const [text, code] of Object.entries(refused)) {
  test(`${JSON.stringify(text)} is refused: ${code}`, () => {
    assert.throws(() => parseCrmAddress(text), { code })
  })
}

test('an environment whose own name is that of a product stays an environment', () => {
  const home = 'https://home.crm4.dynamics.com'
  assert.equal(parseCrmAddress(home).environmentUrl.origin, home)
})

test('the version comes from the address, the field, or is v9.2', () => {
  assert.equal(resolveApiVersion({}), 'v9.2')
  assert.equal(resolveApiVersion({}, ' 9.1 '), 'v9.1')
  assert.equal(resolveApiVersion({ apiVersion: 'v9.0' }, ''), 'v9.0')
  assert.equal(resolveApiVersion({ apiVersion: 'v9.2' }, 'V9.2/'), 'v9.2')
})

test('two different versions are a contradiction, other text is no version', () => {
  const conflict = { code: 'api_version_conflict' }
  assert.throws(() => resolveApiVersion({ apiVersion: 'v9.1' }, 'v9.2'), conflict)
  assert.throws(() => resolveApiVersion({}, 'latest'), { code: 'api_version_invalid' })
})

test('every form of an address leads to the same environment', () => {
  const org = fc.stringMatching(/^[a-z][a-z0-9-]{0,20}[a-z0-9]$/)
  const region = fc.constantFrom('crm', 'crm2', 'crm4', 'crm11', 'crm21')
  const tail = fc.constantFrom(
    '',
    '/',
    '/api/data',
    '/api/data/v9.2/',
    '/main.aspx?x=1',
    '/apps/y#z',
  )
  const head = fc.constantFrom('', 'https://', ' https://', 'HTTPS://')
  fc.assert(
    fc.property(org, region, head, tail, (name, area, before, after) => {
      const host = `${name}.${area}.dynamics.com`
      const { environmentUrl } = parseCrmAddress(`${before}${host}${after}`)
      assert.equal(environmentUrl.href, `https://${host}/`)
      assert.equal(parseCrmAddress(environmentUrl.href).environmentUrl.href, environmentUrl.href)
    }),
    { numRuns: 150 },
  )
})

test('whatever is typed, only coded errors come of it', () => {
  const anything = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.webUrl({ withQueryParameters: true }),
    fc.webAuthority({ withUserInfo: true, withPort: true, withIPv6: true }),
  )
  fc.assert(
    fc.property(anything, (text) => {
      try {
        const { environmentUrl } = parseCrmAddress(text)
        assert.equal(environmentUrl.pathname + environmentUrl.search + environmentUrl.username, '/')
      } catch (error) {
        if (!(error instanceof OAuthError)) throw error
      }
    }),
    { numRuns: 300 },
  )
})
