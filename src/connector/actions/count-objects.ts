import { z } from 'zod'
import { defineAction } from '../define-entry.ts'
import { checkboxField, integerField } from '../field.ts'
import { EXPERT_FIELD, EXPERT_INPUT, expertFilter } from '../fields/expert-filter.ts'
import { objectTypeField, objectTypes, readTable } from '../fields/object-type.ts'
import { MOST_TERMS, parseTerms, termsSchema } from '../fields/search-terms.ts'
import { namingQuery } from '../naming-field.ts'

/** Counts the rows that match. */
export const countObjects = defineAction({
  name: 'countObjects',
  title: 'Count Objects',
  help: 'Counts the rows that match search terms or a filter expression.',
  order: 27,
  config: z.object({
    objectType: objectTypeField(),
    termNumber: integerField({
      label: 'Number of search terms',
      help: 'With 0, all terms that the input has are used; without any, all rows are counted.',
      order: 20,
      min: 0,
      max: MOST_TERMS,
      default: 0,
    }),
    expertMode: checkboxField({
      label: 'Expert Mode for Filter Expression',
      help: 'The input is then one filter expression in OData.',
      order: 30,
    }),
    exact: checkboxField({
      label: 'Count exactly beyond 5000',
      help: 'Takes longer; otherwise the count stops at 5000, and says so.',
      order: 40,
    }),
  }),
  input: z.record(z.string(), z.unknown()),
  output: z.object({ count: z.int(), exact: z.boolean() }),
  options: { objectTypes },
  inputSchema: async ({ config, dataverse, signal }) => {
    if (config.expertMode) return EXPERT_INPUT
    return termsSchema(await readTable(dataverse, config.objectType, signal), config.termNumber)
  },
  run: async function* ({ config, input, dataverse, signal }) {
    const table = await readTable(dataverse, config.objectType, signal)
    const filter = config.expertMode
      ? expertFilter(input['filterExpression'])
      : parseTerms(table, input, config.termNumber)
    const options = { exact: config.exact, signal }
    try {
      const { value, exact } = await dataverse.count(table.entitySetName, filter, options)
      yield { kind: 'data', body: { count: value, exact } }
    } catch (error) {
      throw namingQuery(error, config.expertMode ? EXPERT_FIELD : { key: 'input' })
    }
  },
})
