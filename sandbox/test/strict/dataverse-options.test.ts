import assert from 'node:assert/strict'
import { before, describe, test } from 'node:test'
import { type Call, createRig, type Rig } from '../dataverse/rig.ts'

const ROW = "accounts(accountnumber='A-000001')"
const write = (method: string, headers: Record<string, string> = {}): Call => ({
  method,
  body: { name: 'x' },
  headers,
})

/** What no document explains: answered with 501 and its name, for a client that sends it counts on it. */
const UNEXPLAINED: readonly { name: string; path: string; call?: Call; says: string }[] = [
  { name: 'an option without its dollar sign', path: 'accounts?select=name', says: "'select'" },
  { name: 'a cache breaker', path: 'accounts?_=1', says: "'_'" },
  { name: 'a tag on a read', path: 'accounts?tag=x', says: "'tag'" },
  {
    name: 'an option of lists on a write',
    path: `${ROW}?$top=1`,
    call: write('DELETE'),
    says: "'$top'",
  },
  { name: '$select on a function', path: 'WhoAmI?$select=UserId', says: "'$select'" },
  { name: '$top on a count', path: 'accounts/$count?$top=5', says: "'$top'" },
  { name: '$select on one property', path: `${ROW}/name?$select=name`, says: "'$select'" },
  {
    name: '$filter on a list of addresses',
    path: `${ROW}/Account_Tasks/$ref?$filter=statecode eq 0`,
    says: "'$filter'",
  },
  { name: '$top on definitions', path: 'EntityDefinitions?$top=1', says: "'$top'" },
  { name: 'the count of definitions', path: 'EntityDefinitions/$count', says: '/$count' },
  {
    name: 'change tracking of one row',
    path: ROW,
    call: { headers: { prefer: 'odata.track-changes' } },
    says: 'change tracking of a single row',
  },
  {
    name: 'a filter beside $apply',
    path: 'accounts?$apply=groupby((statecode))&$filter=statecode eq 0',
    says: "'$filter'",
  },
  {
    name: 'a filter alone in $apply',
    path: 'accounts?$apply=filter(statecode eq 0)',
    says: 'only filters',
  },
  { name: 'another transformation', path: 'accounts?$apply=topcount(2,revenue)', says: 'topcount' },
  { name: 'an empty $select', path: 'accounts?$select=', says: 'an empty $select' },
  { name: 'a star among columns', path: 'accounts?$select=*,name', says: "'*'" },
  {
    name: "a related row's column in $select",
    path: 'accounts?$select=primarycontactid/fullname',
    says: 'primarycontactid/fullname',
  },
  {
    name: "a related row's column in $orderby",
    path: 'accounts?$orderby=primarycontactid/fullname',
    says: 'ordering by a column of a related row',
  },
  { name: 'the operator in', path: "accounts?$filter=name in ('a','b')", says: 'the operator in' },
  { name: 'arithmetic', path: 'accounts?$filter=revenue add 1 gt 5', says: 'the operator add' },
  {
    name: 'another version of OData',
    path: 'accounts',
    call: { headers: { 'OData-MaxVersion': '4.01' } },
    says: 'odata-maxversion 4.01',
  },
  {
    name: 'a solution',
    path: 'accounts',
    call: write('POST', { 'MSCRM.SolutionUniqueName': 's' }),
    says: 'solutions',
  },
  {
    name: 'If-Match on a read',
    path: ROW,
    call: { headers: { 'if-match': '*' } },
    says: 'If-Match with GET',
  },
  {
    name: 'If-None-Match * on a read',
    path: ROW,
    call: { headers: { 'if-none-match': '*' } },
    says: 'If-None-Match: * with GET',
  },
  {
    name: 'a strong tag on a read',
    path: ROW,
    call: { headers: { 'if-none-match': '"5"' } },
    says: 'If-None-Match: "5"',
  },
  {
    name: 'a tag in If-None-Match on a write',
    path: ROW,
    call: write('PATCH', { 'if-none-match': 'W/"5"' }),
    says: 'with PATCH',
  },
  {
    name: 'a definition of a table that is not served',
    path: "EntityDefinitions(LogicalName='incident')",
    says: 'the table incident',
  },
]

const REFUSED: readonly { name: string; path: string; status?: number; says: string }[] = [
  {
    name: 'a day that does not exist',
    path: 'accounts?$filter=createdon gt 2024-02-31',
    says: "Unrecognized 'Edm.Date' literal '2024-02-31' at '13'",
  },
  {
    name: 'an hour that does not exist',
    path: 'accounts?$filter=createdon gt 2024-01-01T25:00:00Z',
    says: "Unrecognized 'Edm.DateTimeOffset' literal",
  },
  {
    name: 'a time without its zone',
    path: 'accounts?$filter=createdon gt 2024-01-01T00:00:00',
    says: 'Syntax error',
  },
  {
    name: 'a plus sign of a zone that was not encoded',
    path: 'accounts?$filter=createdon gt 2024-01-01T00:00:00+02:00',
    says: 'Syntax error',
  },
  {
    name: 'the old literal of a GUID',
    path: "accounts?$filter=accountid eq guid'3f1b8a52-0c6f-4d0e-9a3e-5b7c2f10a001'",
    says: 'has no known type',
  },
  {
    name: 'words for a number of days',
    path: "accounts?$filter=Microsoft.Dynamics.CRM.LastXDays(PropertyName='createdon',PropertyValue='two')",
    says: 'is no number',
  },
  {
    name: 'words for a day',
    path: "accounts?$filter=Microsoft.Dynamics.CRM.On(PropertyName='createdon',PropertyValue='today')",
    says: 'is no date',
  },
  {
    name: 'an escape that JSON does not have',
    path: 'accounts?$filter=Microsoft.Dynamics.CRM.In(PropertyName=\'name\',PropertyValues=["\\q"])',
    says: 'Invalid JSON.',
  },
  {
    name: 'an alias given twice',
    path: "accounts?$filter=name eq @p&@p='x'&@p='y'",
    says: "'@p' was specified more than once",
  },
  {
    name: 'an alias inside $expand',
    path: "accounts?$expand=Account_Tasks($filter=subject eq @p)&@p='x'",
    says: 'Parameter aliases cannot be used inside $expand',
  },
  { name: 'two commas', path: 'accounts?$select=name,,revenue', says: "Term '' is not valid" },
  {
    name: 'a key given twice',
    path: "accounts(accountnumber='A-000001',accountnumber='A-000002')",
    says: 'The key in the request URI is not valid',
  },
  { name: 'parentheses twice', path: 'WhoAmI()()', says: 'Error in query syntax' },
  {
    name: 'a parameter that a function does not have',
    path: 'WhoAmI(x=1)',
    says: 'Error in query syntax',
  },
  {
    name: 'an enumeration of another name',
    path: "RetrieveCurrentOrganization(AccessType=Microsoft.Dynamics.CRM.Access'Default')",
    says: 'is no EndpointAccessType',
  },
  {
    name: 'the enumeration of another property of definitions',
    path: "EntityDefinitions?$filter=OwnershipType eq Microsoft.Dynamics.CRM.AttributeTypeCode'Lookup'",
    says: 'incompatible types',
  },
  {
    name: 'a complex property of definitions without its Value',
    path: 'EntityDefinitions?$filter=CanCreateAttributes eq true',
    says: 'incompatible types',
  },
  {
    name: 'a number for a name of definitions',
    path: 'EntityDefinitions?$filter=LogicalName eq 5',
    says: 'incompatible types',
  },
  {
    name: 'a key of definitions in another case',
    path: "EntityDefinitions(logicalname='account')",
    says: 'The key in the request URI is not valid',
  },
  {
    name: 'something below the metadata document',
    path: '$metadata/account',
    status: 404,
    says: "segment 'account'",
  },
  {
    name: 'filters nested beyond reason',
    path: `accounts?$filter=${'('.repeat(2_000)}`,
    says: 'Recursion depth exceeded',
  },
  {
    name: 'lambdas nested beyond reason',
    path: `accounts?$filter=${'a/any(b:'.repeat(2_000)}`,
    says: 'Recursion depth exceeded',
  },
  {
    name: 'expansions nested beyond reason',
    path: `accounts?$expand=${'parentaccountid($expand='.repeat(600)}createdby${')'.repeat(600)}`,
    says: 'exceeds the limit of 15',
  },
]

describe('what no document explains is answered with 501', () => {
  let rig: Rig
  before(() => {
    rig = createRig()
  })
  for (const { name, path, call, says } of UNEXPLAINED) {
    test(name, async () => {
      const { status, json, text } = await rig.call(path, call)
      assert.equal(status, 501, text)
      assert.ok(json.error.message.includes(says), json.error.message)
    })
  }
})

describe('mistakes in literals, keys and nesting are refused', () => {
  let rig: Rig
  before(() => {
    rig = createRig()
  })
  for (const { name, path, status = 400, says } of REFUSED) {
    test(name, async () => {
      const headers: Record<string, string> = path.startsWith('$metadata') ? { accept: '*/*' } : {}
      const reply = await rig.call(path, { headers })
      assert.equal(reply.status, status, reply.text)
      assert.ok(reply.json.error.message.includes(says), reply.json.error.message)
    })
  }
})

test('a search with many wildcards takes no time', async () => {
  const { call } = createRig()
  const search = `${'%25a'.repeat(40)}%25zz`
  const began = performance.now()
  await call(`accounts?$filter=contains(name,'${search}')`)
  assert.ok(performance.now() - began < 2_000)
})
