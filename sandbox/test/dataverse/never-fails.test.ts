import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { createRig } from './rig.ts'

const WORDS =
  "accounts contacts ( ) ' \" ? & / $select= $filter= $expand= $orderby= $top= $count $ref $value name primarycontactid Account_Tasks /any( all( t:t/ eq and not null 'x' 5 2020-01-01 @p @p= [ ] { } % %27 %ff \\ , ; constructor __proto__ Microsoft.Dynamics.CRM.In PropertyName PropertyValues contains( %25_[ EntityDefinitions RelationshipDefinitions GlobalOptionSetDefinitions RetrieveMetadataChanges(Query=@p InitializeFrom(EntityMoniker=@p ={'a':1} accountleads_association email_activity_parties activitypointers accountleadscollection LogicalName= Attributes WhoAmI $skiptoken= $metadata".split(
    ' ',
  )

test('no address makes it fail', async () => {
  const { call } = createRig({ accounts: 5, contacts: 5 })
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.constantFrom(...WORDS, ' ', '😀'), { maxLength: 14 }),
      async (words) => {
        const { status } = await call(words.join(''))
        assert.ok(status < 500 || status === 501, String(status))
      },
    ),
    { numRuns: 400 },
  )
})

const TERMS =
  "? & = ( ) , / ' $apply= groupby(( groupby aggregate( filter( statuscode revenue createdon primarycontactid/fullname with sum average max countdistinct as n $count 0 -1 $deltatoken= 1000001!06/15/2026 12:00:00 $skiptoken= <cookie page=\"1\"> $orderby= $top= fetchXml= accounts $filter= Microsoft.Dynamics.CRM.Under( LastXFiscalYears( PropertyName= 'accountid' ,PropertyValue= ,PropertyValue1=".split(
    ' ',
  )

test('no aggregation, delta token or cookie makes it fail', async () => {
  const { call } = createRig({ accounts: 5, contacts: 5 })
  const headers = fc.constantFrom<Record<string, string>>(
    {},
    { prefer: 'odata.track-changes' },
    { prefer: 'odata.track-changes,odata.maxpagesize=2' },
  )
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.constantFrom(...TERMS, ' ', '😀'), { maxLength: 16 }),
      headers,
      async (words, sent) => {
        const { status } = await call(`accounts?${words.join('')}`, { headers: sent })
        assert.ok(status < 500 || status === 501, String(status))
      },
    ),
    { numRuns: 300 },
  )
})

const TAGS = [
  'fetch',
  'entity',
  'attribute',
  'all-attributes',
  'order',
  'filter',
  'condition',
  'link-entity',
  'value',
  'x',
]
const PROPERTIES: Readonly<Record<string, readonly string[]>> = {
  name: [
    'account',
    'contact',
    'task',
    'name',
    'revenue',
    'createdon',
    'ownerid',
    'teammembership',
    '',
  ],
  attribute: ['name', 'revenue', 'statecode', 'accountid', 'createdon', 'ownerid'],
  operator: ['eq', 'like', 'in', 'between', 'under', 'last-x-days', 'null', 'eq-userid', 'x'],
  value: ['1', 'a', '%', '2020-01-01', ''],
  valueof: ['name', 'c.fullname', '.'],
  from: ['contactid', 'accountid', 'statecode', 'name'],
  to: ['primarycontactid', 'accountid', 'statecode', 'name'],
  alias: ['c', 'd', ''],
  entityname: ['c', 'x'],
  'link-type': [
    'inner',
    'outer',
    'any',
    'not any',
    'all',
    'exists',
    'matchfirstrowusingcrossapply',
  ],
  type: ['and', 'or'],
  aggregate: ['true', 'sum', 'count', 'max', 'false'],
  groupby: ['true'],
  dategrouping: ['week', 'fiscal-period'],
  distinct: ['true'],
  count: ['1', '5000', '0'],
  page: ['1', '2', '99999'],
  top: ['1'],
  'paging-cookie': ['x', '&lt;cookie page="1"&gt;&lt;/cookie&gt;'],
  returntotalrecordcount: ['true'],
}

interface Drawn {
  readonly tag: string
  readonly properties: readonly [string, string][]
  readonly inside: readonly Drawn[]
}

test('no FetchXML makes it fail or hang', async () => {
  const { call } = createRig({ accounts: 5, contacts: 5 })
  const property = fc
    .constantFrom(...Object.entries(PROPERTIES))
    .chain(([name, values]) => fc.tuple(fc.constant(name), fc.constantFrom(...values)))
  const properties = fc.uniqueArray(property, { maxLength: 5, selector: ([name]) => name })
  const { element } = fc.letrec<{ element: Drawn }>((tie) => ({
    element: fc.record({
      tag: fc.constantFrom(...TAGS),
      properties,
      inside: fc.oneof(
        { depthSize: 'small' },
        fc.constant([]),
        fc.array(tie('element'), { maxLength: 4 }),
      ),
    }),
  }))
  const write = ({ tag, properties: given, inside }: Drawn): string =>
    `<${tag}${given.map(([name, value]) => ` ${name}='${value}'`).join('')}>${inside.map(write).join('')}</${tag}>`
  await fc.assert(
    fc.asyncProperty(properties, fc.array(element, { maxLength: 4 }), async (given, inside) => {
      const root = given.map(([name, value]) => ` ${name}='${value}'`).join('')
      const xml = `<fetch${root}><entity name='account'>${inside.map(write).join('')}</entity></fetch>`
      const { status } = await call(`accounts?fetchXml=${encodeURIComponent(xml)}`)
      assert.ok(status < 500 || status === 501, `${status}: ${xml}`)
    }),
    { numRuns: 400 },
  )
})

test('no body makes it fail', async () => {
  const { call } = createRig({ accounts: 5, contacts: 5 })
  const names = fc.constantFrom(
    'name',
    'accountid',
    'revenue',
    'statecode',
    'primarycontactid@odata.bind',
    'primarycontactid',
    'Account_Tasks',
    '@odata.type',
    '@odata.id',
    '__proto__',
    '_ownerid_value',
    'new_contract',
  )
  const body = fc.dictionary(names, fc.jsonValue({ maxDepth: 3 }))
  await fc.assert(
    fc.asyncProperty(body, fc.constantFrom('POST', 'PATCH', 'PUT'), async (value, method) => {
      const path = method === 'POST' ? 'accounts' : "accounts(accountnumber='A-000001')"
      const { status } = await call(path, { method, body: value })
      assert.ok(status < 500 || status === 501, String(status))
    }),
    { numRuns: 200 },
  )
})
