import type { Comparison, TextSearch } from './filter.ts'

/** A value or column in a filter's text, as it is written there. */
export interface Operand {
  readonly kind: 'alias' | 'json' | 'path' | 'value'
  readonly text: string
  readonly at: number
}

/** What a filter's text says. */
export type FilterExpression =
  | {
      readonly kind: 'comparison'
      readonly left: Operand
      readonly comparison: Comparison
      readonly right: Operand
    }
  | {
      readonly kind: 'search'
      readonly search: TextSearch
      readonly column: Operand
      readonly text: Operand
    }
  | {
      readonly kind: 'function'
      readonly name: string
      readonly parameters: readonly (readonly [name: string, value: Operand])[]
    }
  | {
      readonly kind: 'lambda'
      readonly quantifier: 'all' | 'any'
      readonly collection: string
      readonly variable?: string
      readonly body?: FilterExpression
    }
  | { readonly kind: 'and' | 'or'; readonly parts: readonly FilterExpression[] }
  | { readonly kind: 'not'; readonly part: FilterExpression }
