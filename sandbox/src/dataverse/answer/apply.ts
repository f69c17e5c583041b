import { badQuery, notSupported } from '../fault.ts'
import {
  aggregate,
  type Group,
  type GroupKey,
  type Measure,
  type Method,
  tallied,
} from '../query/aggregate.ts'
import { idsOf } from '../query/comparison.ts'
import { splitNames } from '../query/options.ts'
import { compareValues } from '../query/order.ts'
import { type ApplyMeasure, parseApply } from '../query/parse-apply.ts'
import { matchingFrames, type Origin } from '../query/run.ts'
import { type Access, resolvePath, type Scope } from '../query/scope.ts'
import type { Column } from '../schema/model.ts'
import { type GroupCell, keyCell, measureCell, writeGroups } from './aggregates.ts'
import { cellWriter, valueWriter, type Writing } from './cells.ts'

interface Key extends GroupKey {
  readonly name: string
  readonly access: Access
  readonly own: boolean
}

const NUMBERS = new Set(['Edm.Int32', 'Edm.Int64', 'Edm.Decimal', 'Edm.Double'])

/** Answers an `$apply` with one row for each group. */
export function writeApply(
  writing: Writing,
  scope: Scope,
  origin: Origin,
  { apply, orderby, top }: { apply: string; orderby: string | undefined; top: number | undefined },
  tally: { rows: number },
): Buffer {
  const { filter, keys: paths, measures } = parseApply(apply)
  const keys = paths.map((path) => readKey(scope, path))
  const read = measures.map((measure) => ({ ...measure, ...readMeasure(scope, measure) }))
  refuseRepeats([...keys.map(({ name }) => name), ...measures.map(({ alias }) => alias)])
  const groups = aggregate(
    tallied(matchingFrames(scope, origin, filter), tally),
    keys,
    read.map(({ measure }) => measure),
  )
  const sorted = sortGroups(groups, keys, orderby)
  const own = keys.filter((key) => key.own).map((key) => keyWriter(writing, scope, key))
  const related = keys.filter((key) => !key.own).map((key) => keyWriter(writing, scope, key))
  const values = read.map(({ alias, column }, index) => measureCell(writing, alias, index, column))
  const cells = [...own, ...values, ...related]
  return writeGroups(writing.base, origin.table.set, '', sorted.slice(0, top), cells)
}

/** A column of the table keeps its name, one of a related row is named after its table. */
function readKey(scope: Scope, path: readonly string[]): Key {
  const access = resolvePath(scope, path)
  const { column } = access
  if (column.type === 'DateTime') {
    throw badQuery(`Grouping by the datetime property '${column.name}' is not supported.`)
  }
  const own = path.length === 1
  return {
    name: own ? column.property : `${column.table}_${column.name}`,
    access,
    own,
    compareIds: idsOf(scope.database, column),
    get: reader(scope, access),
  }
}

function readMeasure(
  scope: Scope,
  { path, method }: ApplyMeasure,
): { measure: Measure; column: Column | undefined } {
  if (!path) return { measure: { method, edm: 'Edm.Int32', get: () => null }, column: undefined }
  const access = resolvePath(scope, path)
  const { column } = access
  checkMethod(method, column)
  const measure = { method, edm: column.edm, get: reader(scope, access) }
  return { measure, column: method === 'countdistinct' ? undefined : column }
}

/**
 * Refuses to add up what is no number.
 * @throws Fault 400
 */
export function checkMethod(method: Method, column: Column): void {
  const adds = method === 'sum' || method === 'average'
  const orders = method === 'min' || method === 'max'
  const isChoice = ['Picklist', 'State', 'Status', 'Boolean'].includes(column.type)
  const fits = adds ? NUMBERS.has(column.edm) && !isChoice : !orders || column.storage === 'number'
  if (!fits) {
    throw badQuery(
      `Aggregate ${method} is not supported for attribute of type ${column.type}: '${column.name}'.`,
    )
  }
}

function reader(scope: Scope, { column, slot }: Access) {
  const rows = scope.database.rows(column.table)
  return (frame: number[]) => {
    const at = slot(frame)
    return at === undefined ? null : rows.raw(at, column)
  }
}

function keyWriter(writing: Writing, scope: Scope, { name, access, own }: Key): GroupCell {
  const { column, slot } = access
  const rows = scope.database.rows(column.table)
  const value = valueWriter(rows, column)
  const write = own
    ? cellWriter(writing, rows, column)
    : (at: number) => `${JSON.stringify(name)}:${value(at)}`
  return keyCell(write, slot, (at) => rows.raw(at, column) === null)
}

/** Groups may be ordered by what they were grouped by, not by what was worked out of them. */
function sortGroups(
  groups: readonly Group[],
  keys: readonly Key[],
  orderby: string | undefined,
): Group[] {
  if (orderby === undefined) return [...groups]
  const terms = splitNames(orderby).map((term) => {
    const [name = '', direction = 'asc'] = term.split(/\s+/)
    const index = keys.findIndex((key) => key.own && key.name === name)
    if (index < 0) throw badQuery('The query node SingleValueOpenPropertyAccess is not supported')
    if (!/^(asc|desc)$/.test(direction)) throw notSupported(`'${direction}' in $orderby`)
    return { index, sign: direction === 'desc' ? -1 : 1 }
  })
  return [...groups].sort((a, b) => {
    for (const { index, sign } of terms) {
      const ids = keys[index]?.compareIds
      const order = compareValues(a.keys[index] ?? null, b.keys[index] ?? null, ids)
      if (order !== 0) return order * sign
    }
    return 0
  })
}

function refuseRepeats(names: readonly string[]): void {
  const repeated = names.find((name, index) => names.indexOf(name) !== index)
  if (repeated !== undefined) throw badQuery(`The name '${repeated}' is given twice in $apply.`)
}
