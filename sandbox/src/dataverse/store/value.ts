/** A row of some table, as a lookup names it. */
export interface Reference {
  readonly table: string
  readonly id: string
}

export type Value = string | number | Reference | null
