/** A published rule: rows of a table are duplicates where all these columns have the same values. */
export interface DuplicateRule {
  readonly table: string
  readonly columns: readonly string[]
}
