import type { Answer } from '../../exchange.ts'
import { checkRight } from '../access/membership.ts'
import { answerRow } from '../answer/single.ts'
import { badPayload, Fault, otherId } from '../fault.ts'
import { runPlugins } from '../plugins/run.ts'
import { noContent, type Request } from '../request.ts'
import type { Collection, Column, Table } from '../schema/model.ts'
import { initial } from '../seed/insert.ts'
import type { Reference, Value } from '../store/rows.ts'
import { checkRegistration } from '../webhooks/registration.ts'
import { type Body, isBody, readBody } from './body.ts'
import { checkKeys, complete } from './completion.ts'
import { refuseDuplicate } from './duplicates.ts'
import { checkLookups } from './lookup-rights.ts'
import { refuseMessage } from './messages.ts'
import { readPayload } from './payload.ts'
import { tie } from './ties.ts'

/** A row that is ready to be inserted, with the rows that come with it. */
interface Draft {
  readonly table: Table
  readonly id: string
  readonly values: Map<Column, Value>
  /** Those of its values that the payload gave. */
  readonly given: ReadonlyMap<Column, Value>
  /** Rows it points to; they have to be there first. */
  readonly before: readonly Draft[]
  /** Rows that point to it. */
  readonly after: readonly { readonly collection: Collection; readonly draft: Draft }[]
  readonly ties: readonly { readonly collection: Collection; readonly rows: readonly Reference[] }[]
}

/** Answers a POST to an entity set. */
export function createRow(request: Request, table: Table): Answer {
  const reference = insertRow(request, table, readBody(request, table.set))
  const row = `${request.base}/${table.set}(${reference.id})`
  if (!request.preferences.representation) {
    return { ...noContent(request, { 'odata-entityid': row }), row }
  }
  const slot = request.database.rows(table).slotOf(reference.id)
  return { ...answerRow(request, table, slot ?? 0, { status: 201 }), row }
}

/** Inserts a row and all that its payload nests; nothing is kept when any part is refused. */
export function insertRow(
  request: Request,
  table: Table,
  body: Body,
  given: { readonly id?: string; readonly values?: ReadonlyMap<Column, Value> } = {},
): Reference {
  const draft = prepare(request, table, body, given)
  commit(request, draft)
  return { table: table.name, id: draft.id }
}

function prepare(
  request: Request,
  table: Table,
  body: Body,
  given: { readonly id?: string; readonly values?: ReadonlyMap<Column, Value> } = {},
): Draft {
  checkRight(request.caller, 'Create', table)
  refuseMessage(table, 'Create')
  const payload = readPayload(request, table, body, 'create')
  if (given.id !== undefined && payload.id !== undefined && given.id !== payload.id) throw otherId()
  const id = given.id ?? payload.id ?? request.database.newId()
  if (request.database.rows(table).slotOf(id) !== undefined) {
    throw new Fault(412, '0x80040237', 'Cannot insert duplicate key.')
  }
  checkLookups(request, table, payload.values, undefined)
  const values = new Map<Column, Value>([
    ...initial(table),
    ...birth(request, table),
    ...(given.values ?? []),
    ...payload.values,
  ])
  const before = payload.singles.map(({ single, body: nested }) => {
    const target = request.database.schema.tables.get(single.target)
    if (!target || !isBody(nested)) throw notAnObject(table, single.name)
    const draft = prepare(request, target, nested)
    values.set(single.column, { table: target.name, id: draft.id })
    return draft
  })
  runPlugins(request, 'Create', table, values)
  checkRegistration(request, table, values, undefined)
  checkKeys(request, table, values, undefined)
  refuseDuplicate(request, table, values, undefined)
  const after = payload.collections.flatMap(({ collection, bodies }) => {
    if (!Array.isArray(bodies)) throw notAnObject(table, collection.name)
    const child = request.database.rows(collection.table).table
    return bodies.map((nested: unknown) => {
      if (!isBody(nested)) throw notAnObject(table, collection.name)
      return { collection, draft: prepare(request, child, nested) }
    })
  })
  return { table, id, values, given: payload.values, before, after, ties: payload.ties }
}

function commit(request: Request, draft: Draft): void {
  for (const first of draft.before) commit(request, first)
  complete(request, draft.table, draft.values, undefined)
  request.database.rows(draft.table).insert(draft.id, draft.values)
  const { table, id, given, values } = draft
  request.outbox.announce(request, { message: 'Create', table, id, given, written: values })
  const self: Reference = { table: draft.table.name, id: draft.id }
  for (const { collection, draft: next } of draft.after) {
    if (!collection.through) next.values.set(collection.column, self)
    commit(request, next)
    if (collection.through) tie(request, collection, { table: next.table.name, id: next.id }, self)
  }
  for (const { collection, rows } of draft.ties) {
    for (const tied of rows) tie(request, collection, tied, self)
  }
}

/** What a row has from its first moment: who made it, when, and whose it is. */
function birth(request: Request, table: Table): Map<Column, Value> {
  const values = new Map<Column, Value>()
  const put = (name: string, value: Value): void => {
    const column = table.byName.get(name)
    if (column) values.set(column, value)
  }
  put('createdon', Math.floor(request.now / 1000) * 1000)
  put('createdby', request.caller.user)
  put('createdonbehalfby', request.caller.actual ?? null)
  put('ownerid', request.caller.user)
  return values
}

function notAnObject(table: Table, name: string): Fault {
  return badPayload(
    table.set,
    `Microsoft.OData.ODataException: The value of the navigation property '${name}' is not of the expected form.`,
  )
}
