import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { createRig } from './rig.ts'

const WORDS =
  "accounts contacts ( ) ' \" ? & / $select= $filter= $expand= $orderby= $top= $count $ref $value name primarycontactid Account_Tasks /any( all( t:t/ eq and not null 'x' 5 2020-01-01 @p @p= [ ] { } % %27 %ff \\ , ; constructor __proto__ Microsoft.Dynamics.CRM.In PropertyName PropertyValues contains( %25_[ EntityDefinitions LogicalName= Attributes WhoAmI $skiptoken= $metadata".split(
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
