import assert from 'node:assert/strict'
import { test } from 'node:test'
import { DataverseError } from '../errors/dataverse-error.ts'
import { type Apply, formatApply } from './apply.ts'
import { where } from './filter.ts'
import { formatQuery, type Query } from './query.ts'

const refused = (apply: Apply) => assert.throws(() => formatApply(apply), DataverseError)

test('groups, values of groups and a condition before are written as the documents show', () => {
  assert.equal(formatApply({ groupBy: ['statuscode'] }), 'groupby((statuscode))')
  assert.equal(
    formatApply({
      filter: where.eq('statecode', 0),
      groupBy: ['industrycode', 'primarycontactid/fullname'],
      aggregate: [
        { column: 'revenue', with: 'sum', as: 'total' },
        { column: 'ownerid', with: 'countdistinct', as: 'owners' },
        { count: true, as: 'count' },
      ],
    }),
    'filter(statecode eq 0)/groupby((industrycode,primarycontactid/fullname),aggregate(revenue with sum as total,ownerid with countdistinct as owners,$count as count))',
  )
  assert.equal(
    formatApply({ aggregate: [{ column: 'revenue', with: 'average', as: 'mean' }] }),
    'aggregate(revenue with average as mean)',
  )
})

test('an apply that does nothing, or names values twice, is refused', () => {
  refused({})
  refused({ filter: 'a eq 1' })
  refused({ groupBy: ['a) or (b'] })
  refused({ groupBy: ['a'], filter: 'a eq' })
  refused({
    aggregate: [
      { count: true, as: 'n' },
      { column: 'a', with: 'max', as: 'n' },
    ],
  })
})

test('beside apply a query can order and limit, nothing else', () => {
  const apply = { groupBy: ['statuscode'] }
  assert.equal(
    decodeURIComponent(formatQuery({ apply, orderby: [{ column: 'statuscode' }], top: 3 })),
    '$apply=groupby((statuscode))&$orderby=statuscode&$top=3',
  )
  const others: readonly Query[] = [
    { select: 'name' },
    { filter: 'a eq 1' },
    { expand: 'x' },
    { count: true },
  ]
  for (const other of others) {
    assert.throws(() => formatQuery({ apply, ...other }), DataverseError)
  }
})

test('within another expand nothing is ordered or limited', () => {
  const nested = (inner: object): Query => ({
    expand: [{ property: 'a', top: 1, expand: [{ property: 'b', ...inner }] }],
  })
  assert.equal(
    decodeURIComponent(formatQuery(nested({ filter: 'c eq 1' }))),
    '$expand=a($top=1;$expand=b($filter=c eq 1))',
  )
  assert.throws(() => formatQuery(nested({ top: 2 })), DataverseError)
  assert.throws(() => formatQuery(nested({ orderby: 'x' })), DataverseError)
})
