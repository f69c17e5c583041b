import type { Answer } from '../../exchange.ts'
import { checkReach } from '../access/reach.ts'
import { answerRow, entityTag } from '../answer/single.ts'
import { Fault, otherId, staleVersion } from '../fault.ts'
import { findRow, type RowKey, rowMissing } from '../http/row-key.ts'
import { runPlugins } from '../plugins/run.ts'
import { noContent, type Request } from '../request.ts'
import type { Column, Table } from '../schema/model.ts'
import type { Value } from '../store/rows.ts'
import { checkRegistration } from '../webhooks/registration.ts'
import { type Body, readBody } from './body.ts'
import { checkKeys, complete } from './completion.ts'
import { insertRow } from './create.ts'
import { refuseDuplicate } from './duplicates.ts'
import { checkLookups } from './lookup-rights.ts'
import { refuseMessage } from './messages.ts'
import { readPayload } from './payload.ts'

/** Answers a PATCH of a row: updates it, or creates it where there is none and the headers allow. */
export function upsertRow(request: Request, table: Table, key: RowKey): Answer {
  const body = readBody(request, table.set)
  const rows = request.database.rows(table)
  const slot = findRow(rows, key)
  const created = slot === undefined
  if (created) {
    if (request.exchange.headers['if-match'] !== undefined) throw rowMissing(table, key)
    createByKey(request, table, key, body)
  } else {
    refuseUpdate(request)
    checkMatch(request, table, slot)
    updateRow(request, table, slot, withoutKey(body, key))
  }
  const row = `${request.base}/${table.set}(${key.text})`
  if (!request.preferences.representation) {
    return { ...noContent(request, { 'odata-entityid': row }), row }
  }
  const now = findRow(rows, key) ?? slot ?? 0
  // $expand is not honoured here.
  return {
    ...answerRow(request, table, now, { status: created ? 201 : 200, expanded: false }),
    row,
  }
}

/** Changes a row by a payload. */
export function updateRow(request: Request, table: Table, slot: number, body: Body): void {
  const { values, id } = readPayload(request, table, body, 'update')
  if (id !== undefined && id !== request.database.rows(table).idOf(slot)) throw otherId()
  applyValues(request, table, slot, values)
}

/** Changes columns of a row, with all that follows from it. */
export function applyValues(
  request: Request,
  table: Table,
  slot: number,
  values: Map<Column, Value>,
): void {
  checkReach(request.database, request.caller, 'Write', table, slot)
  checkLookups(request, table, values, slot)
  refuseMessage(table, 'Update')
  runPlugins(request, 'Update', table, values)
  checkRegistration(request, table, values, slot)
  checkKeys(request, table, values, slot)
  refuseDuplicate(request, table, values, slot)
  const given = new Map(values)
  complete(request, table, values, slot)
  const rows = request.database.rows(table)
  rows.update(slot, values)
  const id = rows.idOf(slot)
  request.outbox.announce(request, { message: 'Update', table, id, given, written: values })
}

/** @throws Fault 412 when `If-Match` names another version */
export function checkMatch(request: Request, table: Table, slot: number): void {
  const wanted = request.exchange.headers['if-match']
  if (wanted === undefined || wanted === '*') return
  if (wanted !== entityTag(request, table, slot)) throw staleVersion()
}

/** `If-None-Match: *` forbids the update; the literal `null` is sent by many clients and means nothing. */
function refuseUpdate(request: Request): void {
  if (request.exchange.headers['if-none-match'] !== '*') return
  throw new Fault(412, '0x80060892', 'A record with matching key values already exists.')
}

/** Creates the row that a key names; the body's values win over those of the key. */
export function createByKey(request: Request, table: Table, key: RowKey, body: Body): void {
  if (key.kind === 'id') {
    insertRow(request, table, body, { id: key.id })
    return
  }
  const values = new Map<Column, Value>()
  for (const [index, column] of key.key.columns.entries()) {
    const value = key.values[index] ?? null
    values.set(
      column,
      column.storage === 'reference' && typeof value === 'string'
        ? { table: column.targets[0] ?? '', id: value }
        : value,
    )
  }
  insertRow(request, table, body, { values })
}

/** On update the key's own columns are dropped from the body. */
export function withoutKey(body: Body, key: RowKey): Body {
  if (key.kind === 'id') return body
  const names = new Set(key.key.columns.map((column) => column.property))
  return Object.fromEntries(Object.entries(body).filter(([name]) => !names.has(name)))
}
