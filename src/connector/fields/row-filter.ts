import type { DataverseClient, Filter, TableDefinition } from '../../dataverse/index.ts'
import type { JsonObject } from '../../kernel/index.ts'
import { checkboxField, integerField } from '../field.ts'
import { namingQuery } from '../naming-field.ts'
import { EXPERT_FIELD, EXPERT_INPUT, expertFilter } from './expert-filter.ts'
import { readTable } from './object-type.ts'
import { MOST_TERMS, parseTerms, termsSchema } from './search-terms.ts'

/** The fields that say how rows are filtered: by search terms, or by one expression. */
export interface FilterConfig {
  readonly termNumber: number
  readonly expertMode: boolean
}

/** The field for how many search terms there are. */
export function termNumberField(order: number, help: string) {
  return integerField({
    label: 'Number of search terms',
    help,
    order,
    min: 0,
    max: MOST_TERMS,
    default: 0,
  })
}

/** The field that has an expression read in the place of search terms. */
export function expertModeField(order: number) {
  return checkboxField({
    label: 'Expert Mode for Filter Expression',
    help: 'The input is then one filter expression in OData.',
    order,
  })
}

/** Describes the input of a filter, for forms. */
export async function filterSchema(
  { objectType, termNumber, expertMode }: FilterConfig & { readonly objectType: string },
  dataverse: DataverseClient,
  signal: AbortSignal | undefined,
): Promise<JsonObject> {
  if (expertMode) return EXPERT_INPUT
  return termsSchema(await readTable(dataverse, objectType, signal), termNumber)
}

/** Reads the filter of an input; none where it has none. @throws ConnectorError naming the field */
export function rowFilter(
  table: TableDefinition,
  { termNumber, expertMode }: FilterConfig,
  input: Readonly<Record<string, unknown>>,
): Filter | undefined {
  return expertMode ? expertFilter(input[EXPERT_FIELD.key]) : parseTerms(table, input, termNumber)
}

/** Gives what the service could not read of a query the name of the field with the filter. */
export function namingFilter(error: unknown, { expertMode }: FilterConfig): unknown {
  return namingQuery(error, expertMode ? EXPERT_FIELD : { key: 'input' })
}
