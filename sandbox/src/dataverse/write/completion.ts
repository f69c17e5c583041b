import { Fault } from '../fault.ts'
import { imageCompanions } from '../files/images.ts'
import type { Request } from '../request.ts'
import type { Column, Table } from '../schema/model.ts'
import { derivationOf } from '../store/derived.ts'
import type { Reference, Value } from '../store/rows.ts'

type Values = Map<Column, Value>

/** Adds what the service sets by itself on every write: author, time, version, computed columns. */
export function complete(
  request: Request,
  table: Table,
  values: Values,
  slot: number | undefined,
): void {
  const rows = request.database.rows(table)
  const put = (name: string, value: Value): void => {
    const column = table.byName.get(name)
    if (column) values.set(column, value)
  }
  const read = (name: string): Value => {
    const column = table.byName.get(name)
    if (!column) return null
    const given = values.get(column)
    if (given !== undefined) return given
    if (slot === undefined) return null
    return column.storage === 'reference' ? rows.reference(slot, column) : rows.raw(slot, column)
  }
  const now = Math.floor(request.now / 1000) * 1000
  put('modifiedon', now)
  put('modifiedby', request.caller.user)
  put('modifiedonbehalfby', request.caller.actual ?? null)
  put('versionnumber', request.database.nextVersion())
  settleContents(request, table, values, slot)
  settleState(table, values, read, slot === undefined ? undefined : rows.idOf(slot))
  settleOwner(request, table, values, put)
  settleCurrency(request, table, values, read, put)
  for (const [column, value] of derivationOf(table)(read)) values.set(column, value)
}

/** Refuses values of an alternate key that another row has. */
export function checkKeys(
  request: Request,
  table: Table,
  values: ReadonlyMap<Column, Value>,
  slot: number | undefined,
): void {
  const rows = request.database.rows(table)
  for (const key of table.keys) {
    if (!key.columns.some((column) => values.has(column))) continue
    const wanted = key.columns.map((column) => {
      const given = values.get(column)
      if (given !== undefined) return given
      return slot === undefined ? null : rows.raw(slot, column)
    })
    const holder = rows.slotOfKey(key, wanted)
    if (holder === undefined || holder === slot) continue
    const labels = key.columns.map((column) => column.label).join(', ')
    throw new Fault(
      412,
      '0x80060892',
      `Entity Key ${key.label} violated. A record with the same value for ${labels} already exists. A duplicate record cannot be created. Select one or more unique values and try again.`,
    )
  }
}

/** What a file or image column held goes when it is set anew; an image has columns that name it. */
function settleContents(
  request: Request,
  table: Table,
  values: Values,
  slot: number | undefined,
): void {
  const { database } = request
  for (const [column, value] of [...values]) {
    if (column.type !== 'File' && column.type !== 'Image') continue
    const old = slot === undefined ? null : database.rows(table).text(slot, column)
    if (old !== null && old !== value) database.dropContent(old)
    if (column.type === 'File') continue
    for (const [name, companion] of imageCompanions(request, table, column, value)) {
      const beside = table.byName.get(name)
      if (beside) values.set(beside, companion)
    }
  }
}

/** A state brings its first status reason, and a status reason must belong to the state. */
function settleState(
  table: Table,
  values: Values,
  read: (name: string) => Value,
  id: string | undefined,
): void {
  const state = table.byName.get('statecode')
  const status = table.byName.get('statuscode')
  if (!state || !status || (!values.has(state) && !values.has(status))) return
  const wanted = read('statecode')
  if (status.choices.length === 0) {
    // Which reasons belong to a state nobody has said; the first two mean active and inactive.
    if (!values.has(status)) values.set(status, wanted === 0 ? 1 : 2)
    return
  }
  if (values.has(state) && (!values.has(status) || id === undefined)) {
    const given = status.choices.find((choice) => choice.value === values.get(status))
    if (given?.state !== wanted) {
      const first = status.choices.find((choice) => choice.state === wanted)
      values.set(status, first?.value ?? null)
    }
    return
  }
  const given = status.choices.find((choice) => choice.value === read('statuscode'))
  if (given?.state === wanted) return
  const label = state.choices.find((choice) => choice.value === wanted)?.label ?? String(wanted)
  const place = `${table.schemaName}State.${label.replaceAll(' ', '')} on ${table.name}`
  throw new Fault(
    400,
    '0x80048408',
    `${given?.value ?? ''} is not a valid status code for state code ${place}${id === undefined ? '' : ` with Id ${id}`}.`,
  )
}

function settleOwner(
  request: Request,
  table: Table,
  values: Values,
  put: (name: string, value: Value) => void,
): void {
  const column = table.byName.get('ownerid')
  const owner = column && values.get(column)
  if (typeof owner !== 'object' || owner === null) return
  const isTeam = owner.table === 'team'
  put('owninguser', isTeam ? null : owner)
  put('owningteam', isTeam ? owner : null)
  put('owningbusinessunit', unitOf(request, owner))
}

function unitOf(request: Request, owner: Reference): Reference | null {
  const rows = request.database.rows(owner.table)
  const slot = rows.slotOf(owner.id)
  const unit = rows.table.byName.get('businessunitid')
  return slot === undefined || !unit ? null : rows.reference(slot, unit)
}

/** An amount needs a currency: the organization's own, unless the row has one. */
function settleCurrency(
  request: Request,
  table: Table,
  values: Values,
  read: (name: string) => Value,
  put: (name: string, value: Value) => void,
): void {
  const column = table.byName.get('transactioncurrencyid')
  if (!column || table.name === 'transactioncurrency') return
  const amounts = [...values].some(([of, value]) => of.type === 'Money' && value !== null)
  if (amounts && read('transactioncurrencyid') === null)
    put('transactioncurrencyid', ownCurrency(request))
  const currency = values.get(column)
  if (typeof currency !== 'object' || currency === null) return
  const rows = request.database.rows('transactioncurrency')
  const slot = rows.slotOf(currency.id)
  const rate = rows.table.byName.get('exchangerate')
  if (slot !== undefined && rate) put('exchangerate', rows.number(slot, rate))
}

function ownCurrency(request: Request): Reference | null {
  const rows = request.database.rows('organization')
  const slot = rows.slotOf(request.identity.id)
  const column = rows.table.byName.get('basecurrencyid')
  return slot === undefined || !column ? null : rows.reference(slot, column)
}
