import { notSupported } from '../fault.ts'
import { comparisonKey } from '../query/conditions.ts'
import { comparable } from '../query/operands.ts'
import type { Frame, Scope } from '../query/scope.ts'
import type { Column, Table } from '../schema/model.ts'
import type { Rows } from '../store/rows.ts'
import { badFetch, unknownAttribute, unknownEntity } from './errors.ts'
import type { LinkNode } from './query.ts'

/** A table that the query reads rows of: the entity, or one that is linked. */
export interface Source {
  /** Its place in the frame. */
  readonly depth: number
  readonly table: Table
  readonly rows: Rows
  /** What conditions and columns call it; empty for the entity itself. */
  readonly alias: string
}

/** Finds rows of a linked table for the rows that are in the frame already. */
export type Join = (frame: Frame) => readonly number[]

/** A frame keeps this where an outer link found no row. */
export const NO_ROW = -1

const MAX_LINKS = 15

/** Hands out sources and remembers them by alias. */
export class Plan {
  readonly scope: Scope
  readonly #sources: Source[] = []
  #links = 0

  constructor(scope: Scope) {
    this.scope = scope
  }

  entity(name: string): Source {
    return this.#add(name, '')
  }

  /** @throws Fault 0x8004430d at the sixteenth link */
  link(node: LinkNode): Source {
    this.#links += 1
    if (this.#links > MAX_LINKS) {
      throw badFetch('0x8004430d', 'Number of link entities in query exceeded maximum limit.')
    }
    const alias = node.alias ?? `${node.name}${this.#links}`
    if (this.#sources.some((source) => source.alias === alias)) throw duplicateAlias()
    return this.#add(node.name, alias)
  }

  /** Finds a source by alias, or by the name of its table. */
  named(name: string): Source {
    const found =
      this.#sources.find((source) => source.alias === name) ??
      this.#sources.find((source) => source.alias !== '' && source.table.name === name)
    if (found) return found
    throw badFetch(
      '0x8004110a',
      'The specified alias for the given entity in the condition does not exist.',
    )
  }

  #add(name: string, alias: string): Source {
    const { schema } = this.scope.database
    const table = schema.tables.get(name)
    if (!table) {
      const exists =
        schema.unserved.has(name) || schema.manyToMany.some((one) => one.between === name)
      throw exists ? notSupported(`the table ${name}`) : unknownEntity(name)
    }
    const rows = this.scope.database.rows(table)
    const source: Source = { depth: this.#sources.length, table, rows, alias }
    this.#sources.push(source)
    return source
  }
}

export function duplicateAlias(): Error {
  return badFetch('0x80041130', 'FetchXML should have unique aliases.')
}

/** Finds a column by its logical name. */
export function columnOf({ table }: Source, name: string): Column {
  const column = table.byName.get(name)
  if (!column) throw unknownAttribute(name, table.name)
  return column
}

/** The value of a column in the frame; null where an outer link found no row. */
export function cellOf(
  { depth, rows }: Source,
  column: Column,
): (frame: Frame) => string | number | null {
  return (frame) => {
    const slot = frame[depth]
    return slot === undefined || slot === NO_ROW ? null : rows.raw(slot, column)
  }
}

/** Whether each row of the parent meets at most one row of the link. */
export function meetsOne(source: Source, node: LinkNode): boolean {
  return columnOf(source, node.from) === source.table.id
}

/** Makes the way from a parent's rows to those of a link that the caller may read. */
export function joinOf(scope: Scope, parent: Source, source: Source, node: LinkNode): Join {
  const join = joinAll(parent, source, node)
  const sees = scope.sees(source.table)
  return sees ? (frame) => join(frame).filter(sees) : join
}

function joinAll(parent: Source, source: Source, node: LinkNode): Join {
  const to = columnOf(parent, node.to)
  const from = columnOf(source, node.from)
  if (!comparable(to.edm, from.edm)) {
    throw badFetch('0x800404ba', 'Invalid link entity, link to attribute, or link from attribute.')
  }
  const value = cellOf(parent, to)
  const { rows } = source
  if (from === rows.table.id) {
    return (frame) => {
      const slot = rows.slotOf(String(value(frame)))
      return slot === undefined ? [] : [slot]
    }
  }
  if (from.storage === 'reference') {
    return (frame) => {
      const id = value(frame)
      return id === null ? [] : rows.related(from, String(id))
    }
  }
  let index: Map<string | number, number[]> | undefined
  return (frame) => {
    const key = comparisonKey(value(frame))
    if (key === null) return []
    index ??= indexOf(rows, from)
    return index.get(key) ?? []
  }
}

function indexOf(rows: Rows, column: Column): Map<string | number, number[]> {
  const index = new Map<string | number, number[]>()
  for (const slot of rows.slotsAfter(undefined)) {
    const key = comparisonKey(rows.raw(slot, column))
    if (key === null) continue
    const slots = index.get(key)
    if (slots) slots.push(slot)
    else index.set(key, [slot])
  }
  return index
}
