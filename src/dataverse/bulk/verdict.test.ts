import assert from 'node:assert/strict'
import { test } from 'node:test'
import { DataverseError, type DataverseErrorCode } from '../errors/dataverse-error.ts'
import type { BulkItem, Chunk, ChunkResult } from './chunk.ts'
import { Verdict } from './verdict.ts'

function failure(code: DataverseErrorCode, message: string, hex = '', afterMs?: number) {
  return new DataverseError(code, {
    what: message,
    ...{ why: '', remedy: 'Mend it.', who: 'you' },
    retry: afterMs === undefined ? { when: 'never' } : { when: 'later', afterMs },
    dataverseCode: hex,
  })
}

const refused = (error: DataverseError): ChunkResult => ({ kind: 'refused', error })
const written: ChunkResult = { kind: 'done', fates: [{ status: 'written' }] }
function chunkOf(rows: number): Pick<Chunk, 'items' | 'manner'> {
  const item: BulkItem = { index: 0, row: { body: {} }, text: '{}', identity: 'a' }
  return { items: Array.from({ length: rows }, () => item), manner: 'together' }
}

const privilege = failure('forbidden', 'It is missing prvCreateAccount.', '0x80040220')

/** How many rows are refused one by one before the load ends; `undefined` if it never does. */
function endsAfter(verdict: Verdict, error: (n: number) => DataverseError) {
  for (let n = 1; n <= 1_000; n += 1) if (verdict.hear(refused(error(n)), chunkOf(1))) return n
  return undefined
}

test('a privilege that is missing for every row ends the load after eight rows', () => {
  assert.equal(
    endsAfter(new Verdict('account', 600_000), () => privilege),
    8,
  )
})

test('any other refusal in the same words ends it after two hundred', () => {
  const terse = failure('server_error', 'An unexpected error occurred.', '0x80040216')
  assert.equal(
    endsAfter(new Verdict('account', 600_000), () => terse),
    200,
  )
})

test('a row that is written between begins the count anew', () => {
  const verdict = new Verdict('account', 600_000)
  for (let n = 0; n < 7; n += 1) verdict.hear(refused(privilege), chunkOf(1))
  verdict.hear(written, chunkOf(1))
  assert.equal(
    endsAfter(verdict, () => privilege),
    8,
  )
})

test('what names the row, or is said of single rows only, ends no load', () => {
  const verdict = new Verdict('account', 600_000)
  const own = (n: number) => failure('forbidden', `It has no access to row ${n}.`, '0x80048306')
  assert.equal(endsAfter(verdict, own), undefined)
  const missing = failure('not_found', 'A record with the key does not exist.', '0x80060891')
  assert.equal(
    endsAfter(verdict, () => missing),
    undefined,
  )
})

test('a refusal that cannot be about a row ends the load at once, and keeps its name', () => {
  const verdict = new Verdict('account', 600_000)
  const disabled = failure('bad_request', 'The organization is disabled.', '0x8004a104')
  const end = verdict.hear(refused(disabled), chunkOf(100))
  assert.ok(end instanceof DataverseError)
  assert.deepEqual(
    [end.code, end.dataverseCode, end.cause],
    ['bad_request', '0x8004a104', disabled],
  )
  assert.match(end.message, /^The bulk write to account was ended: The organization is disabled\./)
})

test('a pause beyond what the protection limits need is not waited for', () => {
  const verdict = new Verdict('account', 600_000)
  const pause = (afterMs: number): ChunkResult => ({
    kind: 'passing',
    error: failure('throttled', 'Slower.', '0x80072321', afterMs),
    smaller: false,
  })
  for (const afterMs of [300_000, 600_000])
    assert.equal(verdict.hear(pause(afterMs), chunkOf(10)), undefined)
  assert.equal(verdict.hear(pause(3_600_000), chunkOf(10))?.code, 'throttled')
})

test('what was waited for in vain twice, with nothing written between, ends the load', () => {
  const verdict = new Verdict('account', 600_000)
  const gone = failure('unavailable', 'Nobody answers.')
  assert.equal(verdict.gaveUp(gone), undefined)
  verdict.hear(written, chunkOf(1))
  assert.equal(verdict.gaveUp(gone), undefined)
  assert.equal(verdict.gaveUp(gone)?.code, 'unavailable')
})
