import assert from 'node:assert/strict'
import { test } from 'node:test'
import { FakeClock } from '../../../test/support/fake-clock.ts'
import { accountTable, contactTable } from '../../../test/support/write-tables.ts'
import { TransportError } from '../../transport/index.ts'
import type { Metadata } from '../metadata/metadata.ts'
import type { RowEncoder } from './row-encoder.ts'
import { Schema } from './schema.ts'

const ID = '01234567-89ab-cdef-0123-456789abcdef'

function counted() {
  const asked: string[] = []
  let failing = false
  const metadata: Pick<Metadata, 'table' | 'tables'> = {
    tables: async () => {
      asked.push('list')
      if (failing) throw new Error('down')
      return [accountTable, contactTable]
    },
    table: async (name) => {
      asked.push(name)
      return name === 'account' ? accountTable : contactTable
    },
  }
  const clock = new FakeClock()
  const schema = new Schema(metadata, clock)
  const encode = (row: Record<string, unknown>, signal?: AbortSignal) =>
    schema.encode(
      'accounts',
      { purpose: 'create' },
      (encoder: RowEncoder) => encoder.encode(row).body,
      signal === undefined ? {} : { signal },
    )
  return { asked, clock, encode, fail: (now: boolean) => (failing = now) }
}

test('many writes at once read each definition once, and again when it has aged', async () => {
  const { asked, clock, encode } = counted()
  await Promise.all(Array.from({ length: 50 }, () => encode({ name: 'A' })))
  assert.deepEqual(asked, ['list', 'account'])
  clock.advance(61_000)
  await encode({ name: 'A' })
  assert.deepEqual(asked, ['list', 'account', 'list', 'account'])
})

test('the definitions that a row refers to are read, and no others', async () => {
  const { asked, encode } = counted()
  await encode({ primarycontactid: ID })
  assert.deepEqual(asked, ['list', 'account'])
  const body = await encode({ primarycontactid: { lastname: 'Smith' } })
  assert.deepEqual(body, { primarycontactid: { lastname: 'Smith' } })
  assert.deepEqual(asked, ['list', 'account', 'contact'])
})

test('a failed reading is not kept, and one caller’s stop stops no other', async () => {
  const { encode, fail } = counted()
  fail(true)
  await assert.rejects(encode({}), /down/)
  fail(false)
  const stopped = encode({ name: 'A' }, AbortSignal.abort())
  const other = encode({ name: 'B' })
  await assert.rejects(
    stopped,
    (error) => error instanceof TransportError && error.code === 'aborted',
  )
  assert.deepEqual(await other, { name: 'B' })
})
