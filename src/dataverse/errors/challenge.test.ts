import assert from 'node:assert/strict'
import { test } from 'node:test'
import { webApi } from '../address/address.ts'
import { parseChallenge, unauthorizedError } from './challenge.ts'

const api = webApi('https://org1.crm4.dynamics.com', 'v9.2')
const AUTHORITY =
  'https://login.microsoftonline.com/11111111-2222-3333-4444-555555555555/oauth2/authorize'

test('a challenge is read as Dataverse writes it', () => {
  assert.deepEqual(
    parseChallenge(
      `Bearer authorization_uri=${AUTHORITY}, resource_id=https://org1.crm4.dynamics.com/`,
    ),
    { authority: AUTHORITY, resource: 'https://org1.crm4.dynamics.com/' },
  )
})

test('names in any case and quoted values are read, after other schemes, which are not', () => {
  assert.deepEqual(
    parseChallenge('NTLM, bearer Error="invalid_token", ERROR_DESCRIPTION="expired, at noon"'),
    { error: 'invalid_token', description: 'expired, at noon' },
  )
  assert.deepEqual(parseChallenge('Basic realm="x"'), {})
  assert.deepEqual(parseChallenge(null), {})
})

test('the error compares the resource that is wanted with the address that was called', () => {
  const fault = { status: 401, form: 'empty' } as const
  const foreign = unauthorizedError(api, { resource: 'https://other.crm4.dynamics.com/' }, fault)
  assert.match(foreign.explanation.why, /https:\/\/other\.crm4\.dynamics\.com/)
  assert.match(foreign.explanation.remedy, /https:\/\/other\.crm4\.dynamics\.com/)
  const own = unauthorizedError(api, parseChallenge(`Bearer authorization_uri=${AUTHORITY}`), fault)
  assert.match(own.explanation.why, /11111111-2222-3333-4444-555555555555/)
  assert.equal(own.code, 'unauthorized')
})
