import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { parseFault } from './fault.ts'
import { classOfFault, faultError, resourceOf } from './fault-error.ts'

const fault = (status: number, text: string, headers: Record<string, string> = {}) =>
  parseFault({ status, text, headers: new Headers(headers) }, Date.UTC(2026, 0, 1))

const request = {
  method: 'GET',
  url: new URL('https://x.test/api/data/v9.2/accounts(secret)?$q=1'),
}

test('the Web API’s own form gives code, message and annotations', () => {
  const text = JSON.stringify({
    error: {
      code: '0x80040217',
      message: 'account With Id = 1 Does Not Exist',
      '@Microsoft.PowerApps.CDS.HelpLink': 'https://help.test',
      '@Microsoft.PowerApps.CDS.TraceText': 'line',
      '@Microsoft.PowerApps.CDS.InnerError.Message': 'inner',
    },
  })
  assert.deepEqual(fault(404, text), {
    status: 404,
    form: 'odata',
    dataverseCode: '0x80040217',
    message: 'account With Id = 1 Does Not Exist',
    innerMessage: 'inner',
    trace: 'line',
    helpLink: 'https://help.test',
  })
})

test('an older answer’s inner error is read', () => {
  const text =
    '{"error":{"code":"","message":"out","innererror":{"message":"in","stacktrace":"s"}}}'
  assert.deepEqual(fault(400, text), {
    status: 400,
    form: 'odata',
    message: 'out',
    innerMessage: 'in',
  })
})

test('ASP.NET’s form is read', () => {
  const text =
    '{"Message":"An error has occurred.","ExceptionMessage":"why","ErrorCode":-2147220969}'
  assert.deepEqual(fault(500, text), {
    status: 500,
    form: 'aspnet',
    dataverseCode: '0x80040217',
    message: 'An error has occurred.',
    innerMessage: 'why',
  })
})

test('the JSON of a gateway gives its message, whatever it calls it', () => {
  const texts = [
    '{"message":"why","statusCode":429}',
    '{"error":"why"}',
    '{"error":"invalid_token","error_description":"why"}',
  ]
  for (const text of texts) assert.equal(fault(429, text).message, 'why', text)
})

test('a web page gives its title, and only that', () => {
  const page =
    '<!DOCTYPE html><html><head><title>502 Bad\n Gateway</title></head><body><script>x</script>'
  assert.deepEqual(fault(502, page), { status: 502, form: 'html', message: '502 Bad Gateway' })
})

test('an empty body and half a JSON are no messages of the service', () => {
  assert.deepEqual(fault(503, ' '), { status: 503, form: 'empty' })
  assert.equal(fault(400, '{"error":{"code"').form, 'text')
})

test('a doubled request id counts once', () => {
  assert.equal(fault(500, '', { REQ_ID: 'a-1,a-1' }).requestId, 'a-1')
  assert.equal(fault(500, '', { 'x-ms-service-request-id': 'b, b' }).requestId, 'b')
})

test('Retry-After is read in seconds and as a date', () => {
  assert.equal(fault(429, '', { 'retry-after': '7' }).retryAfterMs, 7000)
  assert.equal(
    fault(429, '', { 'retry-after': 'Thu, 01 Jan 2026 00:00:30 GMT' }).retryAfterMs,
    30_000,
  )
  assert.equal(fault(429, '', { 'retry-after': 'soon' }).retryAfterMs, undefined)
})

test('the service’s code decides where the status is too coarse', () => {
  const coded = (status: number, code: string) =>
    classOfFault(fault(status, JSON.stringify({ error: { code, message: '' } })))
  assert.equal(coded(400, '-2147015902'), 'throttled')
  assert.equal(coded(412, '0x80040237'), 'conflict')
  assert.equal(coded(412, '0x80060882'), 'precondition_failed')
  assert.equal(coded(405, '0x80040227'), 'conflict')
  assert.equal(coded(400, '0x0'), 'bad_request')
  assert.equal(coded(500, '0x80044150'), 'unavailable')
})

test('the error quotes the service and keeps its ids, and shows no key of a row', () => {
  const text = '{"error":{"code":"0x80072322","message":"Number of requests exceeded"}}'
  const error = faultError(fault(429, text, { 'retry-after': '3', req_id: 'r1' }), request)
  assert.equal(error.code, 'throttled')
  assert.equal(error.dataverseCode, '0x80072322')
  assert.equal(error.requestId, 'r1')
  assert.equal(error.status, 429)
  assert.deepEqual(error.explanation.retry, { when: 'later', afterMs: 3000 })
  assert.match(
    error.message,
    /GET accounts\(…\) with 429, 0x80072322: “Number of requests exceeded”/,
  )
  assert.doesNotMatch(JSON.stringify(error), /secret/)
})

test('a key that holds parentheses stays hidden too', () => {
  assert.equal(
    resourceOf(new URL("https://x.test/api/data/v9.2/accounts(name='a(b)%20c')/primarycontactid")),
    'accounts(…)/primarycontactid',
  )
})

test('any body at all is read without a failure, and its texts are bounded', () => {
  const json = fc.json().map((value) => `{"error":${value}}`)
  fc.assert(
    fc.property(
      fc.integer({ min: 300, max: 599 }),
      fc.oneof(fc.string(), json, fc.json()),
      (status, text) => {
        const read = fault(status, text)
        assert.ok((read.message ?? '').length <= 1001)
        assert.ok(faultError(read, request).message.length > 0)
      },
    ),
    { numRuns: 300 },
  )
})
