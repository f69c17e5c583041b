import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import fc from 'fast-check'
import type { OrganizationSwitches } from '../../src/dataverse/index.ts'
import { ID_SORTINGS } from '../../src/dataverse/store/id-sorting.ts'
import { SortedIds } from '../../src/dataverse/store/sorted-ids.ts'
import { cookieOf, fetchPage, type PlainRow, readAll, readFetchPages } from './pages.ts'
import { ADMIN, API, createRig, type Rig } from './rig.ts'

type IdOrder = OrganizationSwitches['idOrder']
const ORDERS: readonly IdOrder[] = ['uniqueidentifier', 'text', 'descending']

/** Each byte of an id set to 1, in the order in which people who tried it out say that SQL Server sorts them. */
const BY_SQL_SERVER = [
  '01000000-0000-0000-0000-000000000000',
  '00010000-0000-0000-0000-000000000000',
  '00000100-0000-0000-0000-000000000000',
  '00000001-0000-0000-0000-000000000000',
  '00000000-0100-0000-0000-000000000000',
  '00000000-0001-0000-0000-000000000000',
  '00000000-0000-0100-0000-000000000000',
  '00000000-0000-0001-0000-000000000000',
  '00000000-0000-0000-0001-000000000000',
  '00000000-0000-0000-0100-000000000000',
  '00000000-0000-0000-0000-000000000001',
  '00000000-0000-0000-0000-000000000100',
  '00000000-0000-0000-0000-000000010000',
  '00000000-0000-0000-0000-000001000000',
  '00000000-0000-0000-0000-000100000000',
  '00000000-0000-0000-0000-010000000000',
]

/** An id with its bytes from the one that weighs most. */
function weighed(id: string, order: IdOrder): string {
  if (order !== 'uniqueidentifier') return id
  const [first = '', second = '', third = '', fourth = '', fifth = ''] = id.split('-')
  const turned = (group: string) => Buffer.from(group, 'hex').reverse().toString('hex')
  return [fifth, fourth, turned(third), turned(second), turned(first)].join('')
}

function inOrder(ids: readonly string[], order: IdOrder): string[] {
  const sign = order === 'descending' ? -1 : 1
  return ids.toSorted((a, b) => (weighed(a, order) < weighed(b, order) ? -sign : sign))
}

const STAMP = Date.UTC(2020, 0, 1)

/** An organization with these accounts only, all of which were changed at the same moment. */
async function organizationOf(ids: readonly string[], order: IdOrder): Promise<Rig> {
  const rig = createRig({ accounts: 0, contacts: 0 }, [ADMIN])
  rig.organization.control.setSwitches({ idOrder: order })
  for (const [index, accountid] of ids.entries()) {
    const body = { accountid, name: index % 2 === 0 ? 'Even' : 'Odd', revenue: index % 3 }
    const reply = await rig.call('accounts', { method: 'POST', body })
    assert.equal(reply.status, 204, reply.text)
    rig.organization.control.changeRow('account', accountid, { modifiedon: STAMP })
  }
  return rig
}

const accountIds = (rows: readonly PlainRow[]) => rows.map((row) => String(row['accountid']))

async function listed(rig: Rig, query: string): Promise<string[]> {
  const { status, text, json } = await rig.call(query)
  assert.equal(status, 200, text)
  return accountIds(json.value)
}

const entity = (inner = '') =>
  `<entity name='account'><attribute name='accountid'/>${inner}</entity>`

test('SQL Server orders ids by their last bytes first', async () => {
  const rig = await organizationOf(BY_SQL_SERVER.toReversed(), 'uniqueidentifier')
  assert.deepEqual(await listed(rig, 'accounts?$select=accountid'), BY_SQL_SERVER)
})

const guids = fc.uniqueArray(
  fc.oneof(
    fc.uuid(),
    // Alike in all groups but one or two, so that each group has to decide.
    fc
      .tuple(fc.constantFrom(...BY_SQL_SERVER), fc.constantFrom(...BY_SQL_SERVER))
      .map(([one, other]) => one.replace(/[1]/g, '2').slice(0, 19) + other.slice(19)),
  ),
  { minLength: 3, maxLength: 24 },
)
const pageSize = fc.integer({ min: 1, max: 9 })

for (const order of ORDERS) {
  describe(`with the order ${order}`, () => {
    test('pages are whole and without repetition, ties stand in the order of ids', async () => {
      await fc.assert(
        fc.asyncProperty(guids, pageSize, async (ids, size) => {
          const rig = await organizationOf(ids, order)
          const sorted = inOrder(ids, order)
          for (const query of ['$orderby=modifiedon', '$orderby=modifiedon desc', '$count=true']) {
            const rows = await readAll(rig, `accounts?$select=accountid&${query}`, size)
            assert.deepEqual(accountIds(rows), sorted, query)
          }
          const tracked = await readAll(rig, 'accounts', size, ['odata.track-changes'])
          assert.deepEqual(accountIds(tracked), sorted)
          const byId = await readAll(rig, 'accounts?$orderby=accountid desc', size)
          assert.deepEqual(accountIds(byId), sorted.toReversed())
          const byName = await readAll(rig, 'accounts?$orderby=name desc,modifiedon', size)
          const even = sorted.filter((id) => ids.indexOf(id) % 2 === 0)
          const odd = sorted.filter((id) => ids.indexOf(id) % 2 === 1)
          assert.deepEqual(accountIds(byName), [...odd, ...even])
          const some = await readAll(rig, 'accounts?$filter=revenue eq 0', size)
          assert.deepEqual(
            accountIds(some),
            sorted.filter((id) => ids.indexOf(id) % 3 === 0),
          )
        }),
        { numRuns: 15 },
      )
    })

    test('FetchXML keeps to it, with and without an order', async () => {
      await fc.assert(
        fc.asyncProperty(guids, pageSize, async (ids, size) => {
          const rig = await organizationOf(ids, order)
          const sorted = inOrder(ids, order)
          const tied = entity("<order attribute='modifiedon' descending='true'/>")
          const byId = entity("<order attribute='accountid' descending='true'/>")
          assert.deepEqual(await readFetchPages(rig, entity(), size), sorted)
          assert.deepEqual(await readFetchPages(rig, tied, size), sorted)
          assert.deepEqual(await readFetchPages(rig, byId, size), sorted.toReversed())
        }),
        { numRuns: 10 },
      )
    })

    test('what is greater is what comes later', async () => {
      const ids = [...BY_SQL_SERVER, 'ffffffff-ffff-4fff-8fff-000000000000']
      const rig = await organizationOf(ids, order)
      const sorted = inOrder(ids, order)
      for (const [place, id] of sorted.entries()) {
        const filtered = (operator: string) =>
          listed(rig, `accounts?$select=accountid&$filter=accountid ${operator} ${id}`)
        assert.deepEqual(await filtered('gt'), sorted.slice(place + 1))
        assert.deepEqual(await filtered('ge'), sorted.slice(place))
        assert.deepEqual(await filtered('lt'), sorted.slice(0, place))
        assert.deepEqual(await filtered('le'), sorted.slice(0, place + 1))
        const after = `<filter><condition attribute='accountid' operator='gt' value='{${id.toUpperCase()}}'/></filter>`
        assert.deepEqual(await readFetchPages(rig, entity(after), 50), sorted.slice(place + 1))
      }
      const [low, high] = [sorted[3], sorted[7]]
      const between = `accounts?$filter=Microsoft.Dynamics.CRM.Between(PropertyName='accountid',PropertyValues=["${low}","${high}"])`
      assert.deepEqual(await listed(rig, between), sorted.slice(3, 8))
    })

    test('lookups and collections keep to it', async () => {
      const [parent = '', ...children] = BY_SQL_SERVER
      const rig = await organizationOf(BY_SQL_SERVER, order)
      for (const id of children) {
        const above = id === children[0] ? parent : children[0]
        const body = { 'parentaccountid@odata.bind': `/accounts(${above})` }
        const { status } = await rig.call(`accounts(${id})`, { method: 'PATCH', body })
        assert.equal(status, 204)
      }
      const sorted = inOrder(children.slice(1), order)
      const collection = `accounts(${children[0]})/account_parent_account`
      assert.deepEqual(accountIds(await readAll(rig, collection, 3)), sorted)
      const { json } = await rig.call(
        `accounts(${children[0]})?$expand=account_parent_account($select=name)`,
      )
      assert.deepEqual(accountIds(json.account_parent_account), sorted)
      const groups = await rig.call(
        'accounts?$apply=groupby((_parentaccountid_value),aggregate($count as rows))',
      )
      const parents = groups.json.value.map(
        (group: PlainRow) => group['_parentaccountid_value'] ?? null,
      )
      assert.deepEqual(parents, [null, ...inOrder([parent, children[0] ?? ''], order)])
      const turned = await rig.call(
        'accounts?$apply=groupby((_parentaccountid_value))&$orderby=_parentaccountid_value desc',
      )
      assert.deepEqual(
        turned.json.value.map((group: PlainRow) => group['_parentaccountid_value'] ?? null),
        parents.toReversed(),
      )
      const grouped =
        "<fetch aggregate='true'><entity name='account'><attribute name='parentaccountid' groupby='true' alias='above'/><order alias='above' descending='true'/></entity></fetch>"
      const fetched = await rig.call(`accounts?fetchXml=${encodeURIComponent(grouped)}`)
      assert.deepEqual(
        fetched.json.value.map((group: PlainRow) => group['above'] ?? null),
        parents.toReversed(),
      )
      const [less = '', greater] = inOrder([parent, children[0] ?? ''], order)
      const above = await listed(rig, `accounts?$filter=_parentaccountid_value gt ${less}`)
      assert.deepEqual(
        above,
        inOrder(greater === parent ? children.slice(0, 1) : children.slice(1), order),
      )
    })

    test('collections through a table between keep to it', async () => {
      const rig = await organizationOf(BY_SQL_SERVER, order)
      const lead = await rig.call('leads', { method: 'POST', body: { lastname: 'x' } })
      const address = String(lead.headers['odata-entityid'])
      for (const id of BY_SQL_SERVER) {
        const body = { '@odata.id': `${API}/accounts(${id})` }
        const path = `${address}/accountleads_association/$ref`
        assert.equal((await rig.call(path, { method: 'POST', body })).status, 204)
      }
      const rows = await readAll(rig, `${address}/accountleads_association`, 3)
      assert.deepEqual(accountIds(rows), inOrder(BY_SQL_SERVER, order))
    })
  })
}

test('a change while it runs orders anew what was kept in order', async () => {
  const ids = fc.sample(fc.uuid(), { seed: 1, numRuns: 12 })
  const rig = await organizationOf(ids, 'uniqueidentifier')
  const seen = new Set<string>()
  for (const idOrder of [...ORDERS, ...ORDERS]) {
    rig.organization.control.setSwitches({ idOrder })
    const sorted = inOrder(ids, idOrder)
    for (const query of [
      'accounts',
      'accounts?$orderby=modifiedon',
      'accounts?$orderby=name,revenue',
    ]) {
      seen.add((await listed(rig, query)).join())
    }
    assert.deepEqual(await listed(rig, 'accounts'), sorted)
    assert.deepEqual(await listed(rig, 'accounts?$orderby=modifiedon'), sorted)
    assert.deepEqual(await listed(rig, 'accounts?$orderby=modifiedon desc'), sorted)
  }
  assert.equal(seen.size, 2 * ORDERS.length)
})

test('a cookie from another order is refused by name, and good again in its own', async () => {
  const rig = await organizationOf(BY_SQL_SERVER, 'text')
  const { control } = rig.organization
  const headers = { prefer: 'odata.maxpagesize=5' }
  const tracked = { prefer: 'odata.maxpagesize=5,odata.track-changes' }
  const asks: (() => ReturnType<Rig['call']>)[] = []
  for (const query of ['accounts', 'accounts?$orderby=modifiedon', 'accounts?$orderby=name']) {
    const { json } = await rig.call(query, { headers })
    asks.push(() => rig.call(json['@odata.nextLink'], { headers }))
  }
  const whole = await rig.call('accounts', { headers: tracked })
  asks.push(() => rig.call(whole.json['@odata.nextLink'], { headers: tracked }))
  for (const inner of ['', "<order attribute='modifiedon'/>"]) {
    const cookie = cookieOf(await fetchPage(rig, entity(inner), { count: 5, page: 1, cookie: '' }))
    assert.notEqual(cookie, '')
    asks.push(() => fetchPage(rig, entity(inner), { count: 5, page: 2, cookie }))
  }
  const before = await Promise.all(asks.map((ask) => ask()))
  for (const idOrder of ['uniqueidentifier', 'descending'] as const) {
    control.setSwitches({ idOrder })
    for (const ask of asks) {
      const refused = await ask()
      assert.equal(refused.status, 501)
      assert.ok(String(refused.headers['x-sandbox-not-supported']).includes("'idOrder'"))
    }
  }
  control.setSwitches({ idOrder: 'text' })
  for (const [index, ask] of asks.entries()) {
    const again = await ask()
    assert.equal(again.status, 200, again.text)
    assert.deepEqual(again.json.value, before[index]?.json.value)
  }
})

test('a delta, and the pages of one, do not depend on the order of ids', async () => {
  const rig = await organizationOf(BY_SQL_SERVER, 'uniqueidentifier')
  const { control } = rig.organization
  const start = await rig.call('accounts', { headers: { prefer: 'odata.track-changes' } })
  for (const accountid of BY_SQL_SERVER) {
    control.changeRow('account', accountid, { name: 'Changed' })
  }
  control.setSwitches({ idOrder: 'text' })
  const headers = { prefer: 'odata.maxpagesize=7' }
  const first = await rig.call(start.json['@odata.deltaLink'], { headers })
  control.setSwitches({ idOrder: 'descending' })
  const second = await rig.call(first.json['@odata.nextLink'], { headers })
  const third = await rig.call(second.json['@odata.nextLink'], { headers })
  const told = [first, second, third].flatMap(({ json }) => accountIds(json.value))
  assert.deepEqual(told, BY_SQL_SERVER)
})

test('ids that the sandbox makes rise in the order of SQL Server', async () => {
  const { call } = createRig({ accounts: 300, contacts: 0 }, [ADMIN])
  const made: string[] = []
  for (let index = 0; index < 20; index += 1) {
    const { headers } = await call('accounts', { method: 'POST', body: { name: 'x' } })
    made.push(/\(([^)]+)\)/.exec(String(headers['odata-entityid']))?.[1] ?? '')
  }
  assert.deepEqual(inOrder(made, 'uniqueidentifier'), made)
  const all = accountIds((await call('accounts?$select=accountid')).json.value)
  assert.deepEqual(all.slice(-20), made)
})

test('whatever comes, goes and is switched, the kept order is that of all ids', () => {
  const step = fc.oneof(
    fc.record({ add: fc.uuid() }),
    fc.record({ remove: fc.nat(60) }),
    fc.record({ sorting: fc.constantFrom(...ORDERS) }),
    fc.record({ readAfter: fc.nat(60) }),
  )
  fc.assert(
    fc.property(fc.array(step, { maxLength: 120 }), (steps) => {
      let order: IdOrder = 'uniqueidentifier'
      const kept = new SortedIds(() => ID_SORTINGS[order])
      const slots = new Map<string, number>()
      const at = (place: number) => [...slots.keys()][place % Math.max(1, slots.size)]
      for (const [slot, one] of steps.entries()) {
        if ('sorting' in one) order = one.sorting
        if ('add' in one && !slots.has(one.add)) {
          slots.set(one.add, slot)
          kept.add(one.add, slot)
        }
        if ('remove' in one) {
          const id = at(one.remove)
          if (id === undefined) continue
          slots.delete(id)
          kept.delete(id)
        }
        if (!('readAfter' in one)) continue
        const id = at(one.readAfter)
        const sorted = inOrder([...slots.keys()], order)
        const rest = id === undefined ? [] : sorted.slice(sorted.indexOf(id) + 1)
        const slotsOf = (ids: readonly string[]) => ids.map((each) => slots.get(each))
        assert.deepEqual([...kept.after(undefined)], slotsOf(sorted))
        assert.deepEqual([...kept.after(id)], slotsOf(id === undefined ? sorted : rest))
      }
    }),
    { numRuns: 200 },
  )
})
