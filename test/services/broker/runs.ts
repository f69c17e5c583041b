import type { DataverseClient } from '../../../src/dataverse/index.ts'

/** One run of a trigger or action on the runtime. */
export interface Run {
  readonly configuration: object
  /** The body of its message; it may need rows that are there. */
  readonly body?: (client: DataverseClient) => Promise<object> | object
  /** What the first message has, among other things; none where nothing needs to come. */
  readonly properties?: readonly string[]
}

const account = { objectType: 'account' }

async function newAccount(client: DataverseClient): Promise<string> {
  return (await client.create('account', { name: 'Fabrikam' })).id
}

const contract = { ...account, column: 'new_contract' }

async function linked(client: DataverseClient) {
  const { id } = await client.create('contact', { lastname: 'Smith' })
  return { idValue: await newAccount(client), relatedIdValue: id }
}

/** How each trigger and action is run once, by its name. */
export const runs: Readonly<Record<string, Run>> = {
  getNewAndUpdatedObjectsPolling: {
    configuration: { ...account, emitBehavior: 'emitPage' },
    properties: ['results'],
  },
  lookupObject: {
    configuration: { ...account, lookupCriteria: 'accountid' },
    body: async (client) => ({ lookupCriteriaValue: await newAccount(client) }),
    properties: ['accountid', 'name'],
  },
  lookupObjects: {
    configuration: { ...account, emitBehavior: 'emitPage', termNumber: '1' },
    body: () => ({ sTerm_1: { fieldName: 'name', condition: 'contains', fieldValue: 'a' } }),
    properties: ['results'],
  },
  lookupObjectsDeprecated: {
    configuration: { ...account, emitBehavior: 'emitAll' },
    body: () => ({ searchCriteria: [] }),
    properties: ['results'],
  },
  makeRawRequest: {
    configuration: {},
    body: () => ({ url: 'WhoAmI', method: 'GET' }),
    properties: ['statusCode', 'headers', 'responseBody'],
  },
  upsertObject: {
    configuration: { ...account, idToSearchOn: 'id' },
    body: async (client) => ({ id: await newAccount(client), name: 'Adatum' }),
    properties: ['accountid', 'name'],
  },
  deleteObjectById: {
    configuration: account,
    body: async (client) => ({ idValue: await newAccount(client) }),
    properties: ['id'],
  },
  bulkCreateObjects: {
    configuration: account,
    body: () => ({ inputObjects: [{ name: 'One' }, { name: 'Two' }] }),
    properties: ['result'],
  },
  bulkUpdateObjects: {
    configuration: account,
    body: async (client) => ({ inputObjects: [{ id: await newAccount(client), name: 'New' }] }),
    properties: ['result'],
  },
  bulkDeleteObjects: {
    configuration: account,
    body: async (client) => ({ inputObjects: [{ id: await newAccount(client) }] }),
    properties: ['result'],
  },
  bulkUpsertObjects: {
    configuration: { ...account, idToSearchOn: 'id' },
    body: async (client) => ({
      inputObjects: [{ id: await newAccount(client), name: 'New' }, { name: 'Newer' }],
    }),
    properties: ['results'],
  },
  getChanges: {
    configuration: { ...account, emitBehavior: 'emitPage' },
    properties: ['results'],
  },
  webhookTrigger: {
    configuration: account,
    body: () => ({
      ...{ MessageName: 'Create', PrimaryEntityName: 'account' },
      PrimaryEntityId: '01234567-89ab-cdef-0123-456789abcdef',
      InputParameters: [
        { key: 'Target', value: { Attributes: [{ key: 'name', value: 'Adatum' }] } },
      ],
    }),
    properties: ['event', 'id', 'table', 'columns'],
  },
  fetchXmlQuery: {
    configuration: { emitBehavior: 'emitPage' },
    body: () => ({
      fetchXml: '<fetch><entity name="account"><attribute name="name"/></entity></fetch>',
    }),
    properties: ['results'],
  },
  countObjects: { configuration: account, properties: ['count', 'exact'] },
  associateObjects: {
    configuration: { ...account, relationship: 'primarycontactid' },
    body: linked,
    properties: ['id', 'relatedId'],
  },
  disassociateObjects: {
    configuration: { ...account, relationship: 'primarycontactid' },
    body: async (client) => {
      const { idValue, relatedIdValue } = await linked(client)
      const contact = { table: 'contact', key: relatedIdValue }
      await client.associate({ table: 'account', key: idValue }, 'primarycontactid', contact)
      return { idValue, relatedIdValue }
    },
    properties: ['id', 'relatedId'],
  },
  setObjectState: {
    configuration: account,
    body: async (client) => ({ idValue: await newAccount(client), state: 'Inactive' }),
    properties: ['statecode'],
  },
  uploadFile: {
    configuration: contract,
    body: async (client) => ({
      ...{ idValue: await newAccount(client), fileName: 'hello.txt' },
      content: Buffer.from('Hello').toString('base64'),
    }),
    properties: ['id', 'size'],
  },
  downloadFile: {
    configuration: contract,
    body: async (client) => {
      const idValue = await newAccount(client)
      const file = { table: 'account', key: idValue, column: 'new_contract' }
      await client.files.upload(file, Buffer.from('Hello'), { fileName: 'hello.txt' })
      return { idValue }
    },
    properties: ['url', 'size'],
  },
  callActionOrFunction: {
    configuration: { operation: 'WhoAmI' },
    properties: ['UserId'],
  },
  extractRawSystemMetadata: {
    configuration: { output: 'attachment' },
    properties: ['url', 'size'],
  },
}
