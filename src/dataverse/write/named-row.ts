import { isObject, type JsonObject } from '../../kernel/index.ts'
import type { KeyValue, RowKey } from '../address/row-key.ts'
import { type DataverseError, invalidArgument } from '../errors/dataverse-error.ts'
import type { TableDefinition } from '../metadata/table.ts'
import type { InputRow } from './encoding.ts'
import { InvalidRow, requireRow } from './invalid-row.ts'
import { addressOfId, addressOfKey, columnOfProperty } from './row-address.ts'
import type { RowEncoder } from './row-encoder.ts'
import { Refusal } from './values/refusal.ts'

/** Writes the key of a row by its table's definition. @throws DataverseError `invalid_argument` */
export function keyAddress(table: TableDefinition, key: RowKey): string {
  if (typeof key !== 'string' && !isObject(key)) {
    throw badKey(new Refusal('it is missing', 'Give the id or the values of an alternate key.'))
  }
  const written =
    typeof key === 'string' ? addressOfId(key) : (idIn(table, key) ?? addressOfKey(key, table))
  if (written instanceof Refusal) throw badKey(written)
  return written
}

/**
 * Encodes a row that is named by a key beside it. What the row repeats of the key is left out: the
 * service drops it on an update, and fails at some of it when it creates.
 *
 * @throws InvalidRow also where the row contradicts the key
 */
export function encodeNamed(
  encoder: RowEncoder,
  key: RowKey,
  row: InputRow,
): { readonly address: string; readonly body: JsonObject } {
  const { table } = encoder
  requireRow(table.logicalName, row)
  const address = keyAddress(table, key)
  const { rest, contradicted } = withoutKey(table, key, address, row)
  const { body, id } = encoder.encodeBody(rest)
  const other = id !== undefined && address !== `(${id})`
  const twice = other && (typeof key === 'string' || encoder.purpose === 'upsert')
  const wrong = twice ? [...contradicted, table.primaryIdColumn ?? 'id'] : contradicted
  if (wrong.length === 0) return { address, body }
  throw new InvalidRow(
    table.logicalName,
    wrong.map((column) => ({
      column,
      problem: 'the row says something else than the key that names it',
      remedy: 'Leave it out of the row, or give the key that is meant.',
    })),
  )
}

function withoutKey(table: TableDefinition, key: RowKey, address: string, row: InputRow) {
  if (typeof key === 'string') return { rest: row, contradicted: [] }
  const rest: Record<string, unknown> = { ...row }
  const contradicted: string[] = []
  for (const part of Object.keys(key).map(columnOfProperty)) {
    for (const name of [part, `_${part}_value`]) {
      const value = row[name]
      if (value === undefined) continue
      delete rest[name]
      if (part === table.primaryIdColumn || sameKey(table, key, part, value, address)) continue
      contradicted.push(name)
    }
  }
  return { rest, contradicted }
}

function sameKey(
  table: TableDefinition,
  key: Readonly<Record<string, KeyValue>>,
  part: string,
  value: unknown,
  address: string,
): boolean {
  const others = Object.entries(key).filter(([name]) => columnOfProperty(name) !== part)
  return addressOfKey({ ...Object.fromEntries(others), [part]: value }, table) === address
}

function idIn(
  { primaryIdColumn }: TableDefinition,
  key: Readonly<Record<string, KeyValue>>,
): string | Refusal | undefined {
  if (primaryIdColumn === undefined || Object.keys(key).length !== 1) return undefined
  return primaryIdColumn in key ? addressOfId(key[primaryIdColumn]) : undefined
}

function badKey({ problem, remedy }: Refusal): DataverseError {
  return invalidArgument('key', problem, remedy)
}
