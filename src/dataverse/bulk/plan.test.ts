import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { DataverseError } from '../errors/dataverse-error.ts'
import type { BulkItem, BulkKind, Chunk, ChunkResult, RowResult } from './chunk.ts'
import type { RowFate } from './outcome.ts'
import { plan } from './plan.ts'
import { partsOf } from './split.ts'

function failure(message: string, code: 'bad_request' | 'throttled' | 'unavailable', hex: string) {
  return new DataverseError(code, {
    what: message,
    ...{ why: '', remedy: 'Mend it.', who: 'you', retry: { when: 'never' } },
    dataverseCode: hex,
  })
}

const RESET = failure('reset', 'unavailable', '')

function item(index: number, name = `row ${index}`): BulkItem {
  const row = { body: { name }, key: `(n='${index}')` }
  return { index, row, text: JSON.stringify(row.body), identity: `n=${index}` }
}

interface World {
  readonly bad: ReadonlySet<number>
  /** Whether a refusal says which row it is about. */
  readonly tells: boolean
  /** What goes wrong in passing, one after the other. */
  readonly faults: ('none' | 'throttled' | 'deadlock' | 'lost' | 'applied')[]
}

/** A service that takes chunks whole or not at all, and sometimes loses the answer. */
function service(kind: BulkKind, { bad, tells, faults }: World) {
  const written = new Map<number, number>()
  let requests = 0
  let rows = 0
  const write = (items: readonly BulkItem[]) => {
    for (const { index } of items) written.set(index, (written.get(index) ?? 0) + 1)
  }
  const refusal = (index: number) =>
    failure(
      tells ? `The value 'row ${index}' is too bold.` : 'Something is wrong.',
      'bad_request',
      '0x80040203',
    )
  const one = (each: BulkItem): RowResult => {
    if (bad.has(each.index)) return { kind: 'refused', error: refusal(each.index) }
    write([each])
    return { kind: 'done', fate: { status: 'written' } }
  }
  const look = ({ index }: BulkItem): RowResult =>
    written.has(index) ? { kind: 'done', fate: { status: 'written' } } : { kind: 'missing' }
  const send = (chunk: Chunk): ChunkResult => {
    requests += 1
    rows += chunk.items.length
    return answer(chunk)
  }
  const answer = ({ items, manner, ...more }: Chunk): ChunkResult => {
    if (manner === 'parts') {
      const parts = partsOf(items).map((part) => ({
        items: part,
        result: answer({ ...more, items: part, manner: 'together' }),
      }))
      return { kind: 'parts', parts }
    }
    if (manner === 'check') return { kind: 'each', rows: items.map(look) }
    const fault = faults.pop() ?? 'none'
    if (fault === 'throttled') {
      return {
        kind: 'passing',
        error: failure('Slower', 'throttled', '0x80072322'),
        smaller: false,
      }
    }
    if (fault === 'deadlock') {
      return { kind: 'passing', error: failure('Dead', 'unavailable', '0x80044150'), smaller: true }
    }
    if (fault === 'lost') return { kind: 'lost', error: RESET, smaller: false }
    if (manner === 'each') return { kind: 'each', rows: items.map(one) }
    const again = kind === 'create' && items.some(({ index }) => written.has(index))
    if (again) return { kind: 'refused', error: failure('Duplicate', 'bad_request', '0x80040237') }
    const wrong = items.find(({ index }) => bad.has(index))
    if (wrong !== undefined) return { kind: 'refused', error: refusal(wrong.index) }
    write(items)
    if (fault === 'applied') return { kind: 'lost', error: RESET, smaller: false }
    return { kind: 'done', fates: items.map(() => ({ status: 'written' as const })) }
  }
  return { send, written, seen: () => ({ requests, rows }) }
}

function finish(kind: BulkKind, count: number, world: World) {
  const { send, written, seen } = service(kind, world)
  const items = Array.from({ length: count }, (_, index) => item(index))
  const chunks: Chunk[] = [{ items, manner: 'together', tries: 0, maybeWritten: false }]
  const fates = new Map<number, RowFate>()
  for (let chunk = chunks.pop(); chunk !== undefined; chunk = chunks.pop()) {
    const { done, again } = plan(kind, chunk, send(chunk), { written: written.size, alike: 0 })
    const covered = done.length + again.reduce((sum, one) => sum + one.items.length, 0)
    assert.equal(covered, chunk.items.length)
    for (const [{ index }, fate] of done) {
      assert.ok(!fates.has(index), `row ${index} has two outcomes`)
      fates.set(index, fate)
    }
    chunks.push(...again)
    assert.ok(seen().requests < 5_000, 'It does not end')
  }
  return { fates, written, ...seen() }
}

const fault = fc.constantFrom(
  'none' as const,
  'throttled' as const,
  'deadlock' as const,
  'lost' as const,
  'applied' as const,
)

for (const kind of ['upsert', 'create'] as const) {
  test(`of a bulk ${kind} every row has exactly one outcome, which is true, whatever fails`, () => {
    const worlds = fc.record({
      count: fc.integer({ min: 1, max: 120 }),
      bad: fc.uniqueArray(fc.nat(119), { maxLength: 12 }),
      tells: fc.boolean(),
      faults: fc.array(fault, { maxLength: 5 }),
    })
    fc.assert(
      fc.property(worlds, ({ count, bad, tells, faults }) => {
        const world = { bad: new Set(bad), tells, faults: [...faults] }
        const { fates, written } = finish(kind, count, world)
        assert.equal(fates.size, count)
        for (const [index, { status }] of fates) {
          assert.equal(status, world.bad.has(index) ? 'rejected' : 'written', `row ${index}`)
          assert.equal(written.has(index), !world.bad.has(index))
          if (kind === 'create') assert.ok((written.get(index) ?? 0) <= 1, 'created twice')
        }
      }),
    )
  })
}

test('a refusal that names the row costs one request for the row and one for the others', () => {
  const { requests } = finish('upsert', 100, { bad: new Set([37]), tells: true, faults: [] })
  assert.equal(requests, 3)
})

test('a refusal that names nothing sends the others again at most twice', () => {
  const { requests, rows } = finish('upsert', 128, { bad: new Set([37]), tells: false, faults: [] })
  assert.ok(requests <= 5, `${requests} requests`)
  assert.ok(rows <= 128 * 2.5, `${rows} rows`)
})

test('what never stops passing leaves the rows unresolved, for they are not to blame', () => {
  const faults = Array.from({ length: 500 }, () => 'deadlock' as const)
  const { fates } = finish('upsert', 4, { bad: new Set(), tells: true, faults })
  assert.ok([...fates.values()].every(({ status }) => status === 'unresolved'))
})

test('what is lost again and again ends as unknown or as what reading it again tells', () => {
  const faults = Array.from({ length: 500 }, () => 'lost' as const)
  const { fates } = finish('upsert', 4, { bad: new Set(), tells: true, faults })
  assert.ok([...fates.values()].every(({ status }) => status === 'unknown'))
})

test('after a lost answer a row may be there already, so that a duplicate is looked at', () => {
  const chunk: Chunk = { items: [item(0)], manner: 'together', tries: 0, maybeWritten: false }
  const duplicate = failure('It is there.', 'bad_request', '0x80060892')
  const refusal: ChunkResult = { kind: 'refused', error: duplicate }
  const situation = { written: 0, alike: 0 }
  const [first] = plan('upsert', chunk, refusal, situation).done
  assert.equal(first?.[1].status, 'rejected')
  const lost: ChunkResult = { kind: 'lost', error: RESET, smaller: false }
  const [again] = plan('upsert', chunk, lost, situation).again
  assert.ok(again?.maybeWritten)
  assert.equal(plan('upsert', again, refusal, situation).again[0]?.manner, 'check')
})
