import assert from 'node:assert/strict'
import { test } from 'node:test'
import { readBearerChallenge } from './bearer-challenge.ts'

const read = (header: string | null) => Object.fromEntries(readBearerChallenge(header))

test('parameters are read with and without quotes, in any case and order, after other schemes', () => {
  const expected = { authorization_uri: 'https://l/t/oauth2/authorize', resource_id: 'https://o/' }
  for (const header of [
    'Bearer authorization_uri=https://l/t/oauth2/authorize, resource_id=https://o/',
    'bearer Authorization_URI="https://l/t/oauth2/authorize",RESOURCE_ID="https://o/"',
    'NTLM, Negotiate, Bearer resource_id=https://o/, authorization_uri=https://l/t/oauth2/authorize',
  ]) {
    assert.deepEqual(read(header), expected, header)
  }
})

test('a quoted value ends at its quote, whatever it holds', () => {
  assert.deepEqual(
    read('Bearer error="invalid_token", error_description="a, b=c", claims="e30="'),
    {
      error: 'invalid_token',
      error_description: 'a, b=c',
      claims: 'e30=',
    },
  )
})

test('no other scheme is read', () => {
  for (const header of [null, '', 'Bearer', 'Basic authorization_uri=x, resource_id=y']) {
    assert.deepEqual(read(header), {})
  }
})

test('a value without quotes may be a sentence', () => {
  const found = readBearerChallenge(
    'Bearer error=invalid_token, error_description=Error during token validation!, resource_id=https://org1.example/ authorization_uri=https://login.example/',
  )
  assert.equal(found.get('error_description'), 'Error during token validation!')
  assert.equal(found.get('resource_id'), 'https://org1.example/')
  assert.equal(found.get('authorization_uri'), 'https://login.example/')
})
