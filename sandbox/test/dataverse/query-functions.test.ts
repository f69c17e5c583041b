import assert from 'node:assert/strict'
import { before, describe, test } from 'node:test'
import { conditionTest } from '../../src/dataverse/query/conditions.ts'
import { loadSchema } from '../../src/dataverse/schema/load.ts'
import type { Column } from '../../src/dataverse/schema/model.ts'
import { Database } from '../../src/dataverse/store/database.ts'
import { ID_SORTINGS } from '../../src/dataverse/store/id-sorting.ts'
import { createRig, type Rig } from './rig.ts'

const DAY = 86_400_000
const NOW = Date.UTC(2026, 5, 15, 12)
/** Opportunities named by the time of their estimated close, days from the rig's now. */
const DAYS = [-800, -380, -170, -80, -8, -1, 0, 1, 8, 80, 170, 380, 800]

describe("Dataverse's own query functions", () => {
  let rig: Rig
  let accounts: string[]
  const names = async (set: string, condition: string, parameters = ''): Promise<string[]> => {
    const filter = `Microsoft.Dynamics.CRM.${condition.replace('(', '(PropertyName=')}`
    const { status, text, json } = await rig.call(
      `${set}?$select=name&$orderby=name&$filter=${filter}${parameters}`,
    )
    assert.equal(status, 200, text)
    return json.value.map((row: { name: string }) => row.name)
  }
  const days = async (condition: string): Promise<number[]> =>
    (await names('opportunities', condition)).map(Number).sort((a, b) => a - b)

  before(async () => {
    rig = createRig({ accounts: 0, contacts: 0 })
    const create = async (set: string, body: Record<string, unknown>) => {
      const reply = await rig.call(set, {
        method: 'POST',
        body,
        headers: { prefer: 'return=representation' },
      })
      assert.equal(reply.status, 201, reply.text)
      return reply.json
    }
    for (const day of DAYS) {
      const date = new Date(NOW + day * DAY).toISOString().slice(0, 10)
      await create('opportunities', { name: String(day), estimatedclosedate: date })
    }
    accounts = []
    for (const name of ['top', 'middle', 'bottom', 'other']) {
      const above = name === 'other' ? undefined : accounts.at(-1)
      const link = above ? { 'parentaccountid@odata.bind': `/accounts(${above})` } : {}
      accounts.push((await create('accounts', { name, ...link })).accountid)
    }
  })

  const FISCAL: readonly [condition: string, days: readonly number[]][] = [
    ["ThisFiscalPeriod('estimatedclosedate')", [-8, -1, 0, 1, 8]],
    ["LastFiscalPeriod('estimatedclosedate')", [-80]],
    ["NextFiscalPeriod('estimatedclosedate')", [80]],
    ["ThisFiscalYear('estimatedclosedate')", [-80, -8, -1, 0, 1, 8, 80, 170]],
    ["LastFiscalYear('estimatedclosedate')", [-380, -170]],
    ["NextFiscalYear('estimatedclosedate')", [380]],
    ["InFiscalYear('estimatedclosedate',PropertyValue=2027)", [380]],
    ["InFiscalPeriod('estimatedclosedate',PropertyValue=1)", [-80]],
    [
      "InFiscalPeriodAndYear('estimatedclosedate',PropertyValue1=2,PropertyValue2=2026)",
      [-8, -1, 0, 1, 8],
    ],
    [
      "InOrAfterFiscalPeriodAndYear('estimatedclosedate',PropertyValue1=4,PropertyValue2=2026)",
      [170, 380, 800],
    ],
    [
      "InOrBeforeFiscalPeriodAndYear('estimatedclosedate',PropertyValue1=2,PropertyValue2=2025)",
      [-800, -380],
    ],
    ["LastXFiscalPeriods('estimatedclosedate',PropertyValue=2)", [-170, -80]],
    ["NextXFiscalYears('estimatedclosedate',PropertyValue=1)", [380]],
  ]
  for (const [condition, expected] of FISCAL) {
    test(condition, async () => {
      assert.deepEqual(await days(condition), expected)
    })
  }

  test('the functions of a hierarchy follow the lookup that leads to the parent', async () => {
    const of = (name: string, id: string | undefined) =>
      names('accounts', `${name}('accountid',PropertyValue='${id}')`)
    assert.deepEqual(await of('Under', accounts[0]), ['bottom', 'middle'])
    assert.deepEqual(await of('UnderOrEqual', accounts[1]), ['bottom', 'middle'])
    assert.deepEqual(await of('NotUnder', accounts[0]), ['other', 'top'])
    assert.deepEqual(await of('Above', accounts[2]), ['middle', 'top'])
    assert.deepEqual(await of('AboveOrEqual', accounts[1]), ['middle', 'top'])
  })

  test('a circle in the hierarchy does not turn forever', async () => {
    const [top, middle] = accounts
    const link = (parent: string | null | undefined) =>
      rig.call(`accounts(${top})`, {
        method: 'PATCH',
        body: { 'parentaccountid@odata.bind': parent && `/accounts(${parent})` },
      })
    assert.equal((await link(middle)).status, 204)
    const found = await names('accounts', `Above('accountid',PropertyValue='${top}')`)
    assert.deepEqual(found, ['middle', 'top'])
    assert.equal((await link(null)).status, 204)
  })

  test('the functions of the caller know his teams and those below him', async () => {
    const all = ['bottom', 'middle', 'other', 'top']
    for (const name of [
      'EqualUserOrUserTeams',
      'EqualUserOrUserHierarchy',
      'EqualUserOrUserHierarchyAndTeams',
      'EqualUserId',
    ]) {
      assert.deepEqual(await names('accounts', `${name}('ownerid')`), all, name)
    }
    assert.deepEqual(await names('accounts', "EqualUserTeams('ownerid')"), [])
    assert.deepEqual(await names('accounts', "EqualBusinessId('owningbusinessunit')"), all)
  })

  const MISTAKES: readonly [name: string, filter: string, says: string][] = [
    [
      'not before a function',
      "not Microsoft.Dynamics.CRM.Today(PropertyName='createdon')",
      'Not operator along with the Custom Named Condition operators is not allowed',
    ],
    [
      'one value instead of two',
      "Microsoft.Dynamics.CRM.InFiscalPeriodAndYear(PropertyName='createdon',PropertyValue=2)",
      "'PropertyValue1' of InFiscalPeriodAndYear is missing",
    ],
    [
      'a parameter that the function does not have',
      "Microsoft.Dynamics.CRM.Today(PropertyName='createdon',PropertyValue=1)",
      "'Today' has no parameter 'PropertyValue'",
    ],
    [
      'a hierarchy function on another column',
      "Microsoft.Dynamics.CRM.Under(PropertyName='name',PropertyValue='3f1b8a52-0c6f-4d0e-9a3e-5b7c2f10a001')",
      'has no hierarchical relationship',
    ],
    [
      'choices of a column with one choice',
      'Microsoft.Dynamics.CRM.ContainValues(PropertyName=\'statecode\',PropertyValues=["0"])',
      'needs a choices column',
    ],
    [
      'a user function on text',
      "Microsoft.Dynamics.CRM.EqualUserId(PropertyName='name')",
      'needs a lookup or an id',
    ],
  ]
  for (const [name, filter, says] of MISTAKES) {
    test(`${name} is refused`, async () => {
      const { status, json } = await rig.call(`accounts?$filter=${filter}`)
      assert.equal(status, 400)
      assert.ok(json.error.message.includes(says), json.error.message)
    })
  }
})

test('choices columns are tested value by value', () => {
  const [status] = loadSchema().tables.get('account')?.columns ?? []
  assert.ok(status)
  const column: Column = { ...status, type: 'MultiSelectPicklist', edm: 'Edm.String' }
  const database = new Database(
    loadSchema(),
    () => '',
    () => ID_SORTINGS.text,
  )
  const caller = { user: { table: 'systemuser', id: '' }, unit: null }
  const scope = { database, caller, now: NOW }
  const of = (name: string) =>
    conditionTest(scope, {
      name,
      column,
      items: () => ['2', 3],
      text: () => '',
      pair: () => ['', ''],
    })
  const values = ['1,2', '3', '12,30', null]
  assert.deepEqual(values.map(of('ContainValues')), [true, true, false, null])
  assert.deepEqual(values.map(of('DoesNotContainValues')), [false, false, true, null])
})
