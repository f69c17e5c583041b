import assert from 'node:assert/strict'
import { before, describe, test } from 'node:test'
import fc from 'fast-check'
import { functionOf } from '../../src/dataverse/fetch/operators.ts'
import { readFetchPages } from './pages.ts'
import { createRig, type Rig } from './rig.ts'

/** One condition, as FetchXML and as OData write it. */
interface Twin {
  readonly xml: string
  readonly filter: string
}

const columns = fc.constantFrom('numberofemployees', 'revenue', 'statecode', 'industrycode')
const compared: fc.Arbitrary<Twin> = fc
  .tuple(columns, fc.constantFrom('eq', 'ne', 'gt', 'ge', 'lt', 'le'), fc.nat(5_000))
  .map(([column, operator, value]) => ({
    xml: `<condition attribute='${column}' operator='${operator}' value='${value}'/>`,
    filter: `${column} ${operator} ${value}`,
  }))
const likened: fc.Arbitrary<Twin> = fc.constantFrom('a', 'Group', 'x_', '%e%').map((value) => ({
  xml: `<condition attribute='name' operator='like' value='%${value}%'/>`,
  filter: `contains(name,'${value}')`,
}))
const empty: fc.Arbitrary<Twin> = fc
  .constantFrom('description', 'revenue', 'parentaccountid', 'primarycontactid')
  .map((column) => ({
    xml: `<condition attribute='${column}' operator='null'/>`,
    filter: `${column.endsWith('id') ? `_${column}_value` : column} eq null`,
  }))
const { twin } = fc.letrec<{ twin: Twin }>((tie) => ({
  twin: fc.oneof(
    { depthSize: 'small' },
    compared,
    likened,
    empty,
    fc
      .tuple(fc.constantFrom('and', 'or'), fc.array(tie('twin'), { minLength: 1, maxLength: 3 }))
      .map(([type, parts]) => ({
        xml: `<filter type='${type}'>${parts.map(({ xml }) => xml).join('')}</filter>`,
        filter: `(${parts.map(({ filter }) => filter).join(` ${type} `)})`,
      })),
  ),
}))

describe('FetchXML and OData', () => {
  let rig: Rig
  const fetchIds = async (xml: string): Promise<string[]> => {
    const reply = await rig.call(`accounts?fetchXml=${encodeURIComponent(xml)}`)
    assert.equal(reply.status, 200, `${xml}: ${reply.text}`)
    return reply.json.value.map((row: { accountid: string }) => row.accountid)
  }
  before(() => {
    rig = createRig({ accounts: 60, contacts: 60 })
  })

  test('find the same rows by the same conditions', async () => {
    await fc.assert(
      fc.asyncProperty(twin, async ({ xml, filter }) => {
        const wrapped = `<fetch><entity name='account'><attribute name='accountid'/><filter>${xml}</filter></entity></fetch>`
        const reply = await rig.call(
          `accounts?$select=accountid&$filter=${encodeURIComponent(filter)}`,
        )
        assert.equal(reply.status, 200, reply.text)
        assert.deepEqual(
          await fetchIds(wrapped),
          reply.json.value.map((row: { accountid: string }) => row.accountid),
        )
      }),
      { numRuns: 150 },
    )
  })

  test('pages by cookie, or by number where there is none, put together are the whole', async () => {
    const orders = fc.uniqueArray(
      fc.record({
        attribute: fc.constantFrom('name', 'statecode', 'revenue', 'ownerid', 'modifiedon'),
        descending: fc.boolean(),
      }),
      { maxLength: 3, selector: ({ attribute }) => attribute },
    )
    const link =
      "<link-entity name='contact' from='contactid' to='primarycontactid' link-type='outer' alias='c'/>"
    const children =
      "<link-entity name='contact' from='parentcustomerid' to='accountid' link-type='outer' alias='d'><attribute name='contactid'/></link-entity>"
    await fc.assert(
      fc.asyncProperty(
        orders,
        fc.constantFrom('', link, children),
        fc.integer({ min: 1, max: 40 }),
        async (terms, joined, count) => {
          const order = terms
            .map((term) => `<order attribute='${term.attribute}' descending='${term.descending}'/>`)
            .join('')
          const inner = `<entity name='account'><attribute name='name'/>${joined}${order}</entity>`
          const whole = await fetchIds(`<fetch>${inner}</fetch>`)
          assert.deepEqual(await readFetchPages(rig, inner, count), whole)
        },
      ),
      { numRuns: 40 },
    )
  })

  test('a many-to-many relationship is walked through the table between', async () => {
    const xml =
      "<fetch><entity name='systemuser'><attribute name='fullname'/><link-entity name='teammembership' from='systemuserid' to='systemuserid' intersect='true'><link-entity name='team' from='teamid' to='teamid' link-type='inner' alias='team'><attribute name='name'/></link-entity></link-entity></entity></fetch>"
    const { json } = await rig.call(`systemusers?fetchXml=${encodeURIComponent(xml)}`)
    assert.ok(json.value.length > 0)
    for (const row of json.value) assert.ok(row.fullname && row['team.name'], JSON.stringify(row))
  })
})

test('every documented operator is known', () => {
  const operators =
    'above between contain-values eq-businessid eq-or-above eq-or-under eq-userid eq-userlanguage eq-useroruserhierarchy eq-useroruserhierarchyandteams eq-useroruserteams eq-userteams in in-fiscal-period in-fiscal-period-and-year in-fiscal-year in-or-after-fiscal-period-and-year in-or-before-fiscal-period-and-year last-fiscal-period last-fiscal-year last-month last-seven-days last-week last-x-days last-x-fiscal-periods last-x-fiscal-years last-x-hours last-x-months last-x-weeks last-x-years last-year ne-businessid ne-userid next-fiscal-period next-fiscal-year next-month next-seven-days next-week next-x-days next-x-fiscal-periods next-x-fiscal-years next-x-hours next-x-months next-x-weeks next-x-years next-year not-between not-contain-values not-in not-under olderthan-x-days olderthan-x-hours olderthan-x-minutes olderthan-x-months olderthan-x-weeks olderthan-x-years on on-or-after on-or-before this-fiscal-period this-fiscal-year this-month this-week this-year today tomorrow under yesterday'
  assert.deepEqual(
    operators.split(' ').filter((name) => functionOf(name) === undefined),
    [],
  )
  assert.equal(functionOf('olderthan-x-months'), 'OlderThanXMonths')
})
