import { cellWriter, type Writing } from '../answer/cells.ts'
import { hierarchyOf } from '../query/hierarchy.ts'
import type { Frame } from '../query/scope.ts'
import type { Column } from '../schema/model.ts'
import { columnOf, duplicateAlias, NO_ROW, type Source } from './plan.ts'
import type { AttributeNode, EntityNode, FetchQuery } from './query.ts'
import { joinsOf, type Planned } from './run.ts'

/** Writes one property of a row, or nothing where it is null. */
type Cell = (frame: Frame) => string | undefined

/** What a query returns of each row. */
export interface FetchColumns {
  /** The names that `@odata.context` lists; empty for all columns. */
  readonly listed: readonly string[]
  write(frame: Frame): string
}

const HIDDEN = new Set(['Virtual', 'PartyList'])

/** Works out what is written of each row. Nulls are left out; distinct rows have no id and no tag. */
export function planColumns(writing: Writing, planned: Planned, query: FetchQuery): FetchColumns {
  const { root } = planned
  const names = new Set<string>()
  const claim = (name: string): void => {
    if (names.has(name)) throw duplicateAlias()
    names.add(name)
  }
  const own = ownColumns(root, query)
  const cells: Cell[] = []
  for (const column of own.columns) {
    claim(column.property)
    cells.push(columnCell(writing, root, column, column.property))
  }
  for (const node of own.named) {
    const name = node.alias ?? columnOf(root, node.name).property
    claim(name)
    cells.push(attributeCell(writing, root, node, name))
  }
  for (const { source, node } of joinsOf(planned)) {
    for (const { attribute, name } of linkedColumns(source, node)) {
      claim(name)
      cells.push(attributeCell(writing, source, attribute, name))
    }
  }
  const version = query.distinct ? undefined : root.table.byName.get('versionnumber')
  return {
    listed: own.all
      ? []
      : contextNames(
          own.columns,
          own.named.map(({ alias, name }) => alias ?? name),
        ),
    write(frame) {
      const written = cells.map((cell) => cell(frame)).filter((text) => text !== undefined)
      if (version) written.unshift(tagOf(root, version, frame))
      return `{${written.join(',')}}`
    },
  }
}

/** The entity's columns: those with a name of their own apart, the currency and the id added. */
function ownColumns(
  root: Source,
  { entity, distinct }: FetchQuery,
): { all: boolean; columns: Column[]; named: AttributeNode[] } {
  const { table } = root
  const all = entity.all || (entity.attributes.length === 0 && !distinct)
  if (all) {
    return { all, columns: table.columns.filter(({ type }) => !HIDDEN.has(type)), named: [] }
  }
  const isPlain = (node: AttributeNode): boolean => node.alias === undefined && !node.countChildren
  const columns = new Set(
    entity.attributes.filter(isPlain).map((node) => columnOf(root, node.name)),
  )
  const currency = table.byName.get('transactioncurrencyid')
  if (currency && [...columns].some(({ type }) => type === 'Money')) columns.add(currency)
  if (!distinct) columns.add(table.id)
  return { all, columns: [...columns], named: entity.attributes.filter((node) => !isPlain(node)) }
}

function linkedColumns(
  source: Source,
  node: EntityNode,
): { attribute: AttributeNode; name: string }[] {
  const attributes = node.all
    ? source.table.columns.filter(({ type }) => !HIDDEN.has(type)).map(({ name }) => plain(name))
    : node.attributes
  return attributes.map((attribute) => ({
    attribute,
    name: attribute.alias ?? `${source.alias}.${attribute.name}`,
  }))
}

function plain(name: string): AttributeNode {
  return {
    name,
    alias: undefined,
    aggregate: undefined,
    groupby: false,
    dateGrouping: undefined,
    distinct: false,
    countChildren: false,
  }
}

function attributeCell(writing: Writing, source: Source, node: AttributeNode, name: string): Cell {
  const column = columnOf(source, node.name)
  if (!node.countChildren) return columnCell(writing, source, column, name)
  const parent = hierarchyOf(source.table)
  return (frame) => {
    const slot = frame[source.depth] ?? NO_ROW
    const children = parent ? source.rows.related(parent, source.rows.idOf(slot)) : []
    return `${JSON.stringify(name)}:${children.length}`
  }
}

function columnCell(writing: Writing, source: Source, column: Column, name: string): Cell {
  const { depth, rows } = source
  const write = cellWriter(writing, rows, column, name)
  return (frame) => {
    const slot = frame[depth]
    if (slot === undefined || slot === NO_ROW) return undefined
    return rows.raw(slot, column) === null ? undefined : write(slot)
  }
}

function tagOf(root: Source, version: Column, frame: Frame): string {
  const number = root.rows.number(frame[root.depth] ?? NO_ROW, version) ?? 0
  return `"@odata.etag":"W/\\"${number}\\""`
}

/** A lookup is listed by its property, by its name, and at the end as if it were expanded to nothing. */
function contextNames(columns: readonly Column[], named: readonly string[]): string[] {
  const lookups = columns.filter(({ storage }) => storage === 'reference')
  return [
    ...columns.flatMap(({ property, name, storage }) =>
      storage === 'reference' ? [property, name] : [property],
    ),
    ...named,
    ...lookups.map(({ name }) => `${name}()`),
  ]
}
