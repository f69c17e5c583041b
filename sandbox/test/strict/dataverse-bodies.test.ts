import assert from 'node:assert/strict'
import { before, describe, test } from 'node:test'
import { createRig, type Rig } from '../dataverse/rig.ts'

const ROW = "accounts(accountnumber='A-000001')"
const NOBODY = '00000000-0000-0000-0000-000000000001'

interface Mistake {
  readonly name: string
  readonly body: unknown
  readonly headers?: Record<string, string>
  readonly status?: number
  readonly says: string
}

const MISTAKES: readonly Mistake[] = [
  {
    name: 'a property given twice',
    body: '{"name":"a","fax":"1","name":"b"}',
    says: "Multiple properties with the name 'name'",
  },
  {
    name: 'a property given twice, once by an escape',
    body: '{"name":"a","n\\u0061me":"b"}',
    says: "Multiple properties with the name 'name'",
  },
  { name: 'a comment', body: '{"name":"a"/* why */}', says: 'Invalid JSON.' },
  { name: 'a comma at the end', body: '{"name":"a",}', says: 'Invalid JSON.' },
  { name: 'single quotes', body: "{'name':'a'}", says: 'Invalid JSON.' },
  { name: 'nothing', body: '', says: 'Invalid JSON.' },
  { name: 'null', body: 'null', says: "a node of type 'StartObject' was expected" },
  {
    name: 'a payload nested beyond reason',
    body: `${'{"primarycontactid":{"parentcustomerid_account":'.repeat(900)}{}${'}}'.repeat(900)}`,
    says: 'nests deeper than 100',
  },
  {
    name: 'a list nested beyond reason',
    body: `{"name":${'['.repeat(50_000)}${']'.repeat(50_000)}}`,
    says: 'nests deeper than 100',
  },
  {
    name: 'the type of another table',
    body: { '@odata.type': 'Microsoft.Dynamics.CRM.contact' },
    says: "The type 'Microsoft.Dynamics.CRM.contact' is not",
  },
  {
    name: 'an annotation of a property that is not there',
    body: { 'fullname@OData.Community.Display.V1.FormattedValue': 'x' },
    says: "An undeclared property 'fullname'",
  },
  {
    name: 'an invented annotation',
    body: { '@odata.removed': true },
    status: 501,
    says: "'@odata.removed'",
  },
  {
    name: 'an address of another row',
    body: { '@odata.id': `accounts(${NOBODY})` },
    status: 501,
    says: "'@odata.id'",
  },
  {
    name: 'another id than that of the address',
    body: { accountid: NOBODY },
    status: 501,
    says: 'another id',
  },
  {
    name: 'a day that does not exist',
    body: { lastonholdtime: '2024-02-31T00:00:00Z' },
    says: "expected type 'Edm.DateTimeOffset'",
  },
  {
    name: 'a time without its zone',
    body: { lastonholdtime: '2024-02-28T00:00:00' },
    says: "expected type 'Edm.DateTimeOffset'",
  },
  {
    name: 'a time as a number',
    body: { lastonholdtime: 1_700_000_000_000 },
    says: "expected type 'Edm.DateTimeOffset'",
  },
  {
    name: 'a fraction for a whole number',
    body: { numberofemployees: 1.5 },
    says: "expected type 'Edm.Int32'",
  },
  {
    name: 'a whole number beyond 32 bits',
    body: { numberofemployees: 4_294_967_296 },
    says: "expected type 'Edm.Int32'",
  },
  {
    name: 'a list for a number',
    body: { numberofemployees: [5] },
    says: "expected type 'Edm.Int32'",
  },
  {
    name: 'text for yes or no',
    body: { creditonhold: 'true' },
    says: "expected type 'Edm.Boolean'",
  },
  {
    name: 'the id of a lookup in braces',
    body: { 'primarycontactid@odata.bind': `/contacts({${NOBODY}})` },
    says: "format of type 'Edm.Guid'",
  },
  {
    name: 'the id of a lookup in quotes',
    body: { 'primarycontactid@odata.bind': `/contacts('${NOBODY}')` },
    says: "format of type 'Edm.Guid'",
  },
  {
    name: 'two slashes before a lookup',
    body: { 'primarycontactid@odata.bind': `//contacts(${NOBODY})` },
    says: 'is not a valid entity reference',
  },
  {
    name: 'an address of another organization',
    body: {
      'primarycontactid@odata.bind': `https://org2.crm4.dynamics.com/api/data/v9.2/contacts(${NOBODY})`,
    },
    says: 'does not lead to this organization',
  },
  {
    name: 'an object for a lookup',
    body: { 'primarycontactid@odata.bind': { contactid: NOBODY } },
    says: 'is not a valid entity reference',
  },
  {
    name: 'a place in a batch outside of one',
    body: { 'primarycontactid@odata.bind': '$1' },
    says: "Content-ID Reference: '$1' does not exist in the batch context.",
  },
  {
    name: 'another encoding',
    body: '{"name":"a"}',
    headers: { 'content-type': 'application/json; charset=iso-8859-1' },
    status: 501,
    says: 'another encoding than UTF-8',
  },
  {
    name: 'a compressed body',
    body: '{"name":"a"}',
    headers: { 'content-encoding': 'gzip' },
    status: 501,
    says: 'compressed bodies (gzip)',
  },
  {
    name: 'no content type',
    body: '{"name":"a"}',
    headers: { 'content-type': '' },
    status: 415,
    says: "media type ''",
  },
]

describe('mistakes in bodies are refused and change nothing', () => {
  let rig: Rig
  before(() => {
    rig = createRig()
  })
  for (const { name, body, headers = {}, status = 400, says } of MISTAKES) {
    test(name, async () => {
      const before = (await rig.call(`${ROW}?$select=name`)).text
      const reply = await rig.call(ROW, { method: 'PATCH', body, headers })
      assert.equal(reply.status, status, reply.text.slice(0, 600))
      assert.ok(reply.json.error.message.includes(says), reply.json.error.message.slice(0, 600))
      assert.equal((await rig.call(`${ROW}?$select=name`)).text, before)
    })
  }
})

test('what was read with annotations may be written back', async () => {
  const { call } = createRig()
  const { json } = await call(`${ROW}?$select=name,industrycode`, {
    headers: { prefer: 'odata.include-annotations="*"' },
  })
  const reply = await call(ROW, {
    method: 'PATCH',
    body: { ...json, '@odata.type': '#Microsoft.Dynamics.CRM.account' },
  })
  assert.equal(reply.status, 204, reply.text)
})
