import assert from 'node:assert/strict'
import { test } from 'node:test'
import { attachmentOf, fileName } from './save-attachment.ts'

const url = 'http://localhost:4000/api/v1/attachments/0b58f4b9-aab5-49ce-9dd8-e772faf3debf'
const output = { 'content-type': 'application/pdf', type: '.pdf', size: 3, url }

test('a name in a row leads to no other folder, hides no file and is never empty', () => {
  const names: readonly (readonly [string, string])[] = [
    ['Vertrag ü 🙂.pdf', 'Vertrag ü 🙂.pdf'],
    ['../../etc/passwd', '_.._etc_passwd'],
    ['C:\\Windows\\a.exe', 'C__Windows_a.exe'],
    ['.profile', 'profile'],
    ['a\u0000b\u202ecod.exe', 'a_b_cod.exe'],
    ['..', 'attachment'],
    ['', 'attachment'],
    [`${'long'.repeat(100)}.tar.gz`, `${'long'.repeat(50)}.gz`],
    [`${'🙂'.repeat(100)}.pdf`, `${'🙂'.repeat(50)}.pdf`],
    [`a${'長'.repeat(200)}.${'é'.repeat(20)}`, `a${'長'.repeat(66)}.${'é'.repeat(9)}`],
    ['NUL.txt', '_NUL.txt'],
    ['console.txt', 'console.txt'],
  ]
  for (const [given, name] of names) assert.equal(fileName(given), name)
})

test('only what has the shape of a document that was put aside is one', () => {
  assert.equal(attachmentOf(output)?.id, '0b58f4b9-aab5-49ce-9dd8-e772faf3debf')
  const others = [
    { ...output, url: 'https://example.com/a.pdf' },
    { ...output, url: `${url}/../../credentials` },
    { name: 'Row', url },
    [output],
    url,
    null,
  ]
  for (const other of others) assert.equal(attachmentOf(other), undefined)
})
