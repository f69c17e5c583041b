import { DataverseError } from '../../errors/dataverse-error.ts'

/** A place in a document, counted from 1. */
export interface Place {
  readonly line: number
  readonly column: number
}

/** Makes the error for a document that is not a whole, well-formed `$metadata` document. */
export function unreadable(found: string, place: Place, cause?: unknown): DataverseError {
  const { line, column } = place
  return new DataverseError('metadata_unreadable', {
    what: `The metadata document cannot be read at line ${line}, column ${column}: ${found}.`,
    why: 'It is not a whole CSDL 4.0 document, such as the Web API answers at $metadata.',
    remedy:
      'Read the document again. If it stays so, check that nothing answers in the place of the environment, or that the file was saved whole.',
    who: 'operator',
    retry: { when: 'later' },
    facts: { found, line, column },
    ...(cause === undefined ? {} : { cause }),
  })
}
