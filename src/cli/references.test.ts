import assert from 'node:assert/strict'
import { test } from 'node:test'
import { pick } from './references.ts'

const demo = { id: '0b58f4b9-aab5-49ce-9dd8-e772faf3debf', name: 'Demo' }
const twin = { id: '0b58ffff-aab5-49ce-9dd8-e772faf3debf', name: 'demo' }
const other = { id: '7c1f470c-c697-420b-950c-f1def82d10e2', name: '0b58' }
const all = [demo, twin, other]

test('an exact name or id goes before what only resembles it', () => {
  assert.equal(pick('Credential', all, 'demo'), twin)
  assert.equal(pick('Credential', all, '0b58'), other)
  assert.equal(pick('Credential', all, demo.id), demo)
})

test('the beginning of an id is enough when it is long enough and of one only', () => {
  assert.equal(pick('Credential', all, '0b58f4'), demo)
  assert.throws(() => pick('Credential', all, '7c1'), { code: 'not_found' })
})

test('several are named with their ids', () => {
  assert.throws(
    () => pick('Credential', all, '0B58F'),
    (error: Error & { explanation?: { why: string } }) =>
      error.explanation?.why.includes(`Demo (${demo.id}), demo (${twin.id})`) === true,
  )
})
