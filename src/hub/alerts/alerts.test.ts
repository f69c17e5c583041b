import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { testDatabase } from '../../../test/support/database.ts'
import { FakeClock } from '../../../test/support/fake-clock.ts'
import { silentLogger, systemRandom } from '../../kernel/index.ts'
import { createAlerts, type Notice } from './alerts.ts'

const database = await testDatabase()
const store = await database.open()
const clock = new FakeClock()
const alerts = createAlerts({ store, clock, random: systemRandom, logger: silentLogger })
after(async () => {
  await store.close()
  await database.drop()
})

const notice: Notice = {
  subject: 'auth-client/1/expiry',
  kind: 'auth_client_expiry',
  level: 'warning',
  occurrence: '30',
  code: 'secret_expires_soon',
  explanation: {
    what: 'A secret ends.',
    why: 'It was made two years ago.',
    remedy: 'Make a new one.',
    who: 'entra-administrator',
    retry: { when: 'never' },
  },
  facts: { days: 30 },
}

test('an alert tells all that it was raised with', async () => {
  await alerts.raise('whole', notice)
  const [alert] = await alerts.list('whole')
  assert.deepEqual({ ...alert, ...notice }, alert)
  assert.equal(alert?.raisedAt, clock.now())
})

test('the same occurrence is raised once, however many processes see it', async () => {
  const raised = await Promise.all(Array.from({ length: 8 }, () => alerts.raise('same', notice)))
  assert.equal(raised.filter(Boolean).length, 1)
  assert.equal((await alerts.list('same')).length, 1)
})

test('the next occurrence takes the place of the one before', async () => {
  await alerts.raise('next', notice)
  assert.equal(await alerts.raise('next', { ...notice, occurrence: '14' }), true)
  const list = await alerts.list('next')
  assert.deepEqual(
    list.map(({ occurrence }) => occurrence),
    ['14'],
  )
})

test('a cleared alert is listed only when all are asked for, and can be raised again', async () => {
  await alerts.raise('cleared', notice)
  assert.equal(await alerts.clear('cleared', notice.subject), true)
  assert.equal(await alerts.clear('cleared', notice.subject), false)
  assert.deepEqual(await alerts.list('cleared'), [])
  assert.equal((await alerts.list('cleared', { all: true })).length, 1)
  assert.equal(await alerts.raise('cleared', notice), true)
})

test('another workspace neither sees nor clears an alert', async () => {
  await alerts.raise('mine', notice)
  assert.equal(await alerts.clear('theirs', notice.subject), false)
  assert.deepEqual(await alerts.list('theirs'), [])
})
