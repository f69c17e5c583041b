import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { affectsOf } from './affects.ts'
import { readFailure, refusal } from './failure.ts'

const NO_HINTS = { hints: {} }

test('error and suberror decide what is put out of action', () => {
  const cases: readonly (readonly [
    error: string,
    suberror: string | undefined,
    status: number,
    affects: string,
  ])[] = [
    ['invalid_grant', undefined, 400, 'credential'],
    ['invalid_grant', 'basic_action', 400, 'credential'],
    ['interaction_required', undefined, 400, 'credential'],
    ['access_denied', 'message_only', 403, 'credential'],
    ['invalid_request', 'consent_required', 400, 'credential'],
    ['invalid_client', undefined, 401, 'auth-client'],
    ['unauthorized_client', undefined, 400, 'auth-client'],
    ['invalid_resource', undefined, 400, 'configuration'],
    ['invalid_scope', undefined, 400, 'configuration'],
    ['invalid_request', undefined, 400, 'configuration'],
    ['unheard_of', undefined, 400, 'configuration'],
    ['temporarily_unavailable', undefined, 400, 'transient'],
    ['server_error', undefined, 500, 'transient'],
    ['invalid_grant', undefined, 503, 'transient'],
    ['invalid_client', undefined, 429, 'transient'],
  ]
  for (const [error, suberror, status, affects] of cases) {
    assert.equal(affectsOf(error, suberror, status), affects, `${error} ${suberror} ${status}`)
  }
})

test('of nested numbers the most specific one is explained', () => {
  const error = refusal(
    'token_refused',
    {
      error: 'invalid_grant',
      error_description: 'AADSTS70002: Error validating credentials. AADSTS70008: It has expired.',
      error_codes: [70002, 70008],
    },
    NO_HINTS,
  )
  assert.equal(error.facts['aadsts'], 'AADSTS70008')
  assert.deepEqual(error.failure?.numbers, [70002, 70008])
})

test('without error_codes the number comes from the text, and without a text from the link', () => {
  const error_uri = 'https://login.microsoftonline.com/error?code=50194'
  const inText = readFailure({ error: 'x', error_description: 'AADSTS7000215: Nope.' }, [])
  assert.deepEqual(inText.numbers, [7000215])
  assert.deepEqual(readFailure({ error: 'x', error_uri }, []).numbers, [50194])
  assert.deepEqual(readFailure({ error: 'x' }, []).numbers, [])
})

test('the words come from the catalogue, filled with what is known', () => {
  const fields = { error: 'invalid_request', error_description: 'AADSTS50011: no match' }
  const redirectUri = 'https://hub.example/callback/oauth2'
  const { explanation } = refusal('token_refused', fields, { hints: { redirectUri } })
  assert.ok(explanation.remedy.includes(redirectUri))
})

test('a secret that the server quotes does not get through', () => {
  const secret = 'p8Q~ab+c/d=='
  const quoted = `The secret '${secret}' (${encodeURIComponent(secret)}) is wrong`
  const fields = { error: 'invalid_client', error_description: quoted }
  const error = refusal('token_refused', fields, { hints: {}, secrets: [secret] })
  const shown = JSON.stringify([error, error.failure, error.message, error.stack])
  assert.ok(!shown.includes('p8Q~ab'))
})

test('a busy server names its time', () => {
  const error = refusal(
    'token_refused',
    { error: 'temporarily_unavailable' },
    { hints: {}, retryAfterMs: 7_000 },
  )
  assert.deepEqual(error.explanation.retry, { when: 'later', afterMs: 7_000 })
})

test('what affects more than the moment is never retried later by itself', () => {
  const fields = { error: 'invalid_grant', error_description: 'AADSTS90033: busy' }
  assert.notEqual(refusal('token_refused', fields, NO_HINTS).explanation.retry.when, 'later')
})

test('a claims challenge stays whole', () => {
  const claims = '{"access_token":{"capolids":{"essential":true,"values":["x"]}}}'
  assert.equal(readFailure({ error: 'interaction_required', claims }, []).claims, claims)
})

test('whatever a server sends, a failure comes of it', () => {
  const fields = fc.record(
    {
      error: fc.anything(),
      suberror: fc.anything(),
      error_description: fc.oneof(fc.string(), fc.anything()),
      error_codes: fc.oneof(fc.array(fc.anything()), fc.anything()),
      error_uri: fc.anything(),
      claims: fc.anything(),
    },
    { requiredKeys: [] },
  )
  fc.assert(
    fc.property(fields, (answer) => {
      const { failure, explanation } = refusal('token_refused', answer, NO_HINTS)
      assert.equal(typeof failure?.error, 'string')
      assert.ok(explanation.what && explanation.remedy)
    }),
    { numRuns: 300, examples: [[{ error_codes: [{ toString: {} }] }]] },
  )
})
