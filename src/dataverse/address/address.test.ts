import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { DataverseError, type DataverseErrorCode } from '../errors/dataverse-error.ts'
import { checkLength, resolveLink, resolvePath, webApi } from './address.ts'

const api = webApi('https://org1.crm4.dynamics.com', 'v9.2')
const root = 'https://org1.crm4.dynamics.com/api/data/v9.2/'

const refused = (run: () => unknown, code: DataverseErrorCode, note?: string) =>
  assert.throws(run, (error) => error instanceof DataverseError && error.code === code, note)

test('the address of the Web API is the environment’s with path and version', () => {
  assert.equal(api.root.href, root)
  assert.equal(webApi('https://org1.crm4.dynamics.com/', '9.2').root.href, root)
})

test('an environment with a path of its own keeps it', () => {
  const own = webApi('https://crm.example.test/org', 'v9.1')
  assert.equal(own.root.href, 'https://crm.example.test/org/api/data/v9.1/')
  assert.equal(resolvePath(own, '/accounts').pathname, '/org/api/data/v9.1/accounts')
  refused(() => resolvePath(own, '/api/data/v9.1/accounts'), 'unsafe_address')
})

test('a version of another form, and an address that is none, are refused', () => {
  refused(() => webApi('https://x.test', 'latest'), 'invalid_argument')
  refused(() => webApi('org1.crm4', 'v9.2'), 'invalid_argument')
  refused(() => webApi('ftp://x.test', 'v9.2'), 'invalid_argument')
  refused(() => webApi('https://x.test/api/data/v9.2', 'v9.2'), 'invalid_argument')
})

test('a path may be relative to the Web API, with a slash or without, or absolute', () => {
  for (const path of [
    'accounts?$top=1',
    '/accounts?$top=1',
    '/api/data/v9.2/accounts?$top=1',
    `${root}accounts?$top=1#x`,
  ]) {
    assert.equal(resolvePath(api, path).href, `${root}accounts?$top=1`)
  }
  assert.equal(resolvePath(api, '../v9.1/WhoAmI').pathname, '/api/data/v9.1/WhoAmI')
})

test('a path that leaves the environment or its Web API is refused', () => {
  const away = [
    'https://evil.test/api/data/v9.2/accounts',
    '//evil.test/api/data/',
    '/\\evil.test/api/data/',
    '\\\\evil.test/api/data/',
    '/\t/evil.test/api/data/',
    'https://org1.crm4.dynamics.com@evil.test/api/data/',
    'https://user:pass@org1.crm4.dynamics.com/api/data/v9.2/accounts',
    'http://org1.crm4.dynamics.com/api/data/v9.2/accounts',
    'https://org1.crm4.dynamics.com:8443/api/data/v9.2/accounts',
    '../../../main.aspx',
    '/api/data/../discovery',
    '/api/search/v1.0/query',
    '%2e%2e/%2e%2e/%2e%2e/main.aspx',
    'accounts/..%2f..%2f..%2fmain.aspx',
    'accounts/..%5c..%5cmain.aspx',
    'accounts/%252e%252e/%252e%252e%252fx',
    'javascript:alert(1)',
    'accounts%zz',
  ]
  for (const path of away) refused(() => resolvePath(api, path), 'unsafe_address', path)
})

test('a link of the service is followed only within the same Web API', () => {
  const page = new URL('accounts', api.root)
  assert.equal(resolveLink(api, `${root}accounts?$skiptoken=%22x`, page).search, '?$skiptoken=%22x')
  for (const link of [
    'https://evil.test/api/data/v9.2/x',
    '//evil.test/api/data/',
    '/api/discovery',
    'https://',
  ]) {
    refused(() => resolveLink(api, link, page), 'unsafe_link', link)
  }
})

test('whatever is written, a request stays within the Web API or is refused', () => {
  const pieces = fc.constantFrom(
    '/',
    '\\',
    '..',
    '.',
    '%2e',
    '%2f',
    '%5c',
    '%25',
    '@',
    ':',
    '?',
    '#',
    'http:',
    'https:',
    '//',
    'evil.test',
    'api',
    'data',
    'v9.2',
    'accounts',
    '\t',
    '\n',
    ' ',
    'org1.crm4.dynamics.com',
  )
  fc.assert(
    fc.property(fc.array(pieces, { maxLength: 10 }), fc.boolean(), (parts, link) => {
      const text = parts.join('')
      try {
        const url = link ? resolveLink(api, text, api.root) : resolvePath(api, text)
        assert.equal(url.origin, api.root.origin)
        assert.ok(url.pathname.startsWith('/api/data/'))
        assert.equal(url.username + url.password, '')
      } catch (error) {
        assert.ok(error instanceof DataverseError, String(error))
      }
    }),
    { numRuns: 500 },
  )
})

test('an address longer than the service reads is refused', () => {
  refused(
    () => checkLength(new URL(`${root}accounts?$filter=${'x'.repeat(32_768)}`)),
    'address_too_long',
  )
})
