import { badQuery, notSupported } from '../fault.ts'
import { periodOf } from './calendar.ts'
import type { List, Operand } from './expression.ts'
import { aliased, asGuid, readAs, type Scalar } from './operands.ts'
import { type Access, type Frame, resolvePath, type Scope } from './scope.ts'

type Predicate = (frame: Frame) => boolean | null
type Parameters = ReadonlyMap<string, Operand | List>
type Item = string | number | boolean | null

const CALENDAR = new Set(['Edm.DateTimeOffset', 'Edm.Date'])

/** Makes a test of one of Dataverse's own query functions; those not built are named in a 501. */
export function compileFunction(scope: Scope, name: string, parameters: Parameters): Predicate {
  const given = new Given(scope, name, parameters)
  switch (name) {
    case 'In':
      return among(given, true)
    case 'NotIn':
      return among(given, false)
    case 'Between':
      return between(given, true)
    case 'NotBetween':
      return between(given, false)
    case 'EqualUserId':
      return equals(given, scope.caller.user.id, true)
    case 'NotEqualUserId':
      return equals(given, scope.caller.user.id, false)
    case 'EqualBusinessId':
      return equals(given, scope.caller.unit, true)
    case 'NotEqualBusinessId':
      return equals(given, scope.caller.unit, false)
    default:
      return inPeriod(scope, given, name)
  }
}

function among(given: Given, wanted: boolean): Predicate {
  const { column } = given.access
  const values = new Set(given.items('PropertyValues').map((item) => key(readAs(column, item))))
  return (frame) => {
    const value = given.value(frame)
    return value === null ? null : values.has(key(value)) === wanted
  }
}

function between(given: Given, wanted: boolean): Predicate {
  const { column } = given.access
  const items = given.items('PropertyValues')
  if (items.length !== 2) throw badQuery(`${given.name} takes exactly two property values.`)
  const [low, high] = items.map((item) => key(readAs(column, item)))
  return (frame) => {
    const value = key(given.value(frame))
    if (value === null || low === undefined || high === undefined) return null
    if (low === null || high === null) return null
    return (value >= low && value <= high) === wanted
  }
}

function equals(given: Given, id: string | null, wanted: boolean): Predicate {
  return (frame) => {
    const value = given.value(frame)
    return value === null ? null : (value === id) === wanted
  }
}

function inPeriod(scope: Scope, given: Given, name: string): Predicate {
  const period = periodOf(name, scope.now, () => given.text('PropertyValue'))
  if (!period) throw notSupported(`the query function ${name}`)
  if (!CALENDAR.has(given.access.column.edm)) {
    throw badQuery(`The function ${name} needs a date column, not '${given.access.column.name}'.`)
  }
  return (frame) => {
    const value = given.value(frame)
    return typeof value === 'number' ? value >= period.from && value < period.until : null
  }
}

/** The parameters of one call, read with the errors they deserve. */
class Given {
  readonly name: string
  readonly access: Access
  readonly #scope: Scope
  readonly #parameters: Parameters

  constructor(scope: Scope, name: string, parameters: Parameters) {
    this.name = name
    this.#scope = scope
    this.#parameters = parameters
    this.access = this.#property()
  }

  value(frame: Frame): Scalar {
    const slot = this.access.slot(frame)
    if (slot === undefined) return null
    const { column } = this.access
    return this.#scope.database.rows(column.table).raw(slot, column)
  }

  items(parameter: string): readonly Item[] {
    const value = this.#take(parameter)
    if (value.kind !== 'list') throw badQuery(`${this.name} needs a list in ${parameter}.`)
    return value.items
  }

  text(parameter: string): string {
    const value = this.#take(parameter)
    if (value.kind === 'string') return value.value
    if (value.kind === 'number' || value.kind === 'time' || value.kind === 'date') return value.text
    throw badQuery(`${this.name} needs a value in ${parameter}.`)
  }

  /** Functions name a column by its logical name; a lookup's property is understood as well. */
  #property(): Access {
    const segments = this.text('PropertyName').split('/')
    const table = this.#scope.bindings[0].table
    const last = segments.at(-1) ?? ''
    const lookup = segments.length === 1 ? table.byName.get(last) : undefined
    return resolvePath(this.#scope, lookup ? [lookup.property] : segments)
  }

  #take(parameter: string): Operand | List {
    const value = this.#parameters.get(parameter)
    if (!value) throw badQuery(`The parameter '${parameter}' of ${this.name} is missing.`)
    return value.kind === 'alias' ? aliased(this.#scope, value.name) : value
  }
}

function key(value: Scalar): Scalar {
  return typeof value === 'string' ? (asGuid(value) ?? value.toLowerCase()) : value
}
