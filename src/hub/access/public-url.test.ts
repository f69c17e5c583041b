import assert from 'node:assert/strict'
import { test } from 'node:test'
import { checkPublicUrl } from './public-url.ts'

test('https is taken anywhere, http on this machine only', () => {
  for (const text of ['https://fairlead.example.com', 'https://127.0.0.1:8443'])
    assert.deepEqual([checkPublicUrl(text).url.origin, checkPublicUrl(text).secure], [text, true])
  for (const text of ['http://localhost:4000', 'http://127.0.0.1:80', 'http://[::1]:4000'])
    assert.equal(checkPublicUrl(text).secure, false)
})

test('anything else is refused', () => {
  const unsuitable = [
    'http://fairlead.example.com',
    'http://10.0.0.5:4000',
    'http://localhost.example.com',
    'http://127.0.0.1.example.com',
    'https://fairlead.example.com/hub',
    'https://fairlead.example.com/?a=b',
    'https://user:pass@fairlead.example.com',
    'ftp://localhost',
    'fairlead.example.com',
    '',
  ]
  for (const text of unsuitable)
    assert.throws(() => checkPublicUrl(text), { code: 'public_url_unsuitable' }, text)
})
