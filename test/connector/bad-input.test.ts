import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { actions, ConnectorError, type Entry, triggers } from '../../src/connector/index.ts'
import { createMetadataCache, DataverseError, InvalidRow } from '../../src/dataverse/index.ts'
import { startSandboxClient } from '../dataverse/sandbox-client.ts'
import { memoryAttachments } from '../support/attachments.ts'
import { bodiesOf, runContext } from '../support/run-context.ts'

const { clientOf, sandbox } = await startSandboxClient({ after }, { rows: 3 })
const metadataCache = createMetadataCache({ maxEntries: 50 })
const client = clientOf(sandbox.description.orgUrl, { metadataCache })
const { store } = memoryAttachments()
const { id } = await client.create('account', { name: 'Known' })

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
// What a person writes as a whole expression or request is read by the service.
const WHOLE = new Set(['url', 'data', 'method', 'headers', 'fetchXml'])

function isNamed(error: unknown, key: string): boolean {
  if (error instanceof InvalidRow) return true
  if (error instanceof ConnectorError) return typeof error.facts['field'] === 'string'
  if (!(error instanceof DataverseError)) return false
  return TOLD_BY_SERVICE.has(error.code) || (WHOLE.has(key) && error.code === 'bad_request')
}

async function tryOut(entry: Entry, config: Fields, input: Fields, key: string, value: unknown) {
  const limits = { maxMessageBytes: 10_000_000, maxCursorBytes: 5_000 }
  const context = { ...runContext(client, config, input), attachments: store, limits }
  try {
    await bodiesOf(entry.run(context))
  } catch (error) {
    const shown = JSON.stringify(value)?.slice(0, 60)
    assert.ok(isNamed(error, key), `${entry.name}: ${key} as ${shown} ended in ${String(error)}`)
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
