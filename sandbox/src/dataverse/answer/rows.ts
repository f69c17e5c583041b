import { badQuery } from '../fault.ts'
import { compileFilter } from '../query/compile-filter.ts'
import { writeSkipToken } from '../query/cookie.ts'
import type { Expression } from '../query/expression.ts'
import { tokenize } from '../query/lexer.ts'
import { parseOrder, sortSlots } from '../query/order.ts'
import { parseFilter } from '../query/parse-filter.ts'
import { MAX_PAGE } from '../query/run.ts'
import type { Frame, Scope } from '../query/scope.ts'
import { type Expansion, isNested, type Shape } from '../query/shape.ts'
import type { Single } from '../schema/model.ts'
import { relatedSlots, type Way } from '../store/related.ts'
import { type CellWriter, cellWriter, type Writing } from './cells.ts'

/** How rows are written in this answer. */
export interface RowWriting extends Writing {
  readonly scope: Scope
  /** The page size that nested expansions are cut to. */
  readonly pageSize: number | undefined
}

/** Writes a row as a JSON object. */
export type RowWriter = (slot: number) => string

/** Makes the writer of rows of this shape; `top` rows carry the entity tag, related single rows do not. */
export function rowWriter(
  writing: RowWriting,
  shape: Shape,
  { tagged = true, nested = isNested(shape) }: { tagged?: boolean; nested?: boolean } = {},
): RowWriter {
  const rows = writing.database.rows(shape.table)
  const version = shape.table.byName.get('versionnumber')
  const cells: CellWriter[] = shape.columns.map((column) => cellWriter(writing, rows, column))
  if (shape.table.base === 'principal') {
    cells.push((slot) => `"ownerid":${JSON.stringify(rows.idOf(slot))}`)
  }
  for (const expansion of shape.expansions) {
    cells.push(
      expansion.many
        ? collectionWriter(writing, shape, expansion, nested)
        : singleWriter(writing, shape, expansion, nested),
    )
  }
  return (slot) => {
    let text =
      tagged && version ? `{"@odata.etag":"W/\\"${rows.number(slot, version) ?? 0}\\""` : '{'
    for (const cell of cells) text += text === '{' ? cell(slot) : `,${cell(slot)}`
    return `${text}}`
  }
}

function singleWriter(
  writing: RowWriting,
  shape: Shape,
  expansion: Expansion,
  nested: boolean,
): CellWriter {
  const rows = writing.database.rows(shape.table)
  const targets = writing.database.rows(expansion.shape.table)
  const single: Pick<Single, 'column'> = expansion.way
  const target = expansion.shape.table
  const write = rowWriter(writing, expansion.shape, { tagged: false, nested })
  const sees = writing.scope.sees(target)
  return (slot) => {
    const reference = rows.reference(slot, single.column)
    const found = reference?.table === target.name ? targets.slotOf(reference.id) : undefined
    if (found === undefined || !reference || sees?.(found) === false)
      return `"${expansion.name}":null`
    if (!expansion.reference) return `"${expansion.name}":${write(found)}`
    return `"${expansion.name}":{"@odata.id":"${writing.base}/${target.set}(${reference.id})"}`
  }
}

function collectionWriter(
  writing: RowWriting,
  shape: Shape,
  expansion: Expansion,
  nested: boolean,
): CellWriter {
  const parents = writing.database.rows(shape.table)
  const children = writing.database.rows(expansion.shape.table)
  const { column } = expansion.way
  const through = 'through' in expansion.way ? expansion.way.through : undefined
  const way: Way = { table: expansion.shape.table.name, column, ...(through ? { through } : {}) }
  const choose = chooser(writing, expansion)
  const inner: Shape =
    nested || through
      ? expansion.shape
      : { ...expansion.shape, columns: withLookup(expansion, column) }
  const write = rowWriter(writing, inner, { tagged: !nested, nested })
  const paged = nested && writing.pageSize !== undefined
  const limit = paged ? (writing.pageSize ?? MAX_PAGE) : (expansion.top ?? MAX_PAGE)
  return (slot) => {
    const id = parents.idOf(slot)
    const all = choose(relatedSlots(writing.database, way, id))
    const page = all.slice(0, limit)
    const address = `${writing.base}/${shape.table.set}(${id})/${expansion.name}`
    const options = [...expansion.written]
    if (paged && page.length > 0) {
      options.push(`$skiptoken=${writeSkipToken(children, page, [], 1, true)}`)
    }
    const link = options.length > 0 ? `${address}?${options.join('&')}` : address
    const shown = !paged || page.length === limit
    const next = shown ? `,"${expansion.name}@odata.nextLink":${JSON.stringify(link)}` : ''
    return `"${expansion.name}":[${page.map(write).join(',')}]${next}`
  }
}

/** Applies an expansion's own filter and order. */
function chooser(
  writing: RowWriting,
  expansion: Expansion,
): (slots: readonly number[]) => readonly number[] {
  const { table } = expansion.shape
  const rows = writing.database.rows(table)
  const scope: Scope = {
    ...writing.scope,
    aliases: new Map(),
    bindings: [{ name: '', table, depth: 0 }],
  }
  const predicate =
    expansion.filter === undefined
      ? undefined
      : compileFilter(scope, withoutAliases(expansion.filter))
  const terms = parseOrder(writing.database, table, expansion.orderby)
  const sees = scope.sees(table)
  return (all) => {
    const slots = sees ? all.filter(sees) : all
    const frame: Frame = []
    const kept = predicate
      ? slots.filter((slot) => {
          frame[0] = slot
          return predicate(frame) === true
        })
      : slots
    return terms.length === 0 ? kept : sortSlots(rows, kept, terms)
  }
}

/** Parameter aliases do not reach into an expansion. */
function withoutAliases(filter: string): Expression {
  if (tokenize(filter).some((token) => token.kind === 'alias'))
    throw badQuery('Parameter aliases cannot be used inside $expand.')
  return parseFilter(filter)
}

/** Rows of an expanded collection also carry the lookup that ties them, before their key. */
function withLookup(expansion: Expansion, lookup: Shape['columns'][number]): Shape['columns'] {
  const { columns, table } = expansion.shape
  if (columns.includes(lookup)) return columns
  const others = columns.filter((column) => column !== table.id)
  return columns.at(-1) === table.id ? [...others, lookup, table.id] : [...columns, lookup]
}
