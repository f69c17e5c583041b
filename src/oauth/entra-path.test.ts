import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { isSharedTenant, moveToTenant, readEntraPath } from './entra-path.ts'

const TENANT = '8a6b3c1e-0000-4000-8000-5f6a7b8c9d0e'

test('both endpoints move together, and nothing else of them changes', () => {
  const moved = moveToTenant(
    {
      authorization:
        'https://login.windows.net/common/oauth2/authorize?resource=https%3a%2F%2Fo%2f',
      token: new URL('https://login.windows.net/common/oauth2/v2.0/token'),
    },
    TENANT,
  )
  assert.deepEqual(moved, {
    authorization: `https://login.windows.net/${TENANT}/oauth2/authorize?resource=https%3a%2F%2Fo%2f`,
    token: `https://login.windows.net/${TENANT}/oauth2/v2.0/token`,
  })
})

test('an endpoint of another kind stays as it is', () => {
  const endpoints = { token: 'https://id.example.org/token?x=/common/oauth2/token' }
  assert.deepEqual(moveToTenant(endpoints, TENANT), endpoints)
})

test('after the move the endpoint names the tenant, and moving back restores it', () => {
  const tenant = fc.oneof(fc.uuid(), fc.domain(), fc.constantFrom('common', 'organizations'))
  const kind = fc.constantFrom('authorize', 'token', 'v2.0/authorize', 'v2.0/token')
  const prefix = fc.constantFrom('', '/entra', '/a/b')
  fc.assert(
    fc.property(tenant, tenant, kind, prefix, (from, to, rest, before) => {
      const token = `https://login.example${before}/${from}/oauth2/${rest}?resource=a%2Fb`
      const moved = moveToTenant({ token }, to)
      assert.equal(readEntraPath(new URL(moved.token))?.tenant, to.toLowerCase())
      assert.equal(moveToTenant(moved, from).token, token)
    }),
    { numRuns: 100 },
  )
})

test('common, organizations and consumers are shared, a directory is not', () => {
  for (const tenant of ['common', 'Organizations', 'consumers']) assert.ok(isSharedTenant(tenant))
  for (const tenant of [TENANT, 'common.example', undefined]) assert.ok(!isSharedTenant(tenant))
})
