import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { test } from 'node:test'
import { formsOf } from './forms.ts'
import { PIECE, SecretSearch } from './secret-search.ts'

const clientSecret = 'N2I8Q~K8O0zNpm+4NM/EqoLJ8"POAfTY\\T5yu 1M308r'
const token = `eyJ${randomBytes(300).toString('base64url')}`
// Without the byte that the test puts around pieces, which must not lengthen them by accident.
const privateKey = randomBytes(64).map((byte) => (byte === 0x2a ? 0x2b : byte))
const secrets = [
  { kind: 'client secret', value: Buffer.from(clientSecret) },
  { kind: 'access token', value: Buffer.from(token) },
  { kind: 'private key', value: privateKey },
]
const search = new SecretSearch(secrets)

/** Plants bytes in the midst of something harmless. */
function plantedIn(bytes: Uint8Array, offset = 3_001): Buffer {
  return Buffer.concat([Buffer.alloc(offset, '*'), bytes, Buffer.alloc(500, '*')])
}

test('a text without any secret has no finding', () => {
  assert.deepEqual(search.find(randomBytes(1_000_000)), [])
  assert.deepEqual(search.find(Buffer.from(JSON.stringify({ error: 'invalid_client' }))), [])
})

test('every secret is found in every form', () => {
  for (const { kind, value } of secrets)
    for (const [form, bytes] of formsOf(value)) {
      const [finding] = search.find(plantedIn(bytes))
      assert.deepEqual([finding?.kind, finding?.offset], [kind, 3_001], `${kind} ${form}`)
    }
})

test('twelve characters of a secret are enough, eleven are not', () => {
  for (const { value } of secrets)
    for (let at = 0; at + PIECE <= value.length; at += 1) {
      assert.equal(search.find(plantedIn(value.subarray(at, at + PIECE))).length, 1)
      assert.deepEqual(search.find(plantedIn(value.subarray(at, at + PIECE - 1))), [])
    }
})

test('a secret inside a text that was encoded as a whole is found, wherever it begins', () => {
  for (const lead of ['', 'a', 'ab', 'abc']) {
    const text = Buffer.from(`${lead}client_secret=${clientSecret}&x=1`)
    for (const encoding of ['base64', 'base64url', 'hex'] as const)
      assert.notEqual(search.find(Buffer.from(text.toString(encoding))).length, 0, encoding)
    const json = JSON.stringify({ log: JSON.stringify({ body: text.toString() }) })
    assert.notEqual(search.find(Buffer.from(json)).length, 0)
    const query = new URLSearchParams({ next: text.toString() }).toString()
    assert.notEqual(search.find(Buffer.from(query)).length, 0)
  }
})

test('what may stand in a place is no finding there, and everything else is', () => {
  const shown = plantedIn(Buffer.from(token))
  assert.deepEqual(search.find(shown, new Set(['access token'])), [])
  const both = Buffer.concat([shown, Buffer.from(clientSecret)])
  assert.equal(search.find(both, new Set(['access token']))[0]?.kind, 'client secret')
})
