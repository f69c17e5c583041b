import { notSupported } from '../fault.ts'
import { badFetch, invalidNode, malformedFetch } from './errors.ts'
import {
  type AttributeNode,
  type ConditionNode,
  type EntityNode,
  type FetchQuery,
  FILTER_LINK_TYPES,
  type FilterNode,
  LINK_TYPES,
  type LinkNode,
  type LinkType,
  type OrderNode,
} from './query.ts'
import { readXml, type XmlElement } from './xml.ts'

/** Hints for the database and remains of old versions: they change no result. */
const WITHOUT_EFFECT: Readonly<Record<string, readonly string[]>> = {
  fetch: ['mapping', 'version', 'output-format', 'no-lock', 'latematerialize', 'options'],
  entity: ['enableprefiltering', 'prefilterparametername'],
  'link-entity': ['intersect', 'visible'],
  filter: ['hint', 'isquickfindfields'],
  condition: ['uiname', 'uitype', 'uihidden'],
  attribute: [],
  order: [],
}

/** Parses a FetchXML query. */
export function readFetch(text: string): FetchQuery {
  const root = readXml(text)
  if (root.name !== 'fetch') throw malformedFetch()
  const given = new Attributes(root)
  const [entity, ...rest] = root.children
  if (entity?.name !== 'entity' || rest.length > 0) throw invalidNode()
  const query = {
    count: given.whole('count'),
    page: given.whole('page') ?? 1,
    top: given.whole('top'),
    pagingCookie: given.text('paging-cookie') || undefined,
    aggregate: given.flag('aggregate'),
    aggregateLimit: given.whole('aggregatelimit'),
    distinct: given.flag('distinct'),
    totalCount: given.flag('returntotalrecordcount'),
    rawOrder: given.flag('useraworderby'),
    entity: readEntity(entity),
  }
  given.refuseOthers()
  return query
}

function readEntity(element: XmlElement): EntityNode {
  const given = new Attributes(element)
  const node = { name: given.required('name'), ...readContent(element) }
  given.refuseOthers()
  return node
}

function readContent(element: XmlElement): Omit<EntityNode, 'name'> {
  const known = ['attribute', 'all-attributes', 'no-attrs', 'order', 'filter', 'link-entity']
  if (element.children.some(({ name }) => !known.includes(name))) throw invalidNode()
  const named = (name: string) => element.children.filter((child) => child.name === name)
  if (named('no-attrs').length > 0) throw notSupported('the FetchXML element no-attrs')
  return {
    all: named('all-attributes').length > 0,
    attributes: named('attribute').map(readAttribute),
    orders: named('order').map(readOrder),
    filters: named('filter').map(readFilter),
    links: named('link-entity').map((link) => readLink(link, LINK_TYPES)),
  }
}

function readAttribute(element: XmlElement): AttributeNode {
  const given = new Attributes(element)
  const rowAggregate = given.text('rowaggregate')
  if (rowAggregate !== undefined && rowAggregate !== 'CountChildren') {
    throw notSupported(`the rowaggregate '${rowAggregate}'`)
  }
  if (given.flag('usertimezone')) throw notSupported('usertimezone in FetchXML')
  const node = {
    name: given.required('name'),
    alias: given.text('alias'),
    aggregate: given.text('aggregate'),
    groupby: given.flag('groupby'),
    dateGrouping: given.text('dategrouping'),
    distinct: given.flag('distinct'),
    countChildren: rowAggregate !== undefined,
  }
  given.refuseOthers()
  return node
}

function readOrder(element: XmlElement): OrderNode {
  const given = new Attributes(element)
  const node = {
    attribute: given.text('attribute'),
    alias: given.text('alias'),
    entityName: given.text('entityname'),
    descending: given.flag('descending'),
  }
  given.refuseOthers()
  return node
}

function readFilter(element: XmlElement): FilterNode {
  const given = new Attributes(element)
  const type = given.text('type') ?? 'and'
  if (type !== 'and' && type !== 'or') {
    throw badFetch('0x80041122', "Unsupported filter type. Valid values are 'and', or 'or'.")
  }
  given.refuseOthers()
  const known = ['condition', 'filter', 'link-entity']
  if (element.children.some(({ name }) => !known.includes(name))) throw invalidNode()
  const named = (name: string) => element.children.filter((child) => child.name === name)
  return {
    any: type === 'or',
    conditions: named('condition').map(readCondition),
    filters: named('filter').map(readFilter),
    links: named('link-entity').map((link) => readLink(link, FILTER_LINK_TYPES)),
  }
}

function readCondition(element: XmlElement): ConditionNode {
  const given = new Attributes(element)
  if (element.children.some(({ name }) => name !== 'value')) throw invalidNode()
  const value = given.text('value')
  const children = element.children.map(({ text }) => text)
  const node = {
    attribute: given.required('attribute'),
    entityName: given.text('entityname'),
    operator: given.required('operator'),
    valueOf: given.text('valueof'),
    values: value === undefined ? children : [value, ...children],
  }
  given.refuseOthers()
  return node
}

function readLink(element: XmlElement, types: readonly LinkType[]): LinkNode {
  const given = new Attributes(element)
  const written = given.text('link-type') ?? 'inner'
  const type = types.find((known) => known === written)
  if (!type) {
    throw badFetch(
      '0x80041117',
      "The only valid values for link-type attribute are 'natural', 'inner','in','exists','matchfirstrowusingcrossapply' and 'outer'.",
    )
  }
  const from = given.text('from')
  const to = given.text('to')
  if ((from === undefined) !== (to === undefined)) {
    throw badFetch(
      '0x80041111',
      'AttributeFrom and AttributeTo must be either both specified or both omitted.',
    )
  }
  if (from === undefined || to === undefined)
    throw notSupported('a link-entity without from and to')
  const node = { name: given.required('name'), from, to, alias: given.text('alias'), type }
  given.refuseOthers()
  return { ...node, ...readContent(element) }
}

/** The attributes of one element: each read once, what is left over is a mistake. */
class Attributes {
  readonly #element: XmlElement
  readonly #left: Set<string>

  constructor(element: XmlElement) {
    this.#element = element
    this.#left = new Set(element.attributes.keys())
    for (const name of WITHOUT_EFFECT[element.name] ?? []) this.#left.delete(name)
  }

  text(name: string): string | undefined {
    this.#left.delete(name)
    return this.#element.attributes.get(name)
  }

  required(name: string): string {
    const value = this.text(name)
    if (value === undefined || value === '') {
      throw badFetch('0x8004111e', 'A required attribute was not specified.')
    }
    return value
  }

  flag(name: string): boolean {
    const value = this.text(name)
    if (value === undefined || value === 'false' || value === '0') return false
    if (value === 'true' || value === '1') return true
    throw badFetch(
      '0x80041139',
      `The only valid values for ${name} attribute are 'true', 'false', '1', and '0'.`,
    )
  }

  whole(name: string): number | undefined {
    const value = this.text(name)
    if (value === undefined) return undefined
    if (!/^\d{1,9}$/.test(value)) {
      throw badFetch('0x80041139', `The attribute value provided is invalid: ${name}='${value}'.`)
    }
    if (Number(value) === 0) {
      throw badFetch('0x8004110c', 'A value greater than zero must be specified.')
    }
    return Number(value)
  }

  refuseOthers(): void {
    const [left] = this.#left
    if (left !== undefined) {
      throw notSupported(`the attribute '${left}' of the FetchXML element ${this.#element.name}`)
    }
  }
}
