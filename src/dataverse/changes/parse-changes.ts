import type { JsonObject } from '../../kernel/index.ts'
import { parseGuid } from '../address/guid.ts'
import { unexpectedAnswer } from '../answer/json-answer.ts'
import { isRow, type Row } from '../read/pages.ts'

/** A row that was created or changed, with all that it holds now, or the id of one that was deleted. */
export type Change =
  | { readonly kind: 'upserted'; readonly row: Row }
  | { readonly kind: 'deleted'; readonly id: string }

/** What one answer of change tracking holds. */
export interface ParsedChanges {
  readonly changes: readonly Change[]
  readonly nextLink?: string
  readonly deltaLink?: string
}

/** Takes an answer as a page of changes. @throws DataverseError `unexpected_answer` */
export function parseChanges(answer: JsonObject, url: URL): ParsedChanges {
  const { value, '@odata.nextLink': nextLink, '@odata.deltaLink': deltaLink } = answer
  if (!Array.isArray(value) || !value.every(isRow)) {
    throw unexpectedAnswer(url, 'JSON that is no list of changes')
  }
  return {
    changes: value.map((row) => changeOf(row, url)),
    ...(typeof nextLink === 'string' ? { nextLink } : {}),
    ...(typeof deltaLink === 'string' ? { deltaLink } : {}),
  }
}

// A deleted row comes with an id and a reason of its own, and a context that tells it from a row whose
// columns happen to have these names.
function changeOf(row: Row, url: URL): Change {
  const context = row['@odata.context']
  if (typeof context !== 'string' || !/\/\$deletedEntity$/i.test(context)) {
    return { kind: 'upserted', row }
  }
  const text = typeof row['id'] === 'string' ? row['id'] : ''
  const id = parseGuid(/\(([^()]*)\)$/.exec(text)?.[1] ?? text)
  if (id === undefined) throw unexpectedAnswer(url, 'a deleted row without its id')
  return { kind: 'deleted', id }
}
