import { DataverseError, type Filter, formatFilter, where } from '../../dataverse/index.ts'
import type { JsonObject } from '../../kernel/index.ts'
import { invalidField, missingField } from '../connector-error.ts'
import { isBlank } from '../field.ts'

/** The input field that holds a whole filter. */
export const EXPERT_FIELD = { key: 'filterExpression', label: 'Filter Expression' }

/** Describes the input of a filter expression, for forms. */
export const EXPERT_INPUT: JsonObject = {
  type: 'object',
  required: [EXPERT_FIELD.key],
  properties: {
    filterExpression: { type: 'string', title: EXPERT_FIELD.label },
  },
}

/** Takes an expression as a condition. @throws ConnectorError naming the field */
export function expertFilter(expression: unknown): Filter {
  if (isBlank(expression)) {
    throw missingField(
      EXPERT_FIELD,
      "Give an expression such as name eq 'Contoso'; without Expert Mode, search terms are read.",
    )
  }
  if (typeof expression !== 'string') {
    throw invalidField(EXPERT_FIELD, 'it is not a text', 'Give an expression in OData.')
  }
  if (!expression.isWellFormed()) {
    throw invalidField(EXPERT_FIELD, 'it holds half a character', 'Use whole Unicode characters.')
  }
  // People paste expressions from addresses, with the name of the option before them.
  const filter = where.text(expression.replace(/^[\s?&]*\$filter\s*=/, ''))
  try {
    formatFilter(filter)
    return filter
  } catch (error) {
    if (!(error instanceof DataverseError)) throw error
    const { why, remedy } = error.explanation
    const { position } = error.facts
    const place = typeof position === 'number' ? `at character ${position + 1}, ` : ''
    throw invalidField(EXPERT_FIELD, `${place}${why}`, remedy, error)
  }
}
