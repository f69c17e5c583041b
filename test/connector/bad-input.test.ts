import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { after, test } from 'node:test'
import fc from 'fast-check'
import { actions, ConnectorError, type Entry, triggers } from '../../src/connector/index.ts'
import { createMetadataCache, DataverseError, InvalidRow } from '../../src/dataverse/index.ts'
import { CodedError } from '../../src/kernel/index.ts'
import { startSandboxClient } from '../dataverse/sandbox-client.ts'
import { memoryAttachments } from '../support/attachments.ts'
import { bodiesOf, runContext } from '../support/run-context.ts'

const { clientOf, sandbox, send, token } = await startSandboxClient({ after }, { rows: 3 })
const { orgUrl } = sandbox.description
const metadataCache = createMetadataCache({ maxEntries: 50 })
const origins = new Set<string>()
const client = clientOf(orgUrl, {
  metadataCache,
  send: (request) => {
    origins.add(new URL(request.url).origin)
    return send(request)
  },
})
const { store } = memoryAttachments()
const { id } = await client.create('account', { name: 'Known' })
const documented = readFileSync(new URL('../../docs/errors.md', import.meta.url), 'utf8')

type Fields = Readonly<Record<string, unknown>>

/** Everything that a person or a program may put into a field, whatever belongs there. */
const WRONG: readonly unknown[] = [
  ...[undefined, null, '', ' ', '\t\n', 'x', "O'Neil", '🚀', '"', "' or 1 eq 1", '\0', '\ud800'],
  ...[
    '5',
    '5 ',
    '1,5',
    '1e3',
    0,
    -1,
    1.5,
    5001,
    100_000,
    Number.MAX_SAFE_INTEGER,
    1e300,
    Number.NaN,
  ],
  ...[true, false, 'true', 'maybe', [], [1], [null], ['x'], {}, { a: 1 }, { id: 'x' }, [{}], [[]]],
  ...['{01234567-89AB-CDEF-0123-456789ABCDEF}', '01234567-89ab-cdef-0123-456789abcde'],
  ...['31.12.2026', '2026-02-31', '2026-12-31 10:00', '12/31/2026', '2026-13-01T00:00:00Z'],
  ...[
    'https://elsewhere.example/api/data/v9.2/accounts',
    '//elsewhere.example',
    '../../x',
    'a?b#c',
  ],
  ...['{"a":', '<fetch>', 'name eq', '__proto__', 'constructor', 'toString', 'a'.repeat(5_000)],
  ...[
    '1.234,56',
    'NaN',
    'yes',
    '0123456789abcdef0123456789abcdef',
    'a\r\nb',
    '\u001b[31m',
    '1/31/26',
  ],
  ...[
    '2026-01-31T10:00:00',
    'https:elsewhere.example',
    '\\\\elsewhere.example',
    'file:///etc/passwd',
  ],
  ...[{ 'X-A': 'b\r\nHost: elsewhere.example' }, { Authorization: 'Bearer x' }, { a: null }],
  ...[{ table: 'nosuch', id: 'x' }, { table: 'contact' }, ['\ud800'], [[1]], '$filter=name eq'],
]

interface Right {
  readonly config: Fields
  readonly input?: Fields
}

const objectType = 'account'
const column = { objectType, column: 'new_contract' }
const links = { objectType, relationship: 'primarycontactid' }
const rows = (...inputObjects: readonly unknown[]): Right => ({
  config: { objectType },
  input: { inputObjects },
})

/** For every trigger and action what would be right; each of its fields is then made wrong. */
const RIGHT: Readonly<Record<string, Right>> = {
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
}

// The service alone can tell these, and says them in words that the user sees.
const TOLD_BY_SERVICE = new Set(['conflict', 'not_found', 'tracking_disabled', 'unknown_table'])
// What a person writes as a whole request is read by the service.
const WHOLE = new Set(['url', 'data', 'method', 'headers'])

function isNamed(error: unknown, key: string): boolean {
  if (error instanceof InvalidRow || error instanceof ConnectorError) {
    return typeof error.facts['field'] === 'string'
  }
  if (!(error instanceof DataverseError)) return false
  return TOLD_BY_SERVICE.has(error.code) || (WHOLE.has(key) && error.code === 'bad_request')
}

// Words of a parser or of ours, secrets, paths of this machine, and what a terminal would obey.
const UNFIT =
  /Invalid input|undefined|\[object|Correct this|\.{2,}$|node_modules|file:\/\/\/work|\p{Cc}/u

function checkWords(error: CodedError) {
  const { what, why, remedy } = error.explanation
  for (const words of [what, why, remedy]) {
    assert.match(words, /^[\p{L}\p{N}“].*[.?!”]$/su, words)
    assert.ok(words.length < 2_500, words)
    assert.doesNotMatch(words.replace(/“.*”/s, '“”'), UNFIT, words)
  }
  assert.ok(documented.includes(`\`${error.code}\``), `${error.code} is not documented`)
  assert.ok(!JSON.stringify(error).includes(token.value.reveal()))
}

async function tryOut(entry: Entry, config: unknown, input: unknown, key: string, value: unknown) {
  const limits = { maxMessageBytes: 10_000_000, maxCursorBytes: 5_000 }
  const context = { ...runContext(client, config, input), attachments: store, limits }
  try {
    await bodiesOf(entry.run(context))
  } catch (error) {
    const shown = JSON.stringify(value)?.slice(0, 200)
    assert.ok(isNamed(error, key), `${entry.name}: ${key} as ${shown} ended in ${String(error)}`)
    assert.ok(error instanceof CodedError)
    checkWords(error)
  }
}

for (const entry of [...triggers, ...actions]) {
  test(`${entry.name} takes any value of any field, or names the field`, async () => {
    const right = RIGHT[entry.name]
    assert.ok(right, `nothing right is known of ${entry.name}`)
    const { config, input = {} } = right
    for (const value of WRONG) {
      for (const key of Object.keys(entry.fields)) {
        await tryOut(entry, { ...config, [key]: value }, input, key, value)
      }
      for (const key of Object.keys(input)) {
        await tryOut(entry, config, { ...input, [key]: value }, key, value)
      }
    }
  })
}

test('a configuration or input that is no object is named as such', async () => {
  for (const entry of [...triggers, ...actions]) {
    for (const [key, whole] of [
      ['config', { config: 'x' }],
      ['input', { input: [] }],
    ] as const) {
      if (key === 'input' && entry.kind !== 'action') continue
      const { config, input } = { config: {}, input: {}, ...RIGHT[entry.name], ...whole }
      const running = bodiesOf(entry.run(runContext(client, config, input)))
      await assert.rejects(running, (error) => {
        assert.ok(error instanceof ConnectorError, `${entry.name}: ${String(error)}`)
        assert.equal(error.facts['field'], key)
        return true
      })
    }
  }
})

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
    const entry = [...triggers, ...actions].find((each) => each.name === name)
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
      checkWords(error)
      assert.equal(error.facts['field'], field, String(error))
      const { what, why, remedy } = error.explanation
      assert.match(`${what} ${why} ${remedy}`, word)
      return true
    })
  })
}

/** Addresses that lead away from the environment, or that would not be sent as they are written. */
const ASTRAY = [
  ...[
    'https://elsewhere.example/api/data/v9.2/accounts',
    'https:elsewhere.example',
    '//elsewhere.example',
  ],
  ...[
    '\\\\elsewhere.example',
    '/\\elsewhere.example',
    'ftp://elsewhere.example',
    'file:///etc/passwd',
  ],
  ...[
    'javascript:alert(1)',
    'data:text/plain,x',
    '../../x',
    '%2e%2e/%2e%2e/x',
    'accounts%2F..%2F..%2Fx',
  ],
  ...[`${orgUrl.replace('//', '//user:secret@')}/api/data/v9.2/accounts`, `${orgUrl}/other`],
  ...[
    'accounts#x',
    "accounts(accountnumber='a#b')",
    'acc\nounts',
    'accounts?$top=1\r\nHost: x',
    'accounts?\ud800',
  ],
]

for (const url of ASTRAY) {
  test(`a raw request to ${JSON.stringify(url)} is refused before it is sent`, async () => {
    const entry = actions.find(({ name }) => name === 'makeRawRequest')
    assert.ok(entry)
    const running = bodiesOf(entry.run(runContext(client, {}, { url, method: 'GET' })))
    await assert.rejects(running, (error) => {
      assert.ok(error instanceof ConnectorError, String(error))
      assert.equal(error.facts['field'], 'url')
      assert.doesNotMatch(error.message, /secret/)
      checkWords(error)
      return true
    })
  })
}

test('a row that is named twice is deleted once', async () => {
  const { id } = await client.create('account', { name: 'Twice' })
  const entry = actions.find(({ name }) => name === 'bulkDeleteObjects')
  const braced = `{${id.toUpperCase()}}`
  const inputObjects = [{ id }, { id: braced }, id]
  assert.ok(entry)
  const bodies = await bodiesOf(entry.run(runContext(client, { objectType }, { inputObjects })))
  assert.deepEqual(bodies, [{ result: true }])
})

// Names that fields have, names that nearly are, and anything else.
const anyName = (names: readonly string[]) =>
  fc.oneof(
    fc.constantFrom(...names, 'objectType', 'id', 'name', 'sTerm_1', 'link_1_2', 'x'),
    fc.string({ maxLength: 12 }),
  )
const anyValue = fc.oneof(
  fc.constantFrom(...WRONG.filter((value) => value !== undefined)),
  fc.constantFrom(objectType, id, 'name', 'eq', '5', 'GET', 'accounts', 'emitPage', 'accountid'),
  fc.jsonValue({ maxDepth: 3 }),
)

for (const entry of [...triggers, ...actions]) {
  test(`${entry.name} makes a result or a named field of anything, and asks nobody else`, async () => {
    const { config, input = {} } = RIGHT[entry.name] ?? { config: {} }
    const names = [...Object.keys(entry.fields), ...Object.keys(input)]
    const some = fc.oneof(fc.dictionary(anyName(names), anyValue, { maxKeys: 6 }), anyValue)
    const partly = some.map((given) => Object.assign({}, input, given))
    const property = fc.asyncProperty(
      fc.oneof(fc.constant(config), some),
      fc.oneof(some, partly),
      async (config, input) => {
        await tryOut(entry, config, input, 'url', { config, input })
      },
    )
    await fc.assert(property, { numRuns: 60 })
    assert.deepEqual([...origins], [new URL(orgUrl).origin])
  })
}
