import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { loadSchema } from '../schema/load.ts'
import type { Column } from '../schema/model.ts'
import { Database } from './database.ts'
import { ID_SORTINGS } from './id-sorting.ts'
import type { Value } from './rows.ts'

const IDS = ['a', 'b', 'c', 'd']

/** Everything that can be read of the accounts: by id, in order, by key and by lookup. */
function shown(database: Database): unknown {
  const rows = database.rows('account')
  const { table } = rows
  const parent = column(database, 'parentaccountid')
  const [key] = table.keys
  const list = [...rows.slotsAfter(undefined)].map((slot) => [
    rows.idOf(slot),
    ...table.columns.map((one) => [rows.raw(slot, one), rows.target(slot, one)]),
  ])
  const byKey = IDS.map((id) => {
    const slot = key && rows.slotOfKey(key, [`key-${id}`])
    return slot === undefined ? null : rows.idOf(slot)
  })
  const related = IDS.map((id) => rows.related(parent, id).map((slot) => rows.idOf(slot)))
  return {
    list,
    byKey,
    related,
    size: rows.size,
    slots: IDS.map((id) => rows.slotOf(id) !== undefined),
  }
}

function column(database: Database, name: string): Column {
  const found = database.rows('account').table.byName.get(name)
  assert.ok(found, name)
  return found
}

interface Step {
  readonly kind: 'insert' | 'update' | 'remove'
  readonly id: string
  readonly key: string
  readonly parent: string
}

function apply(database: Database, { kind, id, key, parent }: Step): void {
  const rows = database.rows('account')
  const slot = rows.slotOf(id)
  const values = new Map<Column, Value>([
    [column(database, 'name'), `${kind} ${key}`],
    [column(database, 'accountnumber'), `key-${key}`],
    [column(database, 'parentaccountid'), { table: 'account', id: parent }],
  ])
  const holder = rows.table.keys[0] && rows.slotOfKey(rows.table.keys[0], [`key-${key}`])
  if (holder !== undefined && holder !== slot) return
  if (kind === 'insert' && slot === undefined) rows.insert(id, values)
  if (kind === 'update' && slot !== undefined) rows.update(slot, values)
  if (kind === 'remove' && slot !== undefined) rows.remove(slot)
}

const step = fc.record({
  kind: fc.constantFrom('insert' as const, 'update' as const, 'remove' as const),
  id: fc.constantFrom(...IDS),
  key: fc.constantFrom(...IDS),
  parent: fc.constantFrom(...IDS),
})
const steps = fc.array(step, { maxLength: 12 })

test('what fails leaves the rows, their keys and their links as they were', () => {
  fc.assert(
    fc.property(steps, steps, steps, (before, kept, failing) => {
      const database = new Database(
        loadSchema(),
        () => '',
        () => ID_SORTINGS.text,
      )
      for (const one of before) apply(database, one)
      database.atomically(() => {
        for (const one of kept) apply(database, one)
      })
      const expected = shown(database)
      assert.throws(() =>
        database.atomically(() => {
          for (const one of failing) apply(database, one)
          throw new Error('refused')
        }),
      )
      assert.deepEqual(shown(database), expected)
    }),
    { numRuns: 60 },
  )
})

test('a failure inside is taken back alone when it is caught outside', () => {
  const database = new Database(
    loadSchema(),
    () => '',
    () => ID_SORTINGS.text,
  )
  const rows = database.rows('account')
  database.atomically(() => {
    rows.insert('a', new Map())
    assert.throws(() =>
      database.atomically(() => {
        rows.insert('b', new Map())
        throw new Error('refused')
      }),
    )
  })
  assert.deepEqual([rows.slotOf('a') !== undefined, rows.slotOf('b')], [true, undefined])
})
