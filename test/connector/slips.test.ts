import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { findEntry } from '../../src/connector/index.ts'
import { createMetadataCache } from '../../src/dataverse/index.ts'
import { CodedError } from '../../src/kernel/index.ts'
import { startSandboxClient } from '../dataverse/sandbox-client.ts'
import { memoryAttachments } from '../support/attachments.ts'
import { bodiesOf, runContext } from '../support/run-context.ts'
import { checkWords } from './error-words.ts'
import { type Right, rightInputs, rows } from './right-inputs.ts'

const { clientOf, sandbox, token } = await startSandboxClient({ after }, { rows: 3 })
const metadataCache = createMetadataCache({ maxEntries: 50 })
const client = clientOf(sandbox.description.orgUrl, { metadataCache })
const { store } = memoryAttachments()
const { id } = await client.create('account', { name: 'Known' })
const RIGHT = rightInputs(id)
const objectType = 'account'

const one = (fieldName: string, condition: string, fieldValue: unknown) => ({
  sTerm_1: { fieldName, condition, fieldValue },
})
const terms = (count: number) =>
  Object.fromEntries(
    Array.from({ length: count }, (_, index) => [
      [`sTerm_${index + 1}`, one('name', 'eq', 'x').sTerm_1],
      ...(index === 0 ? [] : [[`link_${index}_${index + 1}`, 'or']]),
    ]).flat(),
  )
const other = '01234567-89ab-cdef-0123-456789abcdef'
const expert = { config: { objectType, expertMode: true } }
const poll = { objectType, emitBehavior: 'emitPage' }
const keyed = { objectType, idToSearchOn: 'accountnumber' }
const fetchXml = (inner: string) => ({ input: { fetchXml: inner } })

/** What people get wrong, with the field that is named and a word that has to be said of it. */
const SLIPS: readonly (readonly [
  what: string,
  entry: string,
  given: Partial<Right>,
  field: string,
  word: RegExp,
])[] = [
  ['100 search terms', 'lookupObjects', { input: terms(100) }, 'sTerm_100', /at most 99/],
  [
    '100 as number of terms',
    'countObjects',
    { config: { objectType, termNumber: 100 } },
    'termNumber',
    /0 to 99/,
  ],
  ['a misspelt term', 'countObjects', { input: { sTerm1: {} } }, 'sTerm1', /mean sTerm_1\?/],
  [
    'a misspelt link',
    'lookupObjects',
    { input: { ...terms(2), 'Link_1-2': 'or' } },
    'Link_1-2',
    /mean link_1_2\?/,
  ],
  [
    'a missing link',
    'lookupObjects',
    { input: { ...terms(2), link_1_2: undefined } },
    'link_1_2',
    /“and” or “or”/,
  ],
  [
    'an expression without Expert Mode',
    'lookupObjects',
    { input: { filterExpression: "name eq 'x'" } },
    'filterExpression',
    /Expert Mode/,
  ],
  [
    'terms in Expert Mode',
    'countObjects',
    { ...expert, input: terms(1) },
    'filterExpression',
    /search terms/,
  ],
  [
    'a parenthesis too many',
    'lookupObjects',
    { ...expert, input: { filterExpression: "name eq 'x')" } },
    'filterExpression',
    /at character 12/,
  ],
  [
    'half a character',
    'lookupObjects',
    { ...expert, input: { filterExpression: "name eq '\ud800'" } },
    'filterExpression',
    /half a character/,
  ],
  [
    'an unknown function',
    'lookupObjects',
    { ...expert, input: { filterExpression: "substringof('x',name)" } },
    'filterExpression',
    /contains/,
  ],
  [
    'a column of another table in an expression',
    'lookupObjects',
    { ...expert, input: { filterExpression: "fullname eq 'x'" } },
    'filterExpression',
    /fullname/,
  ],
  [
    'a wrong type in an expression',
    'countObjects',
    { ...expert, input: { filterExpression: "revenue gt '5'" } },
    'filterExpression',
    /Edm.Decimal/,
  ],
  [
    'a column that has nearly this name',
    'lookupObjects',
    { input: one('nam', 'eq', 'x') },
    'sTerm_1.fieldName',
    /mean name or/,
  ],
  [
    'a column of another table',
    'lookupObjects',
    { input: one('fullname', 'eq', 'x') },
    'sTerm_1.fieldName',
    /no column “fullname”/,
  ],
  [
    'a column that cannot be searched',
    'lookupObjects',
    { input: one('entityimage', 'eq', 'x') },
    'sTerm_1.fieldName',
    /type image/,
  ],
  [
    'a number as the name of a column',
    'lookupObjects',
    { input: { sTerm_1: { fieldName: 5 } } },
    'sTerm_1.fieldName',
    /not a text/,
  ],
  [
    'a missing condition',
    'lookupObjects',
    { input: { sTerm_1: { fieldName: 'name', fieldValue: 'x' } } },
    'sTerm_1.condition',
    /eq, ne/,
  ],
  [
    'an unknown condition',
    'lookupObjects',
    { input: one('name', '=', 'x') },
    'sTerm_1.condition',
    /eq, ne/,
  ],
  [
    'a condition without a value',
    'lookupObjects',
    { input: { sTerm_1: { fieldName: 'name', condition: 'eq' } } },
    'sTerm_1.fieldValue',
    /null/,
  ],
  [
    'money as 1.234,56',
    'lookupObjects',
    { input: one('revenue', 'eq', '1.234,56') },
    'sTerm_1.fieldValue',
    /revenue.*-12\.5/,
  ],
  [
    'the label of a choice',
    'lookupObjects',
    { input: one('industrycode', 'eq', 'Accounting') },
    'sTerm_1.fieldValue',
    /1 \(Accounting\)/,
  ],
  [
    'U+0000 in a value',
    'lookupObjects',
    { input: one('name', 'eq', 'a\0b') },
    'sTerm_1.fieldValue',
    /U\+0000/,
  ],
  [
    'a lookup to expand that is none',
    'lookupObjects',
    { config: { objectType, expandFields: 'primarycontact' } },
    'expandFields',
    /mean primarycontactid\?/,
  ],
  [
    '1001 as page size',
    'lookupObjects',
    { config: { objectType, pageSize: 1001 } },
    'pageSize',
    /1 to 1000/,
  ],
  [
    '5001 as page size',
    'getChanges',
    { config: { ...poll, pageSize: '5001' } },
    'pageSize',
    /1 to 5000/,
  ],
  [
    '0 as page size',
    'getNewAndUpdatedObjectsPolling',
    { config: { ...poll, pageSize: 0 } },
    'pageSize',
    /1 to 5000/,
  ],
  [
    'a local date',
    'getNewAndUpdatedObjectsPolling',
    { config: { ...poll, startTime: '31.01.2026' } },
    'startTime',
    /2026-01-31T/,
  ],
  [
    'a time without a zone',
    'getNewAndUpdatedObjectsPolling',
    { config: { ...poll, endTime: '2026-01-31T10:00' } },
    'endTime',
    /time zone/,
  ],
  [
    '30 February',
    'getNewAndUpdatedObjectsPolling',
    { config: { ...poll, startTime: '2026-02-30' } },
    'startTime',
    /calendar/,
  ],
  [
    'an end before the start',
    'getNewAndUpdatedObjectsPolling',
    { config: { ...poll, startTime: '2026-01-02', endTime: '2026-01-01' } },
    'endTime',
    /before/,
  ],
  [
    'a number as an operator',
    'lookupObjectsDeprecated',
    { input: { searchCriteria: [{ fieldName: 'name', operator: 5, fieldValue: 'x' }] } },
    'searchCriteria.0.operator',
    /eq, ne/,
  ],
  [
    'misspelt criteria',
    'lookupObjectsDeprecated',
    { input: { searchcriteria: [], SearchCriteria: [1] } },
    'searchcriteria',
    /mean searchCriteria\?/,
  ],
  [
    'criteria of nothing but commas',
    'lookupObject',
    { config: { objectType, lookupCriteria: ' , ' } },
    'lookupCriteria',
    /Name a column/,
  ],
  ['a misspelt id', 'deleteObjectById', { input: { idvalue: other } }, 'idvalue', /mean idValue\?/],
  [
    'a GUID without dashes',
    'deleteObjectById',
    { input: { idValue: other.replaceAll('-', '') } },
    'idValue',
    /0123/,
  ],
  [
    'two ids of one row',
    'upsertObject',
    { input: { id, accountid: other, name: 'A' } },
    'id',
    /another row/,
  ],
  ['Id for id', 'upsertObject', { input: { Id: id, name: 'A' } }, 'Id', /mean id\?/],
  ['a column in another case', 'upsertObject', { input: { Name: 'A' } }, 'Name', /mean name/],
  [
    'a column that cannot be written',
    'upsertObject',
    { input: { createdon: '2026-01-31' } },
    'createdon',
    /cannot be written/,
  ],
  [
    'a value that no key may have',
    'upsertObject',
    { config: keyed, input: { accountnumber: 'a/b' } },
    'accountnumber',
    /holds one of/,
  ],
  [
    'a number in braces as a key',
    'upsertObject',
    { config: keyed, input: { accountnumber: { id: 'x' } } },
    'accountnumber',
    /text or a number/,
  ],
  [
    'no such key',
    'upsertObject',
    { config: { objectType, idToSearchOn: 'name' }, input: { name: 'A' } },
    'idToSearchOn',
    /id; accountnumber/,
  ],
  [
    'a lookup of a wrong table',
    'upsertObject',
    { input: { id, primarycontactid: { table: 'account', id } } },
    'primarycontactid',
    /contact/,
  ],
  [
    'a lookup by a label',
    'upsertObject',
    { input: { id, primarycontactid: 'Jane Doe' } },
    'primarycontactid',
    /id of a row of contact/,
  ],
  [
    'a wrong choice',
    'upsertObject',
    { input: { id, industrycode: 'Accountin' } },
    'industrycode',
    /Accounting \(1\)/,
  ],
  [
    'milliseconds as a date',
    'upsertObject',
    { input: { id, lastonholdtime: 1_769_853_600_000 } },
    'lastonholdtime',
    /2026-01-31T/,
  ],
  [
    'a row without an id to update',
    'bulkUpdateObjects',
    rows({ id, name: 'A' }, { name: 'B' }),
    'inputObjects.1.id',
    /row to update/,
  ],
  [
    'an id to update that is none',
    'bulkUpdateObjects',
    rows({ id: 'x' }),
    'inputObjects.0.id',
    /0123/,
  ],
  [
    'a row that is no object',
    'bulkUpsertObjects',
    rows({ name: 'A' }, null),
    'inputObjects.1',
    /object/,
  ],
  [
    'a wrong value among many',
    'bulkCreateObjects',
    rows({ name: 'A' }, { nmae: 'B' }),
    'inputObjects.1.nmae',
    /No row was created/,
  ],
  [
    'a list of rows alone',
    'bulkCreateObjects',
    { input: [{ name: 'A' }] as never },
    'input',
    /object/,
  ],
  [
    'a misspelt relationship',
    'associateObjects',
    { config: { objectType, relationship: 'primarycontact' } },
    'relationship',
    /mean primarycontactid\?/,
  ],
  [
    'the owner as a relationship',
    'associateObjects',
    { config: { objectType, relationship: 'ownerid' } },
    'relationship',
    /ownerid/,
  ],
  [
    'a status of another state',
    'setObjectState',
    { input: { idValue: id, state: 1, status: 1 } },
    'status',
    /Inactive \(2\)/,
  ],
  [
    'a file name with a folder',
    'uploadFile',
    { input: { idValue: id, fileName: '../a', content: 'QQ==' } },
    'fileName',
    /without a folder/,
  ],
  [
    'a file named as a folder',
    'uploadFile',
    { input: { idValue: id, fileName: '..', content: 'QQ==' } },
    'fileName',
    /without a folder/,
  ],
  [
    'a content type with a line feed',
    'uploadFile',
    { input: { idValue: id, fileName: 'a', content: 'QQ==', mimeType: 'a/b\r\nc' } },
    'mimeType',
    /application\/pdf/,
  ],
  [
    'no base64',
    'uploadFile',
    { input: { idValue: id, fileName: 'a', content: 'QQ' } },
    'content',
    /base64/,
  ],
  [
    'an operation in another case',
    'callActionOrFunction',
    { config: { operation: 'whoami' } },
    'operation',
    /mean WhoAmI\?/,
  ],
  [
    'a missing parameter',
    'callActionOrFunction',
    { config: { operation: 'RetrieveTotalRecordCount' } },
    'parameters.EntityNames',
    /needs it/,
  ],
  [
    'a misspelt parameter',
    'callActionOrFunction',
    {
      config: { operation: 'RetrieveTotalRecordCount' },
      input: { parameters: { EntityName: ['account'], EntityNames: [] } },
    },
    'parameters.EntityName',
    /mean EntityNames\?/,
  ],
  [
    'a parameter that the service refuses',
    'callActionOrFunction',
    { config: { operation: 'DeleteFile' }, input: { parameters: {} } },
    'parameters',
    /FileId/,
  ],
  ['no XML', 'fetchXmlQuery', fetchXml('accounts'), 'fetchXml', /<fetch>/],
  [
    'XML that breaks off',
    'fetchXmlQuery',
    fetchXml('<fetch><entity name="account">'),
    'fetchXml',
    /line 1, column/,
  ],
  [
    'a document type',
    'fetchXmlQuery',
    fetchXml(
      '<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><fetch><entity name="account">&x;</entity></fetch>',
    ),
    'fetchXml',
    /DOCTYPE/,
  ],
  [
    'a query of an unknown table',
    'fetchXmlQuery',
    fetchXml('<fetch><entity name="acount"/></fetch>'),
    'fetchXml',
    /mean account\?/,
  ],
  [
    'an unknown column in a query',
    'fetchXmlQuery',
    fetchXml('<fetch><entity name="account"><attribute name="fullname"/></entity></fetch>'),
    'fetchXml',
    /fullname/,
  ],
  [
    'a query longer than any address',
    'fetchXmlQuery',
    fetchXml(`<fetch><entity name="account">${'<filter/>'.repeat(8_000)}</entity></fetch>`),
    'fetchXml',
    /characters/,
  ],
]

for (const [what, name, { config, input }, field, word] of SLIPS) {
  test(`${name}: ${what} is told of ${field}`, async () => {
    const entry = findEntry(name)
    const right = RIGHT[name]
    assert.ok(entry && right)
    const running = bodiesOf(
      entry.run({
        ...runContext(client, config ?? right.config, input ?? right.input),
        attachments: store,
      }),
    )
    await assert.rejects(running, (error) => {
      assert.ok(error instanceof CodedError, String(error))
      checkWords(error, token.value.reveal())
      assert.equal(error.facts['field'], field, String(error))
      const { what, why, remedy } = error.explanation
      assert.match(`${what} ${why} ${remedy}`, word)
      return true
    })
  })
}
