import { DataverseError } from '../../errors/dataverse-error.ts'

/** Why a value cannot be written; a value of its own, so that all those of a row are found at once. */
export class Refusal {
  readonly problem: string
  readonly remedy: string

  constructor(problem: string, remedy: string) {
    this.problem = problem
    this.remedy = remedy
  }
}

/** Takes an argument that was refused by an exception as a refusal. */
export function refusing<Value>(write: () => Value): Value | Refusal {
  try {
    return write()
  } catch (error) {
    if (!(error instanceof DataverseError)) throw error
    return new Refusal(error.explanation.why, error.explanation.remedy)
  }
}
