type Fields = Readonly<Record<string, unknown>>

/** A configuration and an input. */
export interface Right {
  readonly config: Fields
  readonly input?: Fields
}

const objectType = 'account'
const column = { objectType, column: 'new_contract' }
const links = { objectType, relationship: 'primarycontactid' }
/** Input of an action on many rows of accounts. */
export const rows = (...inputObjects: readonly unknown[]): Right => ({
  config: { objectType },
  input: { inputObjects },
})

/** What is right for every trigger and action, by its name; `id` is that of an account. */
export const rightInputs = (id: string): Readonly<Record<string, Right>> => ({
  associateObjects: { config: links, input: { idValue: id, relatedIdValue: id } },
  bulkCreateObjects: rows({ name: 'A' }),
  bulkDeleteObjects: rows({ id }),
  bulkUpdateObjects: rows({ id, name: 'A' }),
  bulkUpsertObjects: rows({ id, name: 'A' }),
  callActionOrFunction: {
    config: { operation: 'WhoAmI' },
    input: { idValue: undefined, parameters: {} },
  },
  countObjects: {
    config: { objectType },
    input: { sTerm_1: { fieldName: 'name', condition: 'eq', fieldValue: 'x' } },
  },
  deleteObjectById: { config: { objectType }, input: { idValue: id } },
  disassociateObjects: { config: links, input: { idValue: id, relatedIdValue: id } },
  downloadFile: { config: column, input: { idValue: id } },
  extractRawSystemMetadata: { config: { output: 'body' } },
  fetchXmlQuery: {
    config: {},
    input: { fetchXml: '<fetch top="1"><entity name="account"/></fetch>' },
  },
  getChanges: { config: { objectType, emitBehavior: 'emitPage' } },
  getNewAndUpdatedObjectsPolling: { config: { objectType, emitBehavior: 'emitPage' } },
  lookupObject: {
    config: { objectType, lookupCriteria: 'accountid' },
    input: { lookupCriteriaValue: id },
  },
  lookupObjects: {
    config: { objectType },
    input: {
      sTerm_1: { fieldName: 'name', condition: 'eq', fieldValue: 'x' },
      link_1_2: 'and',
      sTerm_2: { fieldName: 'revenue', condition: 'gt', fieldValue: 5 },
    },
  },
  lookupObjectsDeprecated: {
    config: { objectType, emitBehavior: 'emitPage' },
    input: {
      searchCriteria: [{ fieldName: 'name', operator: 'eq', fieldValue: 'x' }],
      pageNumber: 0,
      pageSize: 5,
    },
  },
  makeRawRequest: {
    config: {},
    input: { url: 'accounts?$top=1', method: 'GET', headers: {}, data: undefined },
  },
  setObjectState: { config: { objectType }, input: { idValue: id, state: 0, status: 1 } },
  uploadFile: {
    config: column,
    input: { idValue: id, fileName: 'a', url: undefined, content: 'QQ==', mimeType: 'a/b' },
  },
  upsertObject: { config: { objectType }, input: { id, name: 'A', revenue: 5, industrycode: 1 } },
  webhookTrigger: {
    config: { objectType },
    input: { MessageName: 'Update', PrimaryEntityId: id, PrimaryEntityName: 'account' },
  },
})
