import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Secret, systemRandom } from '../../kernel/index.ts'
import { createPasswords, PASSWORD_COST } from './password.ts'

const CHEAP = { ln: 4, r: 8, p: 1 }
const password = new Secret('correct horse battery staple')

test('a hash carries its parameters and a salt of its own', async () => {
  const passwords = createPasswords(systemRandom, CHEAP)
  const [one, other] = [await passwords.hash(password), await passwords.hash(password)]
  assert.match(one, /^\$scrypt\$ln=4,r=8,p=1\$[\w-]{22}\$[\w-]{43}$/)
  assert.notEqual(one, other)
  assert.ok(await passwords.matches(password, one))
  assert.ok(!(await passwords.matches(new Secret('something else'), one)))
})

test('a hash of former parameters still matches, and is known to be outdated', async () => {
  const stored = await createPasswords(systemRandom, CHEAP).hash(password)
  const passwords = createPasswords(systemRandom, { ln: 5, r: 8, p: 1 })
  assert.ok(await passwords.matches(password, stored))
  assert.ok(passwords.isOutdated(stored))
})

test('the same password typed with composed or combining letters matches', async () => {
  const passwords = createPasswords(systemRandom, CHEAP)
  const stored = await passwords.hash(new Secret('schöne Grüße zusammen'.normalize('NFC')))
  assert.ok(await passwords.matches(new Secret('schöne Grüße zusammen'.normalize('NFD')), stored))
})

test('nothing matches where there is no user, but the work is done all the same', async () => {
  const passwords = createPasswords(systemRandom, PASSWORD_COST)
  const before = process.cpuUsage()
  assert.equal(await passwords.matches(password, undefined), false)
  const { user, system } = process.cpuUsage(before)
  assert.ok(user + system > 20_000, `${user + system} µs of work`)
})

test('more than a few dozen at once are told to come back', async () => {
  const passwords = createPasswords(systemRandom, { ln: 10, r: 8, p: 1 })
  const all = await Promise.allSettled(
    Array.from({ length: 40 }, () => passwords.matches(password, undefined)),
  )
  const refused = all.filter((one) => one.status === 'rejected')
  assert.equal(refused.length, 8)
  assert.ok(refused.every(({ reason }) => reason.code === 'sign_in_busy'))
})
