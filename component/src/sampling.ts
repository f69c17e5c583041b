import { isObject, type Json } from '../../src/kernel/index.ts'
import { ComponentError } from './component-error.ts'

/** The rows that a sample shows at most. */
export const MOST_SAMPLE_ROWS = 10

/** Counts the rows of a body: a page has many. */
export function rowsIn(body: Json): number {
  const results = resultsOf(body)
  return results === undefined ? 1 : results.length
}

/** Cuts a page of rows to what a sample has room for. */
export function sampleOf(body: Json, room: number): Json {
  const results = resultsOf(body)
  return results === undefined ? body : { results: results.slice(0, room) }
}

/** Says that nothing came out, where a running flow would pass on nothing. */
export function nothingToSample(): ComponentError {
  return new ComponentError('no_objects_for_sample', {
    what: 'There is nothing that a sample could show.',
    why: 'Nothing came out for this configuration and input.',
    remedy:
      'Choose a configuration that finds something. In a running flow this is no error: nothing is passed on.',
  })
}

/** The rows of a page; nothing where a body is something else. */
export function resultsOf(body: Json): readonly Json[] | undefined {
  const results = isObject(body) && Object.keys(body).length === 1 ? body['results'] : undefined
  return Array.isArray(results) ? results : undefined
}
