import assert from 'node:assert/strict'
import { test } from 'node:test'
import { withoutQuotes } from './quotation.ts'

const SECRET = 'N2I8Q~K8O0zNpm4+MEqoLJ8.POAfTYT5yu-1M308r'

test('words that quote no secret stay as they are', () => {
  const text =
    'AADSTS7000215: Invalid client secret provided. Trace ID: 2c1d0a5e-77aa-4e34-9b6d-0f0f'
  assert.equal(withoutQuotes(text, [SECRET, 'x']), text)
  assert.equal(withoutQuotes('', [SECRET]), '')
})

test('a whole secret is taken out, and the words around it stay', () => {
  assert.equal(withoutQuotes(`secret ${SECRET} is wrong`, [SECRET]), 'secret [secret] is wrong')
  const percent = encodeURIComponent(SECRET)
  assert.equal(withoutQuotes(`a=${percent}&b`, [SECRET]), 'a=[secret]&b')
})

test('words that quote a secret in part or encoded are withheld', () => {
  const form = new URLSearchParams({ client_secret: SECRET }).toString()
  const quotes = [
    SECRET.slice(4, 30),
    SECRET.slice(-8),
    form,
    encodeURIComponent(form),
    Buffer.from(form).toString('base64'),
    `x${Buffer.from(form).toString('base64url').slice(7)}`,
    Buffer.from(SECRET).toString('hex'),
  ]
  for (const quote of quotes)
    assert.match(withoutQuotes(`refused: ${quote}`, [SECRET]), /^\[withheld/, quote)
})
