import { z } from 'zod'
import type { JsonObject } from '../../kernel/index.ts'
import { type FieldName, invalidField } from '../connector-error.ts'
import { defineAction } from '../define-entry.ts'
import { A_TEXT, selectField } from '../field.ts'
import { readTable } from '../fields/object-type.ts'
import { namingField, namingQuery } from '../naming-field.ts'
import { pageSchema, rowMessages } from '../row-messages.ts'

const FETCH_XML: FieldName = { key: 'fetchXml', label: 'FetchXML' }

const config = z.object({
  emitBehavior: selectField({
    label: 'Emit Behavior',
    help: 'One message for every row, or one for every page of rows.',
    order: 10,
    model: { emitIndividually: 'Emit individually', emitPage: 'Emit page' },
    default: 'emitIndividually',
  }),
})

/** Runs a FetchXML query, all pages of it. */
export const fetchXmlQuery = defineAction({
  name: 'fetchXmlQuery',
  title: 'FetchXML Query',
  help: 'Finds rows by a query in FetchXML, aggregates too; all pages are read.',
  order: 25,
  config,
  input: z.object({
    fetchXml: z
      .string({ error: A_TEXT })
      .trim()
      .min(1, { error: A_TEXT })
      .meta({ title: FETCH_XML.label, description: 'Begins with <fetch>.' }),
  }),
  outputSchema: async ({ config: { emitBehavior } }) =>
    emitBehavior === 'emitIndividually' ? ROW : pageSchema(ROW),
  run: async function* ({ config, input: { fetchXml }, dataverse, signal }) {
    try {
      const table = await readTable(dataverse, tableIn(fetchXml), signal, FETCH_XML)
      const { entitySetName, primaryIdColumn: idColumn } = table
      const pages = dataverse.fetchPages(entitySetName, fetchXml, { signal })
      yield* rowMessages(pages, { byPage: config.emitBehavior === 'emitPage', idColumn })
    } catch (error) {
      throw namingQuery(namingField(error, { fetchXml: FETCH_XML }), FETCH_XML)
    }
  },
})

const ROW: JsonObject = { type: 'object', title: 'Row', additionalProperties: true }

// The query names its table itself; comments could hold another.
function tableIn(fetchXml: string): string {
  const plain = fetchXml.replace(/<!--[\s\S]*?-->/g, '')
  const name = /<entity\b[^>]*?\sname\s*=\s*["']([^"']*)["']/.exec(plain)?.[1]?.trim()
  if (name !== undefined && name !== '') return name
  throw invalidField(FETCH_XML, 'it names no table', 'Begin with <fetch><entity name="account">.')
}
