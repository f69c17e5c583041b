import assert from 'node:assert/strict'
import { before, describe, test } from 'node:test'
import { type Call, createRig, type Rig } from '../dataverse/rig.ts'

const CASES: readonly { what: string; path: string; call?: Call }[] = [
  {
    what: 'Merge',
    path: 'accounts/Microsoft.Dynamics.CRM.Merge',
    call: { method: 'POST', body: {} },
  },
  { what: 'respond-async', path: 'accounts', call: { headers: { prefer: 'respond-async' } } },
  {
    what: 'callback',
    path: 'WhoAmI',
    call: { headers: { prefer: 'respond-async,callback;url="https://x.example/"' } },
  },
  { what: 'incident', path: 'incidents' },
  { what: 'tolower', path: "accounts?$filter=tolower(name) eq 'x'" },
  {
    what: 'odata.metadata=full',
    path: 'accounts',
    call: { headers: { accept: 'application/json;odata.metadata=full' } },
  },
]

describe('what the sandbox has not built is said with 501', () => {
  let rig: Rig
  before(() => {
    rig = createRig()
  })
  for (const { what, path, call } of CASES) {
    test(what, async () => {
      const { status, headers, json } = await rig.call(path, call)
      assert.equal(status, 501)
      assert.ok(json.error.message.includes(what), json.error.message)
      assert.ok(String(headers['x-sandbox-not-supported']).length > 0)
    })
  }
})
