/** A FetchXML query as it is written, before the tables are asked what its names mean. */
export interface FetchQuery {
  readonly count: number | undefined
  readonly page: number
  readonly top: number | undefined
  readonly pagingCookie: string | undefined
  readonly aggregate: boolean
  readonly aggregateLimit: number | undefined
  readonly distinct: boolean
  readonly totalCount: boolean
  /** Choices are ordered by number instead of label. */
  readonly rawOrder: boolean
  readonly entity: EntityNode
}

export interface EntityNode {
  readonly name: string
  readonly all: boolean
  readonly attributes: readonly AttributeNode[]
  readonly orders: readonly OrderNode[]
  readonly filters: readonly FilterNode[]
  readonly links: readonly LinkNode[]
}

export const LINK_TYPES = [
  'inner',
  'outer',
  'natural',
  'exists',
  'in',
  'matchfirstrowusingcrossapply',
] as const
export const FILTER_LINK_TYPES = ['any', 'not any', 'all', 'not all'] as const

export type LinkType = (typeof LINK_TYPES)[number] | (typeof FILTER_LINK_TYPES)[number]

export interface LinkNode extends EntityNode {
  readonly from: string
  readonly to: string
  readonly alias: string | undefined
  readonly type: LinkType
}

export interface AttributeNode {
  readonly name: string
  readonly alias: string | undefined
  readonly aggregate: string | undefined
  readonly groupby: boolean
  readonly dateGrouping: string | undefined
  readonly distinct: boolean
  readonly countChildren: boolean
}

export interface OrderNode {
  readonly attribute: string | undefined
  readonly alias: string | undefined
  readonly entityName: string | undefined
  readonly descending: boolean
}

export interface FilterNode {
  readonly any: boolean
  readonly conditions: readonly ConditionNode[]
  readonly filters: readonly FilterNode[]
  readonly links: readonly LinkNode[]
}

export interface ConditionNode {
  readonly attribute: string
  readonly entityName: string | undefined
  readonly operator: string
  readonly valueOf: string | undefined
  readonly values: readonly string[]
}
