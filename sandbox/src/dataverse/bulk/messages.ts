import type { Answer } from '../../exchange.ts'
import { Fault, noResource, notSupported } from '../fault.ts'
import { permitOptions } from '../http/permitted-options.ts'
import { findRow, type RowKey, rowMissing } from '../http/row-key.ts'
import { jsonAnswer, noContent, type Request } from '../request.ts'
import type { Table } from '../schema/model.ts'
import { insertRow } from '../write/create.ts'
import { createByKey, updateRow, withoutKey } from '../write/upsert.ts'
import { supports } from './availability.ts'
import { readTargets, type Target } from './targets.ts'

type Message = (request: Request, table: Table, targets: readonly Target[]) => Answer

const MESSAGES: ReadonlyMap<string, Message> = new Map([
  ['CreateMultiple', createMultiple],
  ['UpdateMultiple', updateMultiple],
  ['UpsertMultiple', upsertMultiple],
])

/**
 * Answers an action that is bound to an entity set. A bulk message is done whole or not at all: the
 * request around it takes everything back when one row is refused, and the error does not tell which.
 */
export function answerSetAction(request: Request, table: Table, name: string): Answer {
  const message = MESSAGES.get(name)
  if (!message && name !== 'DeleteMultiple') throw notSupported(`the operation ${name}`)
  if (request.method !== 'POST') throw noResource(request.exchange.url.href)
  permitOptions(request, ['tag'])
  if (!message) {
    // Elastic tables only: https://learn.microsoft.com/power-apps/developer/data-platform/bulk-operations
    throw new Fault(501, '0x80040219', 'DeleteMultiple has not yet been implemented.')
  }
  if (!supports(request.database, table, name)) throw unavailable(table, name)
  return message(request, table, readTargets(request, table, name))
}

function createMultiple(request: Request, table: Table, targets: readonly Target[]): Answer {
  const Ids = targets.map(({ key, body }) => {
    if (key?.kind === 'key') throw notSupported('@odata.id in a target of CreateMultiple')
    return insertRow(request, table, body).id
  })
  const context = `${request.base}/$metadata#Microsoft.Dynamics.CRM.CreateMultipleResponse`
  return jsonAnswer(request, JSON.stringify({ '@odata.context': context, Ids }))
}

/** Of rows that are named twice, only the first target counts. */
function updateMultiple(request: Request, table: Table, targets: readonly Target[]): Answer {
  const rows = request.database.rows(table)
  const found = targets.map(({ key, body }) => {
    if (!key) throw new Fault(400, '0x80040203', 'Entity Id must be specified for Update.')
    return { key, body, slot: findRow(rows, key) }
  })
  const missing = found.filter(({ slot }) => slot === undefined)
  if (missing.length > 0) throw missingRows(table, missing)
  const done = new Set<number>()
  for (const { key, body, slot } of found) {
    if (slot === undefined || done.has(slot)) continue
    done.add(slot)
    updateRow(request, table, slot, withoutKey(body, key))
  }
  return noContent(request)
}

/** Rows that are named twice are refused; a row that nothing names is created. */
function upsertMultiple(request: Request, table: Table, targets: readonly Target[]): Answer {
  const rows = request.database.rows(table)
  const named = new Set<string | number>()
  for (const { key, body } of targets) {
    if (!key) {
      insertRow(request, table, body)
      continue
    }
    const slot = findRow(rows, key)
    const name = slot ?? JSON.stringify(key.kind === 'id' ? key.id : key.values)
    if (named.has(name)) throw namedTwice()
    if (slot === undefined) {
      refuseRepeatedKey(key, body)
      createByKey(request, table, key, body)
    } else updateRow(request, table, slot, withoutKey(body, key))
    named.add(name).add(findRow(rows, key) ?? name)
  }
  return noContent(request)
}

/**
 * A key column in both `@odata.id` and the values is let pass on update only.
 * https://github.com/microsoft/PowerPlatform-DataverseClient-Python/pull/127
 */
function refuseRepeatedKey(key: RowKey, body: Target['body']): void {
  if (key.kind !== 'key') return
  if (key.key.columns.every(({ property }) => body[property] === undefined)) return
  throw new Fault(400, '0x80040216', 'An unexpected error occurred.')
}

function missingRows(table: Table, missing: readonly { readonly key: RowKey }[]): Fault {
  const [first] = missing
  if (first?.key.kind === 'key') return rowMissing(table, first.key)
  const ids = missing.map(({ key }) => key.text).join(', ')
  return new Fault(404, '0x80040217', `${table.schemaName} With Ids = ${ids} Do Not Exist`)
}

function namedTwice(): Fault {
  return new Fault(
    400,
    '0x80040203',
    'Several targets of UpsertMultiple have the same primary or alternate key.',
  )
}

function unavailable(table: Table, name: string): Fault {
  return new Fault(
    400,
    '0x80040800',
    `The '${name}' method does not support entities of type '${table.name}'. MessageProcessorCache returned MessageProcessor.Empty.`,
  )
}
