import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import fc from 'fast-check'
import { actions, ConnectorError, type Entry, triggers } from '../../src/connector/index.ts'
import { createMetadataCache, DataverseError, InvalidRow } from '../../src/dataverse/index.ts'
import { CodedError } from '../../src/kernel/index.ts'
import { startSandboxClient } from '../dataverse/sandbox-client.ts'
import { memoryAttachments } from '../support/attachments.ts'
import { bodiesOf, runContext } from '../support/run-context.ts'
import { checkWords } from './error-words.ts'
import { rightInputs } from './right-inputs.ts'

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
const RIGHT = rightInputs(id)

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

async function tryOut(entry: Entry, config: unknown, input: unknown, key: string, value: unknown) {
  const limits = { maxMessageBytes: 10_000_000, maxCursorBytes: 5_000 }
  const context = { ...runContext(client, config, input), attachments: store, limits }
  try {
    await bodiesOf(entry.run(context))
  } catch (error) {
    const shown = JSON.stringify(value)?.slice(0, 200)
    assert.ok(isNamed(error, key), `${entry.name}: ${key} as ${shown} ended in ${String(error)}`)
    assert.ok(error instanceof CodedError)
    checkWords(error, token.value.reveal())
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

// Names that fields have, names that nearly are, and anything else.
const anyName = (names: readonly string[]) =>
  fc.oneof(
    fc.constantFrom(...names, 'objectType', 'id', 'name', 'sTerm_1', 'link_1_2', 'x'),
    fc.string({ maxLength: 12 }),
  )
const anyValue = fc.oneof(
  fc.constantFrom(...WRONG.filter((value) => value !== undefined)),
  fc.constantFrom('account', id, 'name', 'eq', '5', 'GET', 'accounts', 'emitPage', 'accountid'),
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
    await fc.assert(property, { numRuns: 40 })
    assert.deepEqual([...origins], [new URL(orgUrl).origin])
  })
}
