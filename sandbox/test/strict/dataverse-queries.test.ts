import assert from 'node:assert/strict'
import { before, describe, test } from 'node:test'
import { createRig, type Rig } from '../dataverse/rig.ts'

/** A mistake that clients make, and the answer that it deserves. */
interface Mistake {
  readonly name: string
  readonly path: string
  readonly status: number
  readonly code: string
  readonly says: string
}

const MISTAKES: readonly Mistake[] = [
  {
    name: 'the logical name of a table instead of its entity set',
    path: 'account',
    status: 404,
    code: '0x8006088a',
    says: "Resource not found for the segment 'account'.",
  },
  {
    name: 'an entity set in capitals',
    path: 'Accounts',
    status: 404,
    code: '0x8006088a',
    says: "Resource not found for the segment 'Accounts'.",
  },
  {
    name: 'a column by its schema name in $select',
    path: 'accounts?$select=AccountNumber',
    status: 400,
    code: '0x0',
    says: "Could not find a property named 'AccountNumber' on type 'Microsoft.Dynamics.CRM.account'.",
  },
  {
    name: 'a lookup by its logical name in $filter',
    path: 'contacts?$filter=parentcustomerid eq 3f1b8a52-0c6f-4d0e-9a3e-5b7c2f10a001',
    status: 400,
    code: '0x0',
    says: "Could not find a property named 'parentcustomerid'",
  },
  {
    name: 'a navigation property in small letters',
    path: 'accounts?$expand=account_tasks($select=subject)',
    status: 400,
    code: '0x0',
    says: "Could not find a property named 'account_tasks'",
  },
  {
    name: 'a column in $expand',
    path: 'accounts?$expand=name',
    status: 400,
    code: '0x80060888',
    says: 'is not a navigation property or complex property',
  },
  {
    name: 'a string without quotes',
    path: 'accounts?$filter=name eq Contoso',
    status: 400,
    code: '0x0',
    says: "Could not find a property named 'Contoso'",
  },
  {
    name: 'a number in quotes',
    path: "accounts?$filter=numberofemployees eq '5'",
    status: 400,
    code: '0x80060888',
    says: "Found operand types 'Edm.Int32' and 'Edm.String' for operator kind 'Equal'.",
  },
  {
    name: 'a date in quotes',
    path: "accounts?$filter=createdon gt '2024-01-01T00:00:00Z'",
    status: 400,
    code: '0x80060888',
    says: "Found operand types 'Edm.DateTimeOffset' and 'Edm.String' for operator kind 'GreaterThan'.",
  },
  {
    name: 'a primary key in quotes in $filter',
    path: "accounts?$filter=accountid eq '3f1b8a52-0c6f-4d0e-9a3e-5b7c2f10a001'",
    status: 400,
    code: '0x80060888',
    says: "Found operand types 'Edm.Guid' and 'Edm.String'",
  },
  {
    name: 'a choice by its label',
    path: "accounts?$filter=statecode eq 'Active'",
    status: 400,
    code: '0x80060888',
    says: "Found operand types 'Edm.Int32' and 'Edm.String'",
  },
  {
    name: 'an apostrophe that is not doubled',
    path: "accounts?$filter=name eq 'O'Hara'",
    status: 400,
    code: '0x80060888',
    says: 'There is an unterminated literal at position',
  },
  {
    name: 'a filter encoded twice',
    path: `accounts?$filter=${encodeURIComponent(encodeURIComponent("name eq 'x'"))}`,
    status: 400,
    code: '0x80060888',
    says: "Syntax error: character '%' is not valid at position 4 in 'name%20eq%20'x''.",
  },
  {
    name: 'an operator of another language',
    path: "accounts?$filter=name = 'x'",
    status: 400,
    code: '0x80060888',
    says: "Syntax error at position 5 in 'name = 'x''.",
  },
  {
    name: 'operators in capitals',
    path: "accounts?$filter=name eq 'x' AND revenue gt 5",
    status: 400,
    code: '0x80060888',
    says: 'Syntax error at position 12',
  },
  {
    name: 'a parenthesis that is not closed',
    path: "accounts?$filter=(name eq 'x'",
    status: 400,
    code: '0x80060888',
    says: 'Syntax error at position 12',
  },
  {
    name: 'an unknown function',
    path: "accounts?$filter=like(name,'x')",
    status: 400,
    code: '0x80060888',
    says: "An unknown function with name 'like' was found",
  },
  {
    name: 'contains on a number',
    path: "accounts?$filter=contains(numberofemployees,'5')",
    status: 400,
    code: '0x80060888',
    says: "No function signature for the function with name 'contains' matches",
  },
  {
    name: 'a quoted id as the key',
    path: "accounts('3f1b8a52-0c6f-4d0e-9a3e-5b7c2f10a001')",
    status: 400,
    code: '0x80060888',
    says: "should be format of type 'Edm.Guid'",
  },
  {
    name: 'braces around the id of the key',
    path: 'accounts({3f1b8a52-0c6f-4d0e-9a3e-5b7c2f10a001})',
    status: 400,
    code: '0x80060888',
    says: "should be format of type 'Edm.Guid'",
  },
  {
    name: 'columns that are no key',
    path: "contacts(firstname='Joe',emailaddress1='abc@example.com')",
    status: 400,
    code: '0x80060888',
    says: "The key in the request URI is not valid for resource 'Microsoft.Dynamics.CRM.contact'.",
  },
  {
    name: 'the named key of a table that inherits from principal',
    path: 'systemusers(systemuserid=3f1b8a52-0c6f-4d0e-9a3e-5b7c2f10a001)',
    status: 400,
    code: '0x80060888',
    says: "not valid for resource 'Microsoft.Dynamics.CRM.systemuser'",
  },
  {
    name: 'a query option in capitals',
    path: 'accounts?$Select=name',
    status: 400,
    code: '0x80060888',
    says: "The query parameter '$Select' is not supported.",
  },
  {
    name: 'a query option given twice',
    path: 'accounts?$select=name&$select=revenue',
    status: 400,
    code: '0x80060888',
    says: "Query option '$select' was specified more than once",
  },
  {
    name: 'a $top that is no number',
    path: 'accounts?$top=all',
    status: 400,
    code: '0x80060888',
    says: "Invalid value 'all' for $top query option found.",
  },
  {
    name: 'an invented paging token',
    path: 'accounts?$skiptoken=2',
    status: 400,
    code: '0x80060888',
    says: 'Malformed XML in the Paging Cookie',
  },
  {
    name: 'a filter on one row',
    path: "accounts(accountnumber='A-000001')?$filter=statecode eq 0",
    status: 400,
    code: '0x80060888',
    says: 'can be applied only on collections',
  },
  {
    name: 'a comma instead of a semicolon between expand options',
    path: 'accounts?$expand=primarycontactid($select=fullname,$expand=createdby)',
    status: 400,
    code: '0x0',
    says: "Could not find a property named '$expand=createdby'",
  },
  {
    name: 'sixteen expansions',
    path: `accounts?$select=name&$expand=${Array.from({ length: 16 }, () => 'createdby').join(',')}`,
    status: 400,
    code: '0x80060888',
    says: 'exceeds the limit of 15',
  },
  {
    name: 'a many-to-many relationship expanded beside a lookup',
    path: 'leads?$select=fullname&$expand=accountleads_association($select=name),createdby($select=fullname)',
    status: 400,
    code: '0x80060888',
    says: 'Expanding a many-to-many relationship',
  },
  {
    name: 'an expand inside a many-to-many relationship',
    path: 'leads?$select=fullname&$expand=accountleads_association($select=name;$expand=createdby)',
    status: 400,
    code: '0x80060888',
    says: "The navigation property 'accountleads_association' cannot be expanded. Only many-to-one relationships are supported for nested expansion.",
  },
  {
    name: 'a lambda over the collection of a related row',
    path: 'accounts?$filter=primarycontactid/Contact_Tasks/any()',
    status: 400,
    code: '0x80060888',
    says: 'Collection-valued navigation properties of related rows cannot be used',
  },
  {
    name: '$top in the expand of a lookup',
    path: 'accounts?$expand=primarycontactid($select=fullname;$top=1)',
    status: 400,
    code: '0x80060888',
    says: 'Only $select and $filter clause can be provided',
  },
  {
    name: '$count in an expand',
    path: 'accounts?$expand=Account_Tasks($count=true)',
    status: 400,
    code: '0x80060888',
    says: 'is not supported in $expand',
  },
  {
    name: 'an aggregate of text',
    path: 'accounts?$apply=aggregate(name with sum as s)',
    status: 400,
    code: '0x80060888',
    says: 'Aggregate sum is not supported for attribute of type String',
  },
  {
    name: 'a group by time',
    path: 'accounts?$apply=groupby((createdon))',
    status: 400,
    code: '0x80060888',
    says: "Grouping by the datetime property 'createdon' is not supported.",
  },
  {
    name: 'an alias of $apply given twice',
    path: 'accounts?$apply=aggregate(revenue with sum as a,revenue with max as a)',
    status: 400,
    code: '0x80060888',
    says: "The alias 'a' is given twice",
  },
  {
    name: 'an aggregation without alias',
    path: 'accounts?$apply=aggregate(revenue with sum)',
    status: 400,
    code: '0x80060888',
    says: 'Syntax error',
  },
  {
    name: 'an order by an aggregated value',
    path: 'accounts?$apply=groupby((statecode),aggregate($count as n))&$orderby=n desc',
    status: 400,
    code: '0x80060888',
    says: 'The query node SingleValueOpenPropertyAccess is not supported',
  },
  {
    name: 'an invented delta token',
    path: 'accounts?$deltatoken=42',
    status: 400,
    code: '0x80060888',
    says: 'The delta token is malformed.',
  },
  {
    name: 'a filter beside a delta token',
    path: 'accounts?$filter=statecode eq 0&$deltatoken=1000000%2106%2f15%2f2026%2012%3a00%3a00',
    status: 400,
    code: '0x80060888',
    says: `The "$filter" query parameter isn't supported when Change Tracking is enabled.`,
  },
  {
    name: 'a paging cookie of another order',
    path: 'accounts?$orderby=name&$skiptoken=%3Ccookie%20pagenumber=%222%22%20pagingcookie=%22%253ccookie%2520page%253d%25221%2522%253e%253c%252fcookie%253e%22%20istracking=%22False%22%20/%3E',
    status: 400,
    code: '0x80060888',
    says: 'Malformed XML in the Paging Cookie',
  },
  {
    name: 'a view that is not there',
    path: 'accounts?savedQuery=3f1b8a52-0c6f-4d0e-9a3e-5b7c2f10a001',
    status: 404,
    code: '0x80040217',
    says: 'savedquery With Id = 3f1b8a52-0c6f-4d0e-9a3e-5b7c2f10a001 Does Not Exist',
  },
  {
    name: 'a view of another table',
    path: 'contacts?savedQuery=00000000-0000-0000-00aa-000010001002',
    status: 400,
    code: '0x80060888',
    says: 'returns rows of account',
  },
  {
    name: 'a plain string for an enumeration of definitions',
    path: "EntityDefinitions?$select=LogicalName&$filter=OwnershipType eq 'UserOwned'",
    status: 400,
    code: '0x80060888',
    says: 'A binary operator with incompatible types was detected.',
  },
  {
    name: 'a cast to the abstract type of choices',
    path: "EntityDefinitions(LogicalName='account')/Attributes/Microsoft.Dynamics.CRM.EnumAttributeMetadata",
    status: 400,
    code: '0x80060888',
    says: 'cannot be used to cast attributes',
  },
  {
    name: 'a version that never was',
    path: 'https://org1.crm4.dynamics.com/api/data/v9.7/accounts',
    status: 404,
    code: '',
    says: 'No HTTP resource was found that matches the request URI',
  },
]

describe('mistakes in queries are refused', () => {
  let rig: Rig
  before(() => {
    rig = createRig()
  })
  for (const { name, path, status, code, says } of MISTAKES) {
    test(name, async () => {
      const reply = await rig.call(path)
      assert.equal(reply.status, status, reply.text)
      assert.equal(reply.json.error.code, code)
      assert.ok(reply.json.error.message.includes(says), reply.json.error.message)
    })
  }
})
