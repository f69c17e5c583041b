import assert from 'node:assert/strict'
import { test } from 'node:test'
import { CodedError, randomToken, systemRandom } from '../../../kernel/index.ts'
import { stateOf, strayCallback } from './callback.ts'
import { flowCookie, flowCookieValues } from './flow-cookie.ts'

const token = randomToken(systemRandom)

test('only one state of our own form is a state', () => {
  assert.equal(stateOf(new URLSearchParams({ state: token })), token)
  assert.equal(stateOf(new URLSearchParams(`state=${token}&state=${token}`)), undefined)
  assert.equal(stateOf(new URLSearchParams({ state: `${token}=` })), undefined)
  assert.equal(stateOf(new URLSearchParams()), undefined)
})

test('a callback without a good state gets one and the same answer', () => {
  const codes = ['code=abc', `code=abc&state=${token}`, 'state=x', ''].map((query) => {
    const error = strayCallback(new URLSearchParams(query))
    assert.ok(error instanceof CodedError)
    return error.message
  })
  assert.equal(new Set(codes).size, 1)
})

test('a refusal without a state is explained all the same', () => {
  const error = strayCallback(
    new URLSearchParams({
      error: 'access_denied',
      error_description: 'AADSTS65004: User declined to consent to access the app.',
    }),
  )
  assert.ok(error instanceof CodedError)
  assert.match(error.message, /Cancel/)
})

test('nothing that a made-up link says is shown', () => {
  const words = 'Call +1 555 0100 to unlock the account'
  const links = [
    { error: 'access_denied', error_description: `AADSTS65004: ${words}`, error_subcode: words },
    { error: 'unheard_of', error_description: words, trace_id: words, error_uri: words },
    { error: words },
  ]
  for (const link of links) {
    const error = strayCallback(new URLSearchParams(link))
    assert.ok(error instanceof CodedError)
    assert.doesNotMatch(JSON.stringify(error), /555/)
  }
})

test('each flow has a cookie of its own, bound to the host on https', () => {
  const plain = flowCookie('f1', token, { secure: false, maxAgeSeconds: 600 })
  const bound = flowCookie('f1', token, { secure: true, maxAgeSeconds: 600 })
  assert.equal(plain.name, 'fairlead-flow-f1')
  assert.equal(bound.name, '__Host-fairlead-flow-f1')
  assert.deepEqual(flowCookieValues({ [plain.name]: token, other: token }, false), [token])
  assert.deepEqual(flowCookieValues({ [plain.name]: token }, true), [])
  assert.deepEqual(flowCookieValues({ [bound.name]: 'short' }, true), [])
})
