import type { Row } from '../dataverse/index.ts'
import type { JsonObject } from '../kernel/index.ts'
import type { Output } from './context.ts'

/** Makes the message of a row, which has the id of the row. */
export function rowMessage(row: Row, idColumn = ''): Output {
  const id = row[idColumn]
  return { kind: 'data', body: row, ...(typeof id === 'string' ? { id } : {}) }
}

/** Makes a message of every row, or of every page; where nothing was found, of one empty page. */
export async function* rowMessages(
  pages: AsyncIterable<{ readonly rows: readonly Row[] }>,
  { byPage, idColumn = '' }: { readonly byPage: boolean; readonly idColumn?: string | undefined },
): AsyncGenerator<Output, void, undefined> {
  let found = false
  for await (const { rows } of pages) {
    // A service may send empty pages between others.
    if (rows.length === 0) continue
    found = true
    if (byPage) yield { kind: 'data', body: { results: rows } }
    else for (const row of rows) yield rowMessage(row, idColumn)
  }
  if (byPage && !found) yield { kind: 'data', body: { results: [] } }
}

/** Describes a message with many of what one schema describes. */
export function pageSchema(items: JsonObject): JsonObject {
  return { type: 'object', properties: { results: { type: 'array', items } } }
}
