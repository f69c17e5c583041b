import { isObject } from '../../kernel/index.ts'
import { DataverseError } from '../errors/dataverse-error.ts'

/** What is wrong with one value of a row, and what to do about it. */
export interface RowProblem {
  /** The column or property, with its path where the row is nested: `primarycontactid.lastname`. */
  readonly column: string
  readonly problem: string
  readonly remedy: string
}

const MOST_SHOWN = 20

/** Refuses what is no row at all. @throws InvalidRow */
export function requireRow(table: string, row: unknown): void {
  if (isObject(row)) return
  const remedy = 'Give an object with the values by column.'
  throw new InvalidRow(table, [{ column: 'row', problem: 'it is not an object', remedy }])
}

/** A row that the service would refuse, with everything that is wrong with it at once. */
export class InvalidRow extends DataverseError {
  readonly problems: readonly RowProblem[]

  constructor(table: string, problems: readonly RowProblem[]) {
    const [first] = problems
    const others = problems.length - 1
    const more = others > 0 ? ` ${others} more ${others > 1 ? 'are' : 'is'} wrong.` : ''
    super('invalid_row', {
      what: `A row of ${table} cannot be written: ${first?.column}: ${first?.problem}.${more}`,
      why: 'What the row holds does not fit the table’s definition.',
      remedy: first?.remedy ?? 'Compare the row with the table’s columns.',
      facts: {
        table,
        field: first?.column ?? null,
        problems: problems.slice(0, MOST_SHOWN).map((one) => ({ ...one })),
        problemCount: problems.length,
      },
    })
    this.problems = problems
  }
}
