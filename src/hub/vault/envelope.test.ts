import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { Secret, systemRandom } from '../../kernel/index.ts'
import { type Key, keyIdOf, open, type Place, rewrap, seal } from './envelope.ts'

const key: Key = { id: 'k1', bytes: systemRandom.bytes(32) }
const place: Place = { workspaceId: 'w', table: 't', row: 'r', column: 'c' }

test('what was sealed opens again, whatever it is', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme' }), (text) => {
      assert.equal(
        open(seal(new Secret(text), place, key, systemRandom), place, key).reveal(),
        text,
      )
    }),
    { numRuns: 50 },
  )
})

test('a sealed value opens in no other workspace, table, row or column', () => {
  const sealed = seal(new Secret('hush'), place, key, systemRandom)
  for (const name of ['workspaceId', 'table', 'row', 'column'] as const)
    assert.throws(() => open(sealed, { ...place, [name]: 'other' }, key), {
      code: 'ciphertext_invalid',
    })
})

test('one changed character anywhere is found', () => {
  const sealed = seal(new Secret('hush'), place, key, systemRandom)
  fc.assert(
    fc.property(fc.nat(sealed.length - 1), fc.constantFrom('A', 'z', '.', '0'), (at, other) => {
      const changed = sealed.slice(0, at) + other + sealed.slice(at + 1)
      // The last character of base64 may hold bits that say nothing.
      const same = Buffer.from(changed.split('.')[3] ?? '', 'base64url').equals(
        Buffer.from(sealed.split('.')[3] ?? '', 'base64url'),
      )
      if (same && at === sealed.length - 1) return
      if (changed !== sealed)
        assert.throws(() => open(changed, place, { ...key, id: keyIdOrSame(changed) }))
    }),
    { numRuns: 200 },
  )
})

test('the same value is never sealed the same way twice', () => {
  const sealed = new Set(
    Array.from({ length: 100 }, () => seal(new Secret('hush'), place, key, systemRandom)),
  )
  assert.equal(sealed.size, 100)
})

test('sealed under another key, a value opens with that one only', () => {
  const to: Key = { id: 'k2', bytes: systemRandom.bytes(32) }
  const sealed = seal(new Secret('hush'), place, key, systemRandom)
  const moved = rewrap(sealed, place, { from: key, to }, systemRandom)
  assert.equal(keyIdOf(moved, place), 'k2')
  assert.equal(open(moved, place, to).reveal(), 'hush')
  assert.throws(() => open(moved, place, { ...key, id: 'k2' }), { code: 'ciphertext_invalid' })
})

test('an error names the place and nothing of the value', () => {
  const sealed = seal(new Secret('hush-hush-hush'), place, key, systemRandom)
  assert.throws(
    () => open(sealed, { ...place, row: 'other' }, key),
    (error: Error) => !JSON.stringify(error).includes(sealed.slice(20, 40)),
  )
})

function keyIdOrSame(envelope: string): string {
  try {
    return keyIdOf(envelope, place)
  } catch {
    return key.id
  }
}
