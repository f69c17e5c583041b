import { badQuery } from '../fault.ts'
import { type Condition, conditionTest, type Item } from './conditions.ts'
import type { List, Operand } from './expression.ts'
import { aliased, type Scalar } from './operands.ts'
import { type Access, type Frame, resolvePath, type Scope } from './scope.ts'

type Predicate = (frame: Frame) => boolean | null
type Parameters = ReadonlyMap<string, Operand | List>

/** Makes a test of one of Dataverse's own query functions; those not built are named in a 501. */
export function compileFunction(scope: Scope, name: string, parameters: Parameters): Predicate {
  const given = new Given(scope, name, parameters)
  const test = conditionTest(scope, given)
  given.refuseOthers()
  return (frame) => test(given.value(frame))
}

/** The parameters of one call, read with the errors they deserve. */
class Given implements Condition {
  readonly name: string
  readonly access: Access
  readonly #scope: Scope
  readonly #parameters: Parameters
  readonly #taken = new Set<string>()

  constructor(scope: Scope, name: string, parameters: Parameters) {
    this.name = name
    this.#scope = scope
    this.#parameters = parameters
    this.access = this.#property()
  }

  get column(): Access['column'] {
    return this.access.column
  }

  value(frame: Frame): Scalar {
    const slot = this.access.slot(frame)
    if (slot === undefined) return null
    const { column } = this.access
    return this.#scope.database.rows(column.table).raw(slot, column)
  }

  items(): readonly Item[] {
    const value = this.#take('PropertyValues')
    if (value.kind !== 'list') throw badQuery(`${this.name} needs a list in PropertyValues.`)
    return value.items
  }

  text(): string {
    return this.#text('PropertyValue')
  }

  pair(): readonly [string, string] {
    return [this.#text('PropertyValue1'), this.#text('PropertyValue2')]
  }

  /** A parameter that the function does not have is a mistake, not a wish to be ignored. */
  refuseOthers(): void {
    for (const name of this.#parameters.keys()) {
      if (!this.#taken.has(name)) {
        throw badQuery(`The function '${this.name}' has no parameter '${name}'.`)
      }
    }
  }

  #text(parameter: string): string {
    const value = this.#take(parameter)
    switch (value.kind) {
      case 'string':
      case 'guid':
        return value.value
      case 'number':
      case 'time':
      case 'date':
        return value.text
      default:
        throw badQuery(`${this.name} needs a value in ${parameter}.`)
    }
  }

  /** Functions name a column by its logical name; a lookup's property is understood as well. */
  #property(): Access {
    const segments = this.#text('PropertyName').split('/')
    const table = this.#scope.bindings[0].table
    const last = segments.at(-1) ?? ''
    const lookup = segments.length === 1 ? table.byName.get(last) : undefined
    return resolvePath(this.#scope, lookup ? [lookup.property] : segments)
  }

  #take(parameter: string): Operand | List {
    this.#taken.add(parameter)
    const value = this.#parameters.get(parameter)
    if (!value) throw badQuery(`The parameter '${parameter}' of ${this.name} is missing.`)
    return value.kind === 'alias' ? aliased(this.#scope, value.name) : value
  }
}
