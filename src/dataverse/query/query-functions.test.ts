import assert from 'node:assert/strict'
import { test } from 'node:test'
import { DataverseError } from '../errors/dataverse-error.ts'
import { type Filter, where } from './filter.ts'
import { formatFilter } from './format-filter.ts'
import { literal } from './literal.ts'

const refused = (filter: Filter, remedy?: RegExp) =>
  assert.throws(
    () => formatFilter(filter),
    (error) => {
      assert.ok(error instanceof DataverseError, String(error))
      if (remedy !== undefined) assert.match(error.explanation.remedy, remedy)
      return true
    },
  )

test('each kind of query function is written as the service declares it', () => {
  const crm = (text: string) => `Microsoft.Dynamics.CRM.${text}`
  const written = (filter: Filter) => formatFilter(filter)
  assert.equal(written(where.query('Today', 'createdon')), crm("Today(PropertyName='createdon')"))
  assert.equal(
    written(where.query('LastXDays', 'createdon', 7)),
    crm("LastXDays(PropertyName='createdon',PropertyValue=7)"),
  )
  assert.equal(
    written(where.query('On', 'createdon', '2026-01-31')),
    crm("On(PropertyName='createdon',PropertyValue='2026-01-31')"),
  )
  assert.equal(
    written(where.query('InFiscalPeriodAndYear', 'createdon', 1, 2026)),
    crm("InFiscalPeriodAndYear(PropertyName='createdon',PropertyValue1=1,PropertyValue2=2026)"),
  )
  assert.equal(
    written(where.query('Between', 'numberofemployees', 5, 2000)),
    crm('Between(PropertyName=\'numberofemployees\',PropertyValues=["5","2000"])'),
  )
  assert.equal(
    written(where.query('In', 'name', "O'Brian", literal('string', "O'Neil"), literal('int32', 4))),
    crm('In(PropertyName=\'name\',PropertyValues=["O\\u0027Brian","O\\u0027Neil","4"])'),
  )
  assert.equal(
    written(where.query('OnOrAfter', 'createdon', new Date(0))),
    crm("OnOrAfter(PropertyName='createdon',PropertyValue='1970-01-01T00:00:00Z')"),
  )
})

test('“not” before a query function is refused, with what to use instead', () => {
  refused(where.not(where.query('In', 'name', 'a')), /NotIn/)
  refused(where.not(where.and(where.query('Today', 'createdon'))), /lt and ge/)
  refused(where.text("not Microsoft.Dynamics.CRM.Today(PropertyName='createdon')"))
})

test('values that do not fit the function are refused', () => {
  refused(where.query('LastXDays', 'createdon', 1.5))
  refused({ kind: 'function', name: 'Between', column: 'a', values: ['1'] })
  refused({ kind: 'function', name: 'In', column: 'a', values: [] })
  refused({ kind: 'function', name: 'Today', column: 'a', values: ['1'] })
  refused({ kind: 'function', name: 'Drop(', column: 'a', values: [] })
  refused(where.query('In', 'name', '\ud800'))
})

test('related rows are asked by any and all, one within the other', () => {
  assert.equal(
    formatFilter(
      where.any(
        'Account_Tasks',
        where.and(
          where.eq('statecode', 1),
          where.not(where.all('Task_Notes', where.contains('subject', 'x'))),
        ),
      ),
    ),
    "Account_Tasks/any(o1:o1/statecode eq 1 and (not (o1/Task_Notes/all(o2:contains(o2/subject,'x')))))",
  )
  assert.equal(formatFilter(where.any('Account_Tasks')), 'Account_Tasks/any()')
  refused(where.any('primarycontactid/Contact_Tasks', where.eq('a', 1)), /other table/)
  refused(where.any('Account_Tasks', where.query('Today', 'createdon')))
  refused(where.any('Account_Tasks', where.text('a eq 1')))
})

test('two columns of a row are compared by name', () => {
  assert.equal(formatFilter(where.columns('firstname', 'eq', 'lastname')), 'firstname eq lastname')
  refused(where.columns('firstname', 'eq', "'x'"))
})
