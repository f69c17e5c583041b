import assert from 'node:assert/strict'
import { test } from 'node:test'
import { PASSWORD, testAccess, tokenOf } from '../../../test/support/access.ts'
import { untilEnd } from '../../../test/support/until-end.ts'
import { Secret } from '../../kernel/index.ts'
import { createAuditLog } from '../audit/index.ts'

const NEXT = new Secret('another long enough password')

test('the first link makes the first user and signs in; then there is no link any more', async (t) => {
  const keep = untilEnd(t)
  const hub = keep(await testAccess())
  const token = await hub.setupToken()
  assert.deepEqual(await hub.access.readSetupLink(token), { kind: 'first-user' })
  const signedIn = await hub.access.useSetupLink({ token, name: ' Ada ', password: PASSWORD })
  const proof = { kind: 'session', token: signedIn.token } as const
  assert.equal((await hub.access.identify(proof)).name, 'Ada')
  assert.equal(await hub.access.firstLink(), undefined)
})

test('a link works once, also when it is used twice at the same time', async (t) => {
  const keep = untilEnd(t)
  const hub = keep(await testAccess())
  const token = await hub.setupToken()
  const uses = await Promise.allSettled([
    hub.access.useSetupLink({ token, name: 'Ada', password: PASSWORD }),
    hub.access.useSetupLink({ token, name: 'Eve', password: PASSWORD }),
  ])
  assert.deepEqual(uses.map(({ status }) => status).sort(), ['fulfilled', 'rejected'])
  await assert.rejects(hub.access.useSetupLink({ token, name: 'Eve', password: PASSWORD }), {
    code: 'setup_link_invalid',
  })
})

test('of two first links one makes the user, and the other is void', async (t) => {
  const keep = untilEnd(t)
  const hub = keep(await testAccess())
  const [one, other] = [await hub.setupToken(), await hub.setupToken()]
  const uses = await Promise.allSettled([
    hub.access.useSetupLink({ token: one, name: 'Ada', password: PASSWORD }),
    hub.access.useSetupLink({ token: other, name: 'Eve', password: PASSWORD }),
  ])
  assert.deepEqual(uses.map(({ status }) => status).sort(), ['fulfilled', 'rejected'])
})

test('a link ends after a day', async (t) => {
  const keep = untilEnd(t)
  const hub = keep(await testAccess())
  const token = await hub.setupToken()
  hub.clock.advance(24 * 3_600_000)
  await assert.rejects(hub.access.readSetupLink(token), { code: 'setup_link_invalid' })
})

test('a weak password is refused and leaves the link usable', async (t) => {
  const keep = untilEnd(t)
  const hub = keep(await testAccess())
  const token = await hub.setupToken()
  for (const weak of ['short', 'aaaaaaaaaaaaaaaa', 'ada.lovelace.1815'])
    await assert.rejects(
      hub.access.useSetupLink({ token, name: 'Ada.Lovelace.1815', password: new Secret(weak) }),
      { code: 'password_unsuitable', facts: { field: 'password' } },
    )
  await hub.access.useSetupLink({ token, name: 'Ada', password: PASSWORD })
})

test('a reset link sets a new password, keeps the name and ends every session', async (t) => {
  const keep = untilEnd(t)
  const hub = keep(await testAccess())
  const before = await hub.begin('Ada')
  const link = await hub.access.resetUser()
  const token = tokenOf(link.url)
  assert.deepEqual(await hub.access.readSetupLink(token), { kind: 'new-password', name: 'Ada' })
  await hub.access.useSetupLink({ token, name: 'ignored', password: NEXT })
  await assert.rejects(hub.access.identify({ kind: 'session', token: before.token }), {
    code: 'not_signed_in',
  })
  const address = '192.0.2.1'
  await assert.rejects(hub.access.signIn({ name: 'Ada', password: PASSWORD, address }), {
    code: 'sign_in_refused',
  })
  await hub.access.signIn({ name: 'Ada', password: NEXT, address })
})

test('the making of a reset link stands in the audit log', async (t) => {
  const keep = untilEnd(t)
  const hub = keep(await testAccess())
  const { principal } = await hub.begin('Ada')
  await hub.access.resetUser()
  const { entries } = await createAuditLog(hub).list('default')
  const [latest] = entries
  assert.equal(latest?.action, 'user.reset_link_made')
  assert.deepEqual([latest.actor.kind, latest.subject.id], ['hub', principal.id])
})

test('a second reset link takes the first one back', async (t) => {
  const keep = untilEnd(t)
  const hub = keep(await testAccess())
  await hub.begin('Ada')
  const token = tokenOf((await hub.access.resetUser('ada')).url)
  await hub.access.resetUser('ada')
  await assert.rejects(hub.access.readSetupLink(token), { code: 'setup_link_invalid' })
})

test('resetting a user who is not there names those who are', async (t) => {
  const keep = untilEnd(t)
  const hub = keep(await testAccess())
  await assert.rejects(hub.access.resetUser(), { code: 'user_not_named' })
  await hub.begin('Ada')
  await assert.rejects(hub.access.resetUser('Eve'), {
    code: 'user_not_found',
    facts: { names: ['Ada'] },
  })
})
