import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { Graveyard } from '../../src/dataverse/store/graveyard.ts'
import { ADMIN, createRig, READER, type Rig, tokenOf } from './rig.ts'

const DAY = 86_400_000

interface Synced {
  readonly rows: Map<string, string>
  link: string
}

/** Reads all pages of a tracked list or of a delta, and applies them as a client does. */
async function sync(
  rig: Rig,
  start: string,
  pageSize: number,
  into: Synced,
  between: () => Promise<void> = async () => undefined,
): Promise<void> {
  let link: string | undefined = start
  while (link !== undefined) {
    const reply = await rig.call(link, {
      headers: { prefer: `odata.track-changes,odata.maxpagesize=${pageSize}` },
    })
    assert.equal(reply.status, 200, reply.text)
    for (const item of reply.json.value) {
      if (item.reason === 'deleted') into.rows.delete(item.id)
      else into.rows.set(item.accountid, item.name)
    }
    link = reply.json['@odata.nextLink']
    assert.equal('@odata.deltaLink' in reply.json, link === undefined)
    if (link === undefined) into.link = reply.json['@odata.deltaLink']
    else await between()
  }
}

async function names(rig: Rig): Promise<[string, string][]> {
  const { json } = await rig.call('accounts?$select=name')
  return json.value.map((row: { accountid: string; name: string }) => [row.accountid, row.name])
}

test('whatever happens, and while pages are read, a client that follows the links has all rows', async () => {
  const step = fc.record({
    kind: fc.constantFrom('create', 'update', 'delete'),
    which: fc.nat(50),
  })
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.array(step, { maxLength: 4 }), { maxLength: 12 }),
      fc.integer({ min: 1, max: 6 }),
      async (rounds, pageSize) => {
        const rig = createRig({ accounts: 8, contacts: 0 })
        const waiting = [...rounds]
        let made = 0
        const change = async (): Promise<void> => {
          for (const { kind, which } of waiting.shift() ?? []) {
            const all = await names(rig)
            const id = all[which % Math.max(1, all.length)]?.[0]
            made += 1
            const body = { name: `change ${made}` }
            if (kind === 'create') await rig.call('accounts', { method: 'POST', body })
            else if (id && kind === 'delete')
              await rig.call(`accounts(${id})`, { method: 'DELETE' })
            else if (id) await rig.call(`accounts(${id})`, { method: 'PATCH', body })
          }
        }
        const client: Synced = { rows: new Map(), link: 'accounts?$select=name' }
        while (waiting.length > 0) {
          await sync(rig, client.link, pageSize, client, change)
          await change()
        }
        await sync(rig, client.link, pageSize, client)
        assert.deepEqual(client.rows, new Map(await names(rig)))
      },
    ),
    { numRuns: 30 },
  )
})

test('a row created and deleted between two deltas is told as deleted', async () => {
  const rig = createRig({ accounts: 1, contacts: 0 })
  const first = await rig.call('accounts', { headers: { prefer: 'odata.track-changes' } })
  const created = await rig.call('accounts', { method: 'POST', body: { name: 'brief' } })
  const id = /\(([^)]+)\)/.exec(String(created.headers['odata-entityid']))?.[1]
  await rig.call(`accounts(${id})`, { method: 'DELETE' })
  const { json } = await rig.call(first.json['@odata.deltaLink'])
  assert.deepEqual(
    json.value.map((item: { id: string; reason: string }) => [item.id, item.reason]),
    [[id, 'deleted']],
  )
})

test('what goes with a deleted row is told as deleted too', async () => {
  const rig = createRig({ accounts: 1, contacts: 0 })
  const [account] = await names(rig)
  const start = await rig.call('contacts?$select=fullname', {
    headers: { prefer: 'odata.track-changes' },
  })
  await rig.call('contacts', {
    method: 'POST',
    body: { lastname: 'x', 'parentcustomerid_account@odata.bind': `/accounts(${account?.[0]})` },
  })
  await rig.call(`accounts(${account?.[0]})`, { method: 'DELETE' })
  const { json } = await rig.call(start.json['@odata.deltaLink'])
  assert.equal(json.value.at(-1).reason, 'deleted')
})

test('a token older than seven days has expired; a switch changes the days', async () => {
  const rig = createRig({ accounts: 1, contacts: 0 })
  const { json } = await rig.call('accounts', { headers: { prefer: 'odata.track-changes' } })
  rig.move(7 * DAY)
  const token = tokenOf(ADMIN, { exp: 4_000_000_000 })
  assert.equal((await rig.call(json['@odata.deltaLink'], { token })).status, 200)
  rig.move(1_000)
  const late = await rig.call(json['@odata.deltaLink'], { token })
  assert.equal(late.status, 400)
  assert.deepEqual(late.json.error, {
    code: '0x80044352',
    message: 'Version stamp associated with the client has expired. Please perform a full sync.',
  })
  rig.organization.control.setSwitches({ changeRetentionDays: 30 })
  assert.equal((await rig.call(json['@odata.deltaLink'], { token })).status, 200)
})

test('a token of another life of the organization has expired', async () => {
  const rig = createRig({ accounts: 1, contacts: 0 })
  const reply = await rig.call('accounts?$deltatoken=999999999%2106%2f15%2f2026%2012%3a00%3a00')
  assert.equal(reply.json.error.code, '0x80044352')
  const invented = await rig.call('accounts?$deltatoken=yesterday')
  assert.equal(invented.status, 400)
})

test('who may not read all rows may not follow changes', async () => {
  const user = {
    ...READER,
    entraObjectId: '11111111-0000-4000-8000-000000000009',
    roles: ['Basic User'],
  }
  const rig = createRig({ accounts: 1, contacts: 0 }, [READER, user])
  const headers = { prefer: 'odata.track-changes' }
  assert.equal((await rig.call('accounts', { headers, token: tokenOf(READER) })).status, 200)
  const refused = await rig.call('accounts', { headers, token: tokenOf(user) })
  assert.equal(refused.status, 403)
  assert.equal(refused.json.error.code, '0x80040220')
  assert.ok(refused.json.error.message.includes('prvReadAccount'))
})

test('a switch loses the delta link beside display texts of lookups', async () => {
  const rig = createRig({ accounts: 1, contacts: 0 })
  rig.organization.control.setSwitches({ deltaLink: 'lostWithLookups' })
  const prefer =
    'odata.track-changes,odata.include-annotations="OData.Community.Display.V1.FormattedValue"'
  const ask = async (select: string) => {
    const { json } = await rig.call(`accounts?$select=${select}`, { headers: { prefer } })
    return '@odata.deltaLink' in json
  }
  assert.equal(await ask('name,_ownerid_value'), false)
  assert.equal(await ask('name'), true)
})

test('deletions beyond the most that are kept make older tokens expire', () => {
  const graveyard = new Graveyard(4)
  for (let version = 1; version <= 5; version += 1) graveyard.add('account', { id: 'x', version })
  assert.equal(graveyard.since('account', 1), undefined)
  assert.deepEqual(
    graveyard.since('account', 2)?.map(({ version }) => version),
    [3, 4, 5],
  )
})

test('a deletion that is taken back leaves nothing', async () => {
  const rig = createRig({ accounts: 1, contacts: 0 })
  const { json } = await rig.call('accounts', { headers: { prefer: 'odata.track-changes' } })
  const [account] = await names(rig)
  const part = (method: string, path: string, id: number) =>
    `--c\r\nContent-Type: application/http\r\nContent-Transfer-Encoding: binary\r\nContent-ID: ${id}\r\n\r\n${method} /api/data/v9.2/${path} HTTP/1.1\r\n\r\n\r\n`
  const body = `--b\r\nContent-Type: multipart/mixed;boundary=c\r\n\r\n${part('DELETE', `accounts(${account?.[0]})`, 1)}${part('DELETE', 'accounts(3f1b8a52-0c6f-4d0e-9a3e-5b7c2f10a001)', 2)}--c--\r\n--b--\r\n`
  const reply = await rig.call('$batch', {
    method: 'POST',
    body,
    headers: { 'content-type': 'multipart/mixed;boundary=b' },
  })
  assert.ok(reply.text.includes('0x80040217'), reply.text)
  const delta = await rig.call(json['@odata.deltaLink'])
  assert.deepEqual(delta.json.value, [])
})

test('a row that was deleted and is there again is told as that row', async () => {
  const rig = createRig({ accounts: 1, contacts: 0 })
  const first = await rig.call('accounts', { headers: { prefer: 'odata.track-changes' } })
  const [account] = await names(rig)
  const path = `accounts(${account?.[0]})`
  await rig.call(path, { method: 'DELETE' })
  await rig.call(path, { method: 'PATCH', body: { name: 'again' } })
  const { json } = await rig.call(first.json['@odata.deltaLink'])
  assert.deepEqual(
    json.value.map((item: { name?: string; reason?: string }) => item.reason ?? item.name),
    ['again'],
  )
})
