import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { PASSWORD, testAccess } from '../../../test/support/access.ts'
import { Secret } from '../../kernel/index.ts'
import { createAuditLog } from '../audit/index.ts'

const hub = await testAccess()
after(() => hub[Symbol.asyncDispose]())
const { access, clock, store } = hub
const first = await hub.begin('Ada')

const HOUR = 3_600_000
const from = (address: string) => ({ name: 'ada', password: PASSWORD, address })
const wrong = (address: string, name = 'ada') => ({
  name,
  password: new Secret('not the password'),
  address,
})

test('a user signs in whatever the capitals of the name', async () => {
  const { principal } = await access.signIn(from('192.0.2.1'))
  assert.equal(principal.name, 'Ada')
  assert.equal(principal.workspaceId, 'default')
})

test('an unknown user and a wrong password get the same answer', async () => {
  const known = await access.signIn(wrong('192.0.2.2')).catch((error) => error)
  const unknown = await access.signIn(wrong('192.0.2.2', 'nobody')).catch((error) => error)
  assert.equal(known.code, 'sign_in_refused')
  assert.deepEqual(unknown.toJSON(), known.toJSON())
})

test('a refused sign-in is in the audit log, of an unknown name without the name', async () => {
  await access.signIn(wrong('192.0.2.77', 'nobody-with-a-password')).catch(() => undefined)
  const { entries } = await createAuditLog({ store, clock }).list('default')
  const entry = entries.find(({ actor }) => actor.ip === '192.0.2.77')
  assert.equal(entry?.result, 'refused')
  assert.equal(entry.subject.id, 'unknown')
  assert.doesNotMatch(JSON.stringify(entry), /nobody/)
})

test('a session ends after twelve hours without use, and lives on when it is used', async () => {
  const { token } = await access.signIn(from('192.0.2.3'))
  const proof = { kind: 'session', token } as const
  clock.advance(11 * HOUR)
  await access.identify(proof)
  clock.advance(11 * HOUR)
  assert.equal((await access.identify(proof)).name, 'Ada')
  clock.advance(12 * HOUR)
  await assert.rejects(access.identify(proof), { code: 'not_signed_in' })
})

test('a session ends after fourteen days, however much it is used', async () => {
  const { token } = await access.signIn(from('192.0.2.4'))
  for (let hours = 0; hours < 14 * 24; hours += 8) {
    await access.identify({ kind: 'session', token })
    clock.advance(8 * HOUR)
  }
  await assert.rejects(access.identify({ kind: 'session', token }), { code: 'not_signed_in' })
})

test('a session that was signed out is over', async () => {
  const { token } = await access.signIn(from('192.0.2.5'))
  await access.signOut(token)
  await assert.rejects(access.identify({ kind: 'session', token }), { code: 'not_signed_in' })
})

test('the eleventh attempt on an account is refused, the right password too, for fifteen minutes', async () => {
  for (let attempt = 1; attempt <= 10; attempt += 1)
    await assert.rejects(access.signIn(wrong(`198.51.100.${attempt}`)), { code: 'sign_in_refused' })
  const refused = await access.signIn(from('198.51.100.11')).catch((error) => error)
  assert.equal(refused.code, 'too_many_attempts')
  assert.deepEqual(refused.explanation.retry, { when: 'later', afterMs: 15 * 60_000 })
  clock.advance(15 * 60_000)
  await access.signIn(from('198.51.100.11'))
})

test('attempts count also when they come at once', async () => {
  const attempts = Array.from({ length: 25 }, (_, at) =>
    access.signIn(wrong(`203.0.113.${at}`, 'crowd')).catch((error) => error.code),
  )
  const codes = await Promise.all(attempts)
  assert.equal(codes.filter((code) => code === 'sign_in_refused').length, 10)
})

test('one address may try fifty times, whatever the accounts, and locks none after that', async () => {
  const before = await countAttempts()
  const codes = []
  for (let at = 0; at < 60; at += 1)
    codes.push(await access.signIn(wrong('2001:db8::1', `user ${at}`)).catch(({ code }) => code))
  assert.equal(codes.filter((code) => code === 'sign_in_refused').length, 50)
  assert.equal(codes.at(-1), 'too_many_attempts')
  await assert.rejects(access.signIn(wrong('2001:db8:0:0:ffff::2')), { code: 'too_many_attempts' })
  assert.equal((await countAttempts()) - before, 50 + 1)
})

test('no token or password stands in the database', async () => {
  const { token } = first
  const rows = [
    await store.db.selectFrom('sessions').selectAll().execute(),
    await store.db.selectFrom('users').selectAll().execute(),
    await store.db.selectFrom('sign_in_attempts').selectAll().execute(),
  ]
  const text = JSON.stringify(rows)
  assert.ok(!text.includes(token.reveal()))
  assert.ok(!text.includes(PASSWORD.reveal()))
  assert.ok(!text.includes('nobody'))
})

async function countAttempts(): Promise<number> {
  return (await store.db.selectFrom('sign_in_attempts').select('count').execute()).length
}
