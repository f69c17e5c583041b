import assert from 'node:assert/strict'
import { test } from 'node:test'
import { setImmediate } from 'node:timers/promises'
import {
  type Reply,
  type SeenRequest,
  startDataverseServer,
} from '../../../test/support/dataverse-server.ts'
import { FakeClock } from '../../../test/support/fake-clock.ts'
import { createMetadataCache } from './cache.ts'

const MINUTE = 60_000
const DAY = 24 * 60 * MINUTE

const table = (name: string, label: string, id = `id-${name}`) => ({
  LogicalName: name,
  MetadataId: id,
  DisplayName: { UserLocalizedLabel: { Label: label } },
  Attributes: [
    {
      LogicalName: `${name}id`,
      AttributeType: 'Uniqueidentifier',
      IsValidForRead: true,
    },
  ],
})

const EXPIRED = {
  status: 400,
  body: { error: { code: '0x80044352', message: 'Version stamp has expired.' } },
}

/** A service whose definitions and stamp the test sets. */
async function start(t: Parameters<typeof startDataverseServer>[0]) {
  const service = {
    tables: [table('account', 'Account'), table('contact', 'Contact')],
    changed: [] as object[],
    deleted: [] as string[],
    stamp: 1,
    expired: false,
    fault: undefined as Reply | undefined,
  }
  const answer = ({ path }: SeenRequest): Reply => {
    if (service.fault !== undefined) return service.fault
    const text = decodeURIComponent(path)
    const since = /@p2='(\d+)!'/.exec(text)?.[1]
    if (service.expired && since !== undefined) return EXPIRED
    const only = /"Value":"(\w+)"/.exec(text)?.[1]
    const all = since === undefined ? service.tables : service.changed
    const items = service.deleted.length === 0 || since === undefined ? [] : service.deleted
    return {
      body: {
        ServerVersionStamp: `${service.stamp}!`,
        EntityMetadata: all.filter((one) => !only || Object(one).LogicalName === only),
        DeletedMetadata: { Count: items.length, Keys: ['Default'], Values: [{ Items: items }] },
      },
    }
  }
  const server = await startDataverseServer(t, answer)
  const clock = new FakeClock()
  const metadataCache = createMetadataCache({ maxEntries: 10 })
  const { metadata } = server.client({ clock, metadataCache })
  const stamps = () =>
    server.requests.map(({ path }) => /@p2='(\d+)!'/.exec(decodeURIComponent(path))?.[1])
  /** Asks, and waits until what was started in the background is done. */
  const label = async () => {
    const before = server.requests.length
    const { label: found } = await metadata.table('account')
    await settled()
    return [found, server.requests.length - before]
  }
  const settled = async () => {
    let seen = -1
    for (let quiet = 0; quiet < 20; quiet += 1) {
      if (server.requests.length !== seen) quiet = 0
      seen = server.requests.length
      await setImmediate()
    }
    await metadataCache.once('https://idle', setImmediate)
  }
  return { service, server, clock, metadata, stamps, label, settled }
}

test('what is a minute old is given out without a request', async (t) => {
  const { clock, label } = await start(t)
  assert.deepEqual(await label(), ['Account', 1])
  clock.advance(MINUTE)
  assert.deepEqual(await label(), ['Account', 0])
})

test('older definitions are given out at once, and only changes are asked for, from the last stamp on', async (t) => {
  const { service, clock, label, stamps } = await start(t)
  await label()
  clock.advance(MINUTE + 1)
  service.stamp = 2
  assert.deepEqual(await label(), ['Account', 1])
  assert.deepEqual(await label(), ['Account', 0])
  clock.advance(MINUTE + 1)
  await label()
  assert.deepEqual(stamps(), [undefined, '1', '2'])
})

test('a table that changed is read again, for the caller after the one that found out', async (t) => {
  const { service, clock, label } = await start(t)
  await label()
  service.tables = [table('account', 'Customer')]
  service.changed = [{ LogicalName: 'account', MetadataId: 'id-account' }]
  clock.advance(MINUTE + 1)
  assert.deepEqual(await label(), ['Account', 2])
  assert.deepEqual(await label(), ['Customer', 0])
})

test('where something is gone, of whatever table, a table is read again', async (t) => {
  const { service, clock, label } = await start(t)
  await label()
  service.deleted = ['some-column']
  clock.advance(MINUTE + 1)
  assert.deepEqual(await label(), ['Account', 2])
})

test('the list takes up what changed and drops what is gone, without being read again', async (t) => {
  const { service, server, clock, metadata, settled } = await start(t)
  await metadata.tables()
  service.changed = [table('account', 'Customer'), table('new_boat', 'Boat')]
  service.deleted = ['id-contact']
  clock.advance(MINUTE + 1)
  await metadata.tables()
  await settled()
  const tables = await metadata.tables()
  assert.deepEqual(
    tables.map(({ logicalName, label }) => [logicalName, label]),
    [
      ['account', 'Customer'],
      ['new_boat', 'Boat'],
    ],
  )
  assert.equal(server.requests.length, 2)
})

test('where the stamp is too old, everything is read again', async (t) => {
  const { service, clock, label } = await start(t)
  await label()
  service.tables = [table('account', 'Customer')]
  service.expired = true
  clock.advance(MINUTE + 1)
  assert.deepEqual(await label(), ['Account', 2])
  assert.deepEqual(await label(), ['Customer', 0])
})

test('a refresh that fails leaves what there is, and the next call tries again', async (t) => {
  const { service, clock, label } = await start(t)
  await label()
  clock.advance(MINUTE + 1)
  service.fault = { status: 403, body: { error: { code: '0x80040220', message: 'no' } } }
  assert.deepEqual(await label(), ['Account', 1])
  service.fault = undefined
  assert.deepEqual(await label(), ['Account', 1])
  assert.deepEqual(await label(), ['Account', 0])
})

test('what is older than a day, or of the future, is waited for', async (t) => {
  const { service, clock, label } = await start(t)
  await label()
  service.tables = [table('account', 'Customer')]
  clock.advance(DAY + 1)
  assert.deepEqual(await label(), ['Customer', 1])
  clock.advance(-1)
  assert.deepEqual(await label(), ['Customer', 1])
})

test('many calls at once lead to one refresh', async (t) => {
  const { server, clock, metadata, settled } = await start(t)
  await metadata.tables()
  clock.advance(MINUTE + 1)
  await Promise.all(Array.from({ length: 50 }, () => metadata.tables()))
  await settled()
  assert.equal(server.requests.length, 2)
})
