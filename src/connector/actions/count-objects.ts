import { z } from 'zod'
import { defineAction } from '../define-entry.ts'
import { checkboxField } from '../field.ts'
import { objectTypeField, objectTypes, readTable } from '../fields/object-type.ts'
import {
  expertModeField,
  filterSchema,
  namingFilter,
  rowFilter,
  termNumberField,
} from '../fields/row-filter.ts'

/** Counts the rows that match. */
export const countObjects = defineAction({
  name: 'countObjects',
  title: 'Count Objects',
  help: 'Counts the rows that match search terms or a filter expression.',
  order: 27,
  config: z.object({
    objectType: objectTypeField(),
    termNumber: termNumberField(
      20,
      'With 0, all terms that the input has are used; without any, all rows are counted.',
    ),
    expertMode: expertModeField(30),
    exact: checkboxField({
      label: 'Count exactly beyond 5000',
      help: 'Takes longer; otherwise the count stops at 5000, and says so.',
      order: 40,
    }),
  }),
  input: z.record(z.string(), z.unknown()),
  output: z.object({ count: z.int(), exact: z.boolean() }),
  options: { objectTypes },
  inputSchema: ({ config, dataverse, signal }) => filterSchema(config, dataverse, signal),
  run: async function* ({ config, input, dataverse, signal }) {
    const table = await readTable(dataverse, config.objectType, signal)
    const filter = rowFilter(table, config, input)
    const options = { exact: config.exact, signal }
    try {
      const { value, exact } = await dataverse.count(table.entitySetName, filter, options)
      yield { kind: 'data', body: { count: value, exact } }
    } catch (error) {
      throw namingFilter(error, config)
    }
  },
})
