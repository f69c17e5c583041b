import type { AttachmentStore } from '../../src/connector/index.ts'
import type { DataverseClient } from '../../src/dataverse/index.ts'
import { type Run, runs } from '../services/broker/runs.ts'

const account = { objectType: 'account' }
const byPage = { ...account, emitBehavior: 'emitPage' }

/** The ways through every trigger and action: its plainest input first, then those that it has besides. */
export function waysThrough(
  client: DataverseClient,
  store: AttachmentStore,
): Readonly<Record<string, readonly Run[]>> {
  const newAccount = async (name = 'Adatum') => (await client.create('account', { name })).id
  const others: Readonly<Record<string, readonly Run[]>> = {
    countObjects: [{ configuration: { ...account, exact: true } }],
    lookupObject: [
      {
        configuration: { ...account, lookupCriteria: 'name' },
        body: async () => {
          await newAccount('Twin')
          await newAccount('Twin')
          return { lookupCriteriaValue: 'Twin' }
        },
      },
    ],
    lookupObjectsDeprecated: [
      { configuration: byPage, body: () => ({ pageSize: 0 }) },
      { configuration: byPage, body: () => ({ pageNumber: 1, pageSize: 1 }) },
      { configuration: { ...account, emitBehavior: 'emitIndividually' } },
    ],
    makeRawRequest: [
      {
        configuration: {},
        body: () => ({ url: 'accounts', method: 'POST', data: { name: 'Raw' } }),
      },
    ],
    uploadFile: [
      {
        configuration: { ...account, column: 'new_contract' },
        body: async () => {
          const body = new Blob(['Hello']).stream()
          const { url } = await store.put(body, { contentType: 'text/plain' })
          return { idValue: await newAccount(), fileName: 'hello.txt', url }
        },
      },
    ],
    upsertObject: [{ configuration: account, body: () => ({ name: 'New' }) }],
    webhookTrigger: [
      {
        configuration: account,
        body: async () => ({
          ...{ MessageName: 'Create', PrimaryEntityName: 'account' },
          PrimaryEntityId: await newAccount(),
        }),
      },
    ],
  }
  return Object.fromEntries(
    Object.entries(runs).map(([name, plain]) => [name, [plain, ...(others[name] ?? [])]]),
  )
}
