import { pickTables } from '../metadata/csdl/pick-tables.ts'
import { readModel } from '../metadata/csdl/read-model.ts'
import { tableOfModel } from '../metadata/csdl/table-of-model.ts'
import { writeTypes } from './write-types.ts'

/**
 * Writes TypeScript for tables of a saved `$metadata` document.
 *
 * @throws DataverseError `metadata_unreadable`, `invalid_argument` for a table that it lacks
 */
export async function typesOfDocument(
  chunks: AsyncIterable<Uint8Array>,
  tables: readonly string[],
  options: { readonly signal?: AbortSignal } = {},
): Promise<string> {
  const model = await readModel(chunks, options)
  // Refuses a table that is not there, with the names that are near.
  pickTables(model, tables)
  const definitions = tables.map((table) => tableOfModel(model, table))
  return writeTypes(definitions, { source: 'a $metadata document' })
}
