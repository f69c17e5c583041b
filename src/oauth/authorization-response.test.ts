import assert from 'node:assert/strict'
import { test } from 'node:test'
import { readAuthorizationResponse } from './authorization-response.ts'
import { parseEndpoints } from './endpoints.ts'
import { OAuthError } from './oauth-error.ts'

const endpoints = parseEndpoints({
  authorization: 'https://login.windows.net/common/oauth2/authorize',
  token: 'https://login.windows.net/common/oauth2/token',
})

const read = (query: string) => readAuthorizationResponse(new URLSearchParams(query), { endpoints })

function refusalOf(query: string): OAuthError {
  try {
    read(query)
  } catch (error) {
    if (error instanceof OAuthError) return error
  }
  return assert.fail('It was not refused')
}

test('the code and the state are read, what Entra adds is ignored', () => {
  const { code, state } = read('code=0.A~b&state=st&session_state=guid&admin_consent=True')
  assert.equal(code.reveal(), '0.A~b')
  assert.equal(state, 'st')
})

test('an error goes before a code', () => {
  const error = refusalOf('code=abc&error=access_denied&error_description=AADSTS65004%3A%20no')
  assert.equal(error.code, 'authorization_refused')
  assert.equal(error.affects, 'credential')
})

test("Entra's words are taken apart: number, text, ids", () => {
  const trace = '11111111-2222-4333-8444-555555555555'
  const query = `error=invalid_resource&error_description=AADSTS500011%3a+The+resource+principal+named+x+was+not+found.%0d%0aTrace+ID%3a+${trace}%0d%0aCorrelation+ID%3a+${trace}%0d%0aTimestamp%3a+2026-05-06+06%3a03%3a00Z&error_uri=https%3a%2f%2flogin.microsoftonline.com%2ferror%3fcode%3d500011`
  assert.deepEqual(refusalOf(query).failure, {
    error: 'invalid_resource',
    numbers: [500011],
    description: 'AADSTS500011: The resource principal named x was not found.',
    traceId: trace,
    correlationId: trace,
    timestamp: '2026-05-06 06:03:00Z',
  })
})

test('nothing, or the same thing twice, is no answer', () => {
  for (const query of [
    '',
    'state=x',
    'code=',
    'code=a&code=b',
    'code=a&state=x&state=y',
    'error=a&error=b',
  ]) {
    assert.equal(refusalOf(query).code, 'authorization_response_invalid', query)
  }
})

test("an issuer must be the server that was asked, by any of its cloud's names", () => {
  const from = (issuer: string) => `code=a&iss=${encodeURIComponent(issuer)}`
  assert.equal(read(from('https://login.windows.net/tid/v2.0')).code.reveal(), 'a')
  assert.equal(read(from('https://sts.windows.net/tid/')).code.reveal(), 'a')
  for (const issuer of [
    'https://login.microsoftonline.us/tid',
    'https://evil.example',
    'http://sts.windows.net',
    'x',
  ]) {
    assert.equal(refusalOf(from(issuer)).code, 'issuer_mismatch', issuer)
  }
})

test('a long and hostile description is cut and cleaned', () => {
  const description = `\u0000\u001b[31m${'x'.repeat(100_000)}`
  const { failure } = refusalOf(
    new URLSearchParams({ error: 'server_error', error_description: description }).toString(),
  )
  assert.match(failure?.description ?? '', /^\[31mx{1,2000}$/)
})
