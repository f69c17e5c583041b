import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { explainText } from './index.ts'

const trace = '2e7b4f0a-1111-4c5d-9e8f-0123456789ab'
const correlation = '3f8c5a1b-2222-4d6e-8f90-123456789abc'

test('a page is read with its ids, split by spaces', () => {
  const text = `Sorry, but we're having trouble signing you in. AADSTS50011: The redirect URI 'https://x/cb' specified in the request does not match the redirect URIs configured for the application '6f9619ff-8b86-d011-b42d-00c04fc964ff'. Trace ID: ${trace} Correlation ID: ${correlation} Timestamp: 2026-11-20 06:03:00Z`
  const [first] = explainText(text)
  assert.equal(first?.code, '50011')
  assert.match(first.remedy, /6f9619ff-8b86-d011-b42d-00c04fc964ff/)
  assert.equal(first.traceId, trace)
  assert.equal(first.correlationId, correlation)
  assert.equal(first.timestamp, '2026-11-20 06:03:00Z')
})

test('an answer of the token endpoint is read as JSON, with escaped line ends', () => {
  const text = JSON.stringify({
    error: 'invalid_client',
    error_description: `AADSTS7000222: The provided client secret keys are expired.\r\nTrace ID: ${trace}`,
    error_codes: [7000222],
    correlation_id: correlation,
  })
  const [first, ...others] = explainText(`ERROR body=${text}`)
  assert.equal(first?.code, '7000222')
  assert.equal(first.traceId, trace)
  assert.equal(first.correlationId, correlation)
  assert.equal(others.length, 0)
})

test('of nested numbers the last and most specific comes first', () => {
  const codes = explainText('AADSTS70002: Error validating credentials. AADSTS70008: expired.').map(
    ({ code }) => code,
  )
  assert.deepEqual(codes, ['70008', '70002'])
})

test('a callback address is decoded once', () => {
  const text =
    'https://hub.example/callback/oauth2?error=invalid_resource&error_description=AADSTS500011%3a+The+resource+principal+named+https%253A%252F%252Forg1.crm4.dynamics.com+was+not+found+in+the+tenant+named+contoso.%0d%0aTrace+ID%3a+2e7b4f0a-1111-4c5d-9e8f-0123456789ab&state=abc'
  const [first] = explainText(text)
  assert.equal(first?.code, '500011')
  assert.match(first.why, /encoded twice/)
  assert.equal(first.traceId, trace)
})

test('the number is enough in any language', () => {
  const [first] = explainText('AADSTS65004 : L’utilisateur a refusé de consentir.')
  assert.equal(first?.code, '65004')
})

test('a fault of Dataverse names the missing privilege and its table', () => {
  const text =
    '{"error":{"code":"0x80040220","message":"Principal user (Id=1, type=8) is missing prvReadAccount privilege (Id=2) on OTC=1 for entity \'account\'"}}'
  const [first] = explainText(text)
  assert.equal(first?.name, 'PrivilegeDenied')
  assert.match(first.why, /prvReadAccount for the table account/)
})

test('a decimal Dataverse code in a log line is found', () => {
  const [first] = explainText('CrmCheckPrivilege failed. Returned hr = -2147220839 on UserId: 1')
  assert.equal(first?.code, '0x80040299')
})

test('an answer without a number is explained by its error value', () => {
  const [first] = explainText('/callback/oauth2?error=access_denied&state=xyz')
  assert.equal(first?.code, 'access_denied')
})

test('a number alone is taken for one of Entra ID, a longer text of numbers is not', () => {
  assert.deepEqual(
    explainText(' 7000215\n').map(({ code }) => code),
    ['7000215'],
  )
  for (const text of ['7000215 rows', '1234', '123456789', ''])
    assert.deepEqual(explainText(text), [])
})

test('an unknown number gives a general explanation with the ids', () => {
  const [first] = explainText(`AADSTS8888888: Something new. Trace ID: ${trace}`)
  assert.match(first?.remedy ?? '', /error\?code=8888888/)
  assert.equal(first?.traceId, trace)
})

test('a text without any error explains nothing', () => {
  assert.deepEqual(explainText('All is well.'), [])
})

test('no text makes it throw, and codes and tokens in a text are not repeated', () => {
  const piece = fc.constantFrom(
    'AADSTS',
    '50011',
    '%',
    '%zz',
    '&error=',
    '{"error":',
    '}',
    '0x80072560',
    'resource principal named ',
    ' was not found',
    '\r\n',
    'é&nbsp;',
  )
  const text = fc.array(fc.oneof(piece, fc.string()), { maxLength: 30 }).map((all) => all.join(''))
  fc.assert(
    fc.property(text, (pasted) => {
      const secret = 'code=0.AXcanary-value-of-a-code'
      assert.ok(!JSON.stringify(explainText(`${pasted} ${secret}`)).includes('AXcanary'))
    }),
    { numRuns: 200 },
  )
})
