import assert from 'node:assert/strict'
import { test } from 'node:test'
import { accountTable } from '../../../test/support/write-tables.ts'
import { DataverseError } from '../errors/dataverse-error.ts'
import { checkQuery } from './check-query.ts'
import { type Filter, where } from './filter.ts'
import { filterFor } from './filter-for.ts'
import { formatFilter } from './format-filter.ts'
import type { Query } from './query.ts'

const accounts = filterFor(accountTable)
const ID = '01234567-89ab-cdef-0123-456789abcdef'

const refused = (run: () => unknown, code: string, words: RegExp) =>
  assert.throws(run, (error) => {
    assert.ok(error instanceof DataverseError, String(error))
    assert.equal(error.code, code)
    assert.match(`${error.message} → ${error.explanation.remedy}`, words)
    return true
  })

const written = (filter: Filter, text: string) => assert.equal(formatFilter(filter), text)

test('each value is written by the type of its column', () => {
  written(accounts.eq('name', 5), "name eq '5'")
  written(accounts.ge('revenue', '12.50'), 'revenue ge 12.50')
  written(accounts.lt('numberofemployees', '42'), 'numberofemployees lt 42')
  written(accounts.eq('new_founded', '2026-01-31'), 'new_founded eq 2026-01-31')
  written(accounts.gt('createdon', '2026-01-31'), 'createdon gt 2026-01-31T00:00:00Z')
  written(accounts.eq('accountid', `{${ID.toUpperCase()}}`), `accountid eq ${ID}`)
  written(accounts.eq('primarycontactid', ID), `_primarycontactid_value eq ${ID}`)
  written(accounts.ne('_ownerid_value', null), '_ownerid_value ne null')
  written(accounts.in('name', ['a', 'b']), "name eq 'a' or name eq 'b'")
  written(accounts.eq('primarycontactid/fullname', 'Ann'), "primarycontactid/fullname eq 'Ann'")
  written(accounts.columns('name', 'eq', 'accountnumber'), 'name eq accountnumber')
})

test('choices are given by number or label', () => {
  written(accounts.eq('industrycode', 'buchhaltung'), 'industrycode eq 1')
  written(accounts.eq('industrycode', 3), 'industrycode eq 3')
  written(accounts.eq('donotemail', 'Do Not Allow'), 'donotemail eq true')
  written(accounts.eq('new_tags', 'Red;Blue'), "new_tags eq '10,12'")
  written(
    accounts.query('ContainValues', 'new_tags', 'Green, light', 12),
    'Microsoft.Dynamics.CRM.ContainValues(PropertyName=\'new_tags\',PropertyValues=["11","12"])',
  )
  written(
    accounts.query('In', 'industrycode', 'Accounting', 2),
    'Microsoft.Dynamics.CRM.In(PropertyName=\'industrycode\',PropertyValues=["1","2"])',
  )
  refused(() => accounts.eq('industrycode', 'Bank'), 'invalid_argument', /Accounting/)
})

test('a name that the table does not have is refused with the near ones', () => {
  refused(() => accounts.eq('nmae', 'x'), 'unknown_column', /mean name/)
  refused(() => accounts.eq('Revenue', 1), 'unknown_column', /mean revenue/)
  refused(() => accounts.eq('primarycontact/fullname', 'x'), 'unknown_column', /primarycontactid/)
  refused(() => accounts.contains('zzzzzzzz', 'x'), 'unknown_column', /definition/)
})

test('what a column’s type cannot be asked is refused', () => {
  refused(() => accounts.eq('numberofemployees', 'many'), 'invalid_argument', /digits/)
  refused(() => accounts.eq('primarycontactid', 'Ann'), 'invalid_argument', /01234567/)
  refused(() => accounts.contains('new_tags', 'Red'), 'invalid_argument', /ContainValues/)
  refused(() => accounts.contains('primarycontactid', 'Ann'), 'invalid_argument', /fullname/)
  refused(() => accounts.startswith('revenue', '1'), 'invalid_argument', /eq, gt/)
  refused(() => accounts.eq('entityimage', 'x'), 'invalid_argument', /another column/)
  refused(() => accounts.eq('contact_customer_accounts/x', 1), 'invalid_argument', /where\.any/)
})

test('a query is checked against its table, expands by the kind of relation', () => {
  const table = {
    ...accountTable,
    manyToMany: [
      { schemaName: 'a_b', property: 'accountleads', target: 'lead', intersect: 'accountleads' },
    ],
  }
  const query: Query = {
    select: ['name', '_primarycontactid_value'],
    orderby: [{ column: 'primarycontactid/fullname' }, { column: 'name' }],
    expand: [
      { property: 'primarycontactid', select: ['fullname'], expand: [{ property: 'createdby' }] },
      { property: 'contact_customer_accounts', top: 3, orderby: 'lastname', filter: 'a eq 1' },
      { property: 'accountleads', select: ['subject'] },
    ],
  }
  assert.equal(checkQuery(table, query), query)
  const wrong = (part: Query, code: string, words: RegExp) =>
    refused(() => checkQuery(table, part), code, words)
  wrong({ select: 'name, revenu' }, 'unknown_column', /mean revenue/)
  wrong({ filter: "nmae eq 'x' or revenue gt 1" }, 'unknown_column', /mean name/)
  wrong({ filter: where.not(where.contains('nmae', 'x')) }, 'unknown_column', /mean name/)
  wrong({ filter: where.query('Today', 'createdonn') }, 'unknown_column', /no column/)
  wrong({ filter: where.any('contacts') }, 'unknown_column', /navigation property/)
  wrong({ filter: 'primarycontact/lastname eq null' }, 'unknown_column', /primarycontactid/)
  wrong({ apply: { groupBy: ['nmae'] } }, 'unknown_column', /mean name/)
  wrong({ orderby: [{ column: 'x' }] }, 'unknown_column', /no column/)
  wrong({ expand: [{ property: 'primarycontactID' }] }, 'unknown_column', /primarycontactid/)
  wrong({ expand: [{ property: 'primarycontactid', top: 1 }] }, 'invalid_argument', /one row/)
  wrong(
    { expand: [{ property: 'accountleads', expand: [{ property: 'x' }] }] },
    'invalid_argument',
    /many-to-many/,
  )
})
