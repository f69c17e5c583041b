import assert from 'node:assert/strict'
import { before, describe, test } from 'node:test'
import { API, type Call, createRig, type Rig } from '../dataverse/rig.ts'

const NOBODY = '00000000-0000-0000-0000-000000000001'

interface Ids {
  readonly account: string
  readonly contact: string
  readonly lead: string
}

interface Mistake {
  readonly name: string
  readonly path: (ids: Ids) => string
  readonly call: (ids: Ids) => Call
  readonly status: number
  readonly code: string
  readonly says: string
}

const post = (body: unknown): Call => ({ method: 'POST', body })
const remove = (): Call => ({ method: 'DELETE' })

const MISTAKES: readonly Mistake[] = [
  {
    name: 'a row of another table bound to a lookup',
    path: () => 'accounts',
    call: ({ account }) => post({ 'primarycontactid@odata.bind': `/accounts(${account})` }),
    status: 400,
    code: '0x80048d19',
    says: "A row of the table 'account' cannot be the value of the navigation property 'primarycontactid'.",
  },
  {
    name: 'a contact bound as the account of a task',
    path: () => 'tasks',
    call: ({ contact }) =>
      post({ 'regardingobjectid_account_task@odata.bind': `/contacts(${contact})` }),
    status: 400,
    code: '0x80048d19',
    says: "cannot be the value of the navigation property 'regardingobjectid_account_task'",
  },
  {
    name: 'a lookup with many tables bound by its bare name',
    path: () => 'emails',
    call: ({ account }) => post({ 'regardingobjectid@odata.bind': `/accounts(${account})` }),
    status: 400,
    code: '0x80048d19',
    says: "An undeclared property 'regardingobjectid'",
  },
  {
    name: "the navigation property of another activity's table",
    path: () => 'emails',
    call: ({ account }) =>
      post({ 'regardingobjectid_account_phonecall@odata.bind': `/accounts(${account})` }),
    status: 400,
    code: '0x80048d19',
    says: "An undeclared property 'regardingobjectid_account_phonecall'",
  },
  {
    name: 'a many-to-many relationship in another case',
    path: ({ account }) => `accounts(${account})/AccountLeads_Association/$ref`,
    call: ({ lead }) => post({ '@odata.id': `${API}/leads(${lead})` }),
    status: 404,
    code: '0x8006088a',
    says: "Resource not found for the segment 'AccountLeads_Association'.",
  },
  {
    name: 'a row of the wrong table associated',
    path: ({ account }) => `accounts(${account})/accountleads_association/$ref`,
    call: ({ contact }) => post({ '@odata.id': `${API}/contacts(${contact})` }),
    status: 404,
    code: '0x80040217',
    says: 'lead With Id = ',
  },
  {
    name: 'a row that is not there associated',
    path: ({ account }) => `accounts(${account})/accountleads_association/$ref`,
    call: () => post({ '@odata.id': `${API}/leads(${NOBODY})` }),
    status: 404,
    code: '0x80040217',
    says: `lead With Id = ${NOBODY} Does Not Exist`,
  },
  {
    name: 'an association without an address',
    path: ({ account }) => `accounts(${account})/accountleads_association/$ref`,
    call: ({ lead }) => post({ id: lead }),
    status: 400,
    code: '0x80048d19',
    says: 'is not a valid entity reference',
  },
  {
    name: 'PUT to a collection of links',
    path: ({ account }) => `accounts(${account})/accountleads_association/$ref`,
    call: ({ lead }) => ({ method: 'PUT', body: { '@odata.id': `${API}/leads(${lead})` } }),
    status: 405,
    code: '0x80060888',
    says: "does not support http method 'PUT'",
  },
  {
    name: 'a link removed without saying which',
    path: ({ account }) => `accounts(${account})/accountleads_association/$ref`,
    call: remove,
    status: 400,
    code: '0x80060888',
    says: 'give it as $id',
  },
  {
    name: 'a row of the table between made by hand',
    path: () => 'systemuserrolescollection',
    call: () => post({ systemuserid: NOBODY, roleid: NOBODY }),
    status: 400,
    code: '0x80040800',
    says: "The 'Create' method does not support entities of type 'systemuserroles'.",
  },
  {
    name: 'parties that are no list',
    path: () => 'emails',
    call: () => post({ email_activity_parties: { participationtypemask: 1 } }),
    status: 400,
    code: '0x80048d19',
    says: "The value of the navigation property 'email_activity_parties' is not of the expected form.",
  },
  {
    name: 'a part in an activity that does not exist',
    path: () => 'emails',
    call: () => post({ email_activity_parties: [{ participationtypemask: 77 }] }),
    status: 400,
    code: '0x8004431a',
    says: 'The picklist value is out of the range.',
  },
  {
    name: 'a read-only lookup written as a property',
    path: () => 'accounts',
    call: () => post({ _createdby_value: NOBODY }),
    status: 400,
    code: '0x80060888',
    says: 'Use Navigation properties instead.',
  },
  {
    name: 'a property of one kind of relationship asked of all',
    path: () => 'RelationshipDefinitions?$select=IntersectEntityName',
    call: () => ({}),
    status: 400,
    code: '0x0',
    says: "Could not find a property named 'IntersectEntityName' on type 'Microsoft.Dynamics.CRM.RelationshipMetadataBase'.",
  },
  {
    name: 'a stamp of definitions that is none',
    path: () => "RetrieveMetadataChanges(ClientVersionStamp=@p)?@p='yesterday'",
    call: () => ({}),
    status: 400,
    code: '0x80040203',
    says: "'yesterday' is no version stamp",
  },
  {
    name: 'a filter of deletions that is none',
    path: () => "RetrieveMetadataChanges(DeletedMetadataFilters=@p)?@p='All'",
    call: () => ({}),
    status: 400,
    code: '0x80060888',
    says: "'DeletedMetadataFilters' is not of its type",
  },
]

describe('mistakes in links and definitions are refused', () => {
  let rig: Rig
  let ids: Ids
  before(async () => {
    rig = createRig()
    const first = async (set: string, id: string): Promise<string> =>
      (await rig.call(`${set}?$select=${id}&$top=1`)).json.value[0][id]
    ids = {
      account: await first('accounts', 'accountid'),
      contact: await first('contacts', 'contactid'),
      lead: await first('leads', 'leadid'),
    }
  })
  for (const { name, path, call, status, code, says } of MISTAKES) {
    test(name, async () => {
      const before = rig.organization.control.tables().map((table) => table.rows)
      const reply = await rig.call(path(ids), call(ids))
      assert.equal(reply.status, status, reply.text.slice(0, 500))
      assert.equal(reply.json.error.code, code)
      assert.ok(reply.json.error.message.includes(says), reply.json.error.message)
      assert.deepEqual(
        rig.organization.control.tables().map((table) => table.rows),
        before,
      )
    })
  }
})
