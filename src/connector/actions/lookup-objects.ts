import { z } from 'zod'
import { propertyOf, type Query, type TableDefinition } from '../../dataverse/index.ts'
import { defineAction } from '../define-entry.ts'
import { integerField, selectField, textField } from '../field.ts'
import { findColumn, splitNames } from '../fields/columns.ts'
import { expandedProperties, expansionsOf } from '../fields/expansions.ts'
import { objectTypeField, objectTypes, readTable } from '../fields/object-type.ts'
import {
  expertModeField,
  filterSchema,
  namingFilter,
  rowFilter,
  termNumberField,
} from '../fields/row-filter.ts'
import { rowSchema } from '../fields/row-schema.ts'
import { pageSchema, rowMessages } from '../row-messages.ts'

const config = z.object({
  objectType: objectTypeField(),
  emitBehavior: selectField({
    label: 'Emit Behavior',
    help: 'One message for every row, or one for every page of rows.',
    order: 20,
    model: { emitIndividually: 'Emit individually', emitPage: 'Emit page' },
    default: 'emitIndividually',
  }),
  termNumber: termNumberField(30, 'With 0, all terms that the input has are used.'),
  expertMode: expertModeField(40),
  pageSize: integerField({
    label: 'Page Size',
    help: 'Rows per page, from 1 to 1000.',
    order: 50,
    min: 1,
    max: 1000,
    default: 100,
  }),
  selectFields: textField({
    label: 'Select fields',
    help: 'Columns, separated by commas; left empty, all of them.',
    placeholder: 'name,accountnumber',
    order: 60,
  }),
  expandFields: textField({
    label: 'Expand fields',
    help: 'Lookups to expand, or the parties of an activity, separated by commas.',
    placeholder: 'createdby,primarycontactid',
    order: 70,
  }),
})

type Config = z.infer<typeof config>

/** Looks up rows of a table by search terms or by a filter expression. */
export const lookupObjects = defineAction({
  name: 'lookupObjects',
  title: 'Lookup Objects (plural)',
  help: 'Finds rows of a table, all pages of them.',
  order: 20,
  config,
  input: z.record(z.string(), z.unknown()),
  options: { objectTypes },
  inputSchema: ({ config, dataverse, signal }) => filterSchema(config, dataverse, signal),
  outputSchema: async ({ config, dataverse, signal }) => {
    const table = await readTable(dataverse, config.objectType, signal)
    const expansions = expansionsOf(table, config.expandFields)
    const along = await expandedProperties(expansions, dataverse, signal)
    const row = rowSchema(table, selectedColumns(table, config), along)
    return config.emitBehavior === 'emitIndividually' ? row : pageSchema(row)
  },
  run: async function* ({ config, input, dataverse, signal }) {
    const table = await readTable(dataverse, config.objectType, signal)
    const query = lookupQuery(table, config, input)
    const { entitySetName, primaryIdColumn: idColumn } = table
    const { pageSize, emitBehavior } = config
    const pages = dataverse.pages(entitySetName, query, { pageSize, signal })
    try {
      yield* rowMessages(pages, { byPage: emitBehavior === 'emitPage', idColumn })
    } catch (error) {
      throw namingFilter(error, config)
    }
  },
})

/** Makes the query of one look-up. @throws ConnectorError naming the field that cannot be used */
function lookupQuery(
  table: TableDefinition,
  config: Config,
  input: Readonly<Record<string, unknown>>,
): Query {
  const filter = rowFilter(table, config, input)
  const select = selectedColumns(table, config)
  const expand = expansionsOf(table, config.expandFields).map(({ property }) => ({ property }))
  return {
    ...(filter === undefined ? {} : { filter }),
    ...(select.length === 0 ? {} : { select }),
    ...(expand.length === 0 ? {} : { expand }),
  }
}

function selectedColumns(table: TableDefinition, { selectFields }: Config): readonly string[] {
  const field = { key: 'selectFields', label: 'Select fields' }
  const names = splitNames(selectFields).map((name) => propertyOf(findColumn(table, name, field)))
  return [...new Set(names)]
}
