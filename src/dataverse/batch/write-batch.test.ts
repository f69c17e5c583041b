import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { webApi } from '../address/address.ts'
import { DataverseError } from '../errors/dataverse-error.ts'
import type { Operation } from '../operation.ts'
import { type BatchItem, changeSet, checkItems, earlierRow } from './batch-item.ts'
import { boundaryOf, partsOf, splitHead } from './multipart.ts'
import { writeBatch } from './write-batch.ts'

const api = webApi('https://org1.crm4.dynamics.com', 'v9.2')

const operation = (parts: Partial<Operation<undefined>> = {}): Operation<undefined> => ({
  method: 'POST',
  path: 'accounts',
  body: {},
  read: () => undefined,
  ...parts,
})

const get = (path: string) => ({ method: 'GET' as const, path, read: () => undefined })

const refused = (items: readonly BatchItem[], code: string, field?: string) =>
  assert.throws(
    () => {
      checkItems(items)
      writeBatch(api, items)
    },
    (error) => {
      assert.ok(error instanceof DataverseError, String(error))
      assert.equal(error.code, code)
      if (field !== undefined) assert.equal(error.facts['field'], field)
      return true
    },
  )

test('a batch is written to the letter: CRLF everywhere, ids within change sets', () => {
  const items = [
    get("accounts?$filter=name eq 'a'"),
    changeSet([
      operation({ body: { name: 'x' }, headers: { prefer: 'return=representation' } }),
      operation({ method: 'PATCH', path: earlierRow(1), body: { 'p@odata.bind': earlierRow(1) } }),
    ]),
  ]
  checkItems(items)
  const { contentType, body } = writeBatch(api, items)
  assert.equal(contentType, 'multipart/mixed; boundary="batch_fairlead"')
  assert.equal(
    body,
    [
      '--batch_fairlead',
      'Content-Type: application/http',
      'Content-Transfer-Encoding: binary',
      '',
      'GET /api/data/v9.2/accounts?$filter=name%20eq%20%27a%27 HTTP/1.1',
      'accept: application/json',
      '',
      '',
      '--batch_fairlead',
      'Content-Type: multipart/mixed; boundary="changeset_fairlead_2"',
      '',
      '--changeset_fairlead_2',
      'Content-Type: application/http',
      'Content-Transfer-Encoding: binary',
      'Content-ID: 1',
      '',
      'POST /api/data/v9.2/accounts HTTP/1.1',
      'accept: application/json',
      'content-type: application/json; type=entry',
      'prefer: return=representation',
      '',
      '{"name":"x"}',
      '--changeset_fairlead_2',
      'Content-Type: application/http',
      'Content-Transfer-Encoding: binary',
      'Content-ID: 2',
      '',
      'PATCH $1 HTTP/1.1',
      'accept: application/json',
      'content-type: application/json; type=entry',
      '',
      '{"p@odata.bind":"$1"}',
      '--changeset_fairlead_2--',
      '',
      '--batch_fairlead--',
      '',
    ].join('\r\n'),
  )
})

test('no value of a body can leave its part', () => {
  const hostile = fc
    .array(
      fc.constantFrom('--batch_fairlead', '--', '\r\n', '\u2028', '"', '\\', '\u0000', 'ü', '💧'),
    )
    .map((pieces) => pieces.join(''))
  fc.assert(
    fc.property(fc.array(fc.dictionary(hostile, hostile), { minLength: 1 }), (bodies) => {
      const { contentType, body } = writeBatch(
        api,
        bodies.map((each) => operation({ body: each })),
      )
      const parts = partsOf(Buffer.from(body), boundaryOf(contentType) ?? '')
      const read = parts.map(({ content }) => JSON.parse(String(splitHead(content).content)))
      assert.deepEqual(
        read,
        bodies.map((each) => JSON.parse(JSON.stringify(each))),
      )
      assert.ok(!/(^|[^\r])\n/.test(body) && body.endsWith('--\r\n'))
    }),
    { numRuns: 200 },
  )
})

test('what no batch may hold is refused before it is sent, by name', () => {
  const many = Array.from({ length: 999 }, () => operation())
  assert.doesNotThrow(() => checkItems([...many, operation()]))
  refused([...many, changeSet([operation(), operation()])], 'batch_too_large')
  refused(
    [changeSet([operation(), get('accounts')])],
    'invalid_argument',
    'operations[0].operations[1]',
  )
  refused([changeSet([])], 'invalid_argument', 'operations[0]')
  refused([operation({ path: '$batch' })], 'invalid_argument', 'operations[0]')
  refused([get('/api/data/v9.2/%24batch')], 'invalid_argument')
  refused([operation({ headers: { prefer: 'a\r\nb: c' } })], 'invalid_argument')
  refused([get('https://elsewhere.example/accounts')], 'unsafe_address')
  refused([get(`accounts?${'x'.repeat(65_536)}`)], 'address_too_long')
  assert.doesNotThrow(() => writeBatch(api, [get(`accounts?${'x'.repeat(40_000)}`)]))
})

test('a reference leads to an earlier operation of the same change set, or is refused', () => {
  const bound = (value: string) => operation({ body: { deep: [{ 'p@odata.bind': value }] } })
  refused([operation(), operation({ path: earlierRow(1) })], 'invalid_argument', 'operations[1]')
  refused([changeSet([bound('$1')])], 'invalid_argument', 'operations[0].operations[0]')
  refused([changeSet([bound('$2'), operation()])], 'invalid_argument')
  refused([changeSet([operation({ path: '$2/p' }), operation()])], 'invalid_argument')
  assert.doesNotThrow(() => checkItems([changeSet([operation(), bound('$1')])]))
  // A text that merely looks like one.
  assert.doesNotThrow(() => checkItems([operation({ body: { name: '$5' } })]))
  assert.throws(() => earlierRow(0), DataverseError)
  assert.throws(() => earlierRow(1.5), DataverseError)
})
