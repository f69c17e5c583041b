/** A literal as the filter language writes it. */
export type Literal =
  | { readonly kind: 'string'; readonly value: string }
  | { readonly kind: 'number'; readonly value: number; readonly text: string }
  | { readonly kind: 'boolean'; readonly value: boolean }
  | { readonly kind: 'null' }
  | { readonly kind: 'guid'; readonly value: string }
  | { readonly kind: 'time'; readonly value: number; readonly text: string }
  | { readonly kind: 'date'; readonly value: number; readonly text: string }
  | { readonly kind: 'enum'; readonly type: string; readonly value: string }

export interface Path {
  readonly kind: 'path'
  readonly segments: readonly string[]
}

export interface Alias {
  readonly kind: 'alias'
  readonly name: string
}

/** A JSON array, as the query functions take it. */
export interface List {
  readonly kind: 'list'
  readonly items: readonly (string | number | boolean | null)[]
}

export type Operand = Literal | Path | Alias

export type Comparator = 'eq' | 'ne' | 'gt' | 'ge' | 'lt' | 'le'

export type Expression =
  | {
      readonly kind: 'compare'
      readonly operator: Comparator
      readonly left: Operand
      readonly right: Operand
    }
  | { readonly kind: 'and' | 'or'; readonly left: Expression; readonly right: Expression }
  | { readonly kind: 'not'; readonly inner: Expression }
  | {
      readonly kind: 'text'
      readonly name: 'contains' | 'startswith' | 'endswith'
      readonly subject: Operand
      readonly search: Operand
    }
  | {
      readonly kind: 'function'
      readonly name: string
      readonly parameters: ReadonlyMap<string, Operand | List>
    }
  | {
      readonly kind: 'lambda'
      readonly path: readonly string[]
      readonly quantifier: 'any' | 'all'
      readonly variable?: string
      readonly body?: Expression
    }

export const COMPARATORS: readonly Comparator[] = ['eq', 'ne', 'gt', 'ge', 'lt', 'le']

/** The namespace that query functions and types are written with. */
export const NAMESPACE = 'Microsoft.Dynamics.CRM.'
