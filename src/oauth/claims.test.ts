import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { Secret } from '../kernel/index.ts'
import { accountOf, readClaims } from './claims.ts'

const jwt = (claims: unknown) =>
  new Secret(`${base64({ alg: 'RS256' })}.${base64(claims)}.c2lnbmF0dXJl`)

function base64(value: unknown): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url')
}

test('claims are named in our words, and times are in ms', () => {
  const claims = {
    aud: 'https://org1.crm4.dynamics.com',
    iss: 'https://sts.windows.net/t/',
    exp: 1_700_000_000,
    iat: 1_699_996_400,
    tid: 't',
    oid: 'o',
    upn: 'ada@x.example',
    appid: 'app-1',
    scp: 'user_impersonation',
    roles: ['a', 'b'],
    ver: '1.0',
  }
  assert.deepEqual(readClaims(jwt(claims)), {
    audience: 'https://org1.crm4.dynamics.com',
    issuer: 'https://sts.windows.net/t/',
    expiresAt: 1_700_000_000_000,
    issuedAt: 1_699_996_400_000,
    tenantId: 't',
    objectId: 'o',
    userPrincipalName: 'ada@x.example',
    clientId: 'app-1',
    scopes: 'user_impersonation',
    roles: 'a b',
    version: '1.0',
  })
})

test('what one token does not tell about the person, the other does', () => {
  const [idToken, accessToken] = [jwt({ name: 'Ada', oid: 'o' }), jwt({ oid: 'x', tid: 't' })]
  const account = accountOf([idToken, accessToken])
  assert.deepEqual(account, { name: 'Ada', objectId: 'o', tenantId: 't' })
  assert.equal(accountOf([undefined, new Secret('opaque')]), undefined)
})

test('whatever a token is, reading it does not throw', () => {
  const part = fc.oneof(
    fc.string(),
    fc.json().map((text) => Buffer.from(text).toString('base64url')),
  )
  fc.assert(
    fc.property(fc.array(part, { maxLength: 4 }), (parts) => {
      assert.doesNotThrow(() => accountOf([new Secret(parts.join('.'))]))
    }),
    { numRuns: 200 },
  )
})
