import { z } from 'zod'
import type { Created, DataverseClient, InputRow, RowKey, Upserted } from '../../dataverse/index.ts'
import { defineAction } from '../define-entry.ts'
import {
  objectTypeField,
  objectTypes,
  type ReadableTable,
  readTable,
} from '../fields/object-type.ts'
import { rowSchema } from '../fields/row-schema.ts'
import { idsToSearchOn, idToSearchOnField, searchKey } from '../fields/search-key.ts'
import { writeSchema } from '../fields/write-schema.ts'
import { withFields } from '../naming-field.ts'
import { partyColumns, upsertActivity } from './upsert/activity-parties.ts'

const config = z.object({ objectType: objectTypeField(), idToSearchOn: idToSearchOnField() })

/** Creates a row, or updates the one that has this id or alternate key. */
export const upsertObject = defineAction({
  name: 'upsertObject',
  title: 'Upsert Object',
  help: 'Updates the row that has this id or alternate key, or creates it.',
  order: 30,
  config,
  input: z.record(z.string(), z.unknown()),
  options: { objectTypes, idsToSearchOn },
  inputSchema: async ({ config, dataverse, signal }) => {
    const table = await readTable(dataverse, config.objectType, signal)
    return writeSchema(table, 'upsert', searchKey(table, config.idToSearchOn).naming)
  },
  outputSchema: async ({ config, dataverse, signal }) =>
    rowSchema(await readTable(dataverse, config.objectType, signal)),
  run: async function* ({ config, input, dataverse, signal }) {
    const table = await readTable(dataverse, config.objectType, signal)
    const search = searchKey(table, config.idToSearchOn)
    const row = search.rest(input)
    const key = search.keyOf(input)
    const {
      id,
      row: stored,
      outcome,
    } = await withFields({ key: search.field }, () => write(dataverse, table, key, row, signal))
    // An annotation of ours beside the service's own, so that it cannot be taken for a column.
    const told = outcome === 'written' ? {} : { '@fairlead.outcome': outcome }
    yield { kind: 'data', body: { ...stored, ...told }, ...(id === undefined ? {} : { id }) }
  },
})

async function write(
  dataverse: DataverseClient,
  table: ReadableTable,
  key: RowKey | undefined,
  row: InputRow,
  signal: AbortSignal,
): Promise<Pick<Created & Upserted, 'row' | 'outcome'> & { readonly id?: string }> {
  const { logicalName } = table
  const options = { returning: true, signal } as const
  if (key !== undefined && partyColumns(table, row).length > 0) {
    return upsertActivity(dataverse, table, key, row, signal)
  }
  if (key !== undefined) return dataverse.upsert(logicalName, key, row, options)
  return { ...(await dataverse.create(logicalName, row, options)), outcome: 'created' }
}
