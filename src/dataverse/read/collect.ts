import { DataverseError, invalidArgument } from '../errors/dataverse-error.ts'

/**
 * Collects what an iterable yields, up to a limit that has to be named; more is an error, so that
 * nothing is ever silently cut off or held without bound.
 *
 * @throws DataverseError `too_many_rows`
 */
export async function collect<Item>(items: AsyncIterable<Item>, limit: number): Promise<Item[]> {
  if (!(limit >= 0)) {
    throw invalidArgument('limit', 'it is no number of rows', 'Give the most rows to hold.')
  }
  const collected: Item[] = []
  for await (const item of items) {
    if (collected.length >= limit) throw tooMany(limit)
    collected.push(item)
  }
  return collected
}

function tooMany(limit: number): DataverseError {
  return new DataverseError('too_many_rows', {
    what: `There are more than ${limit} rows.`,
    why: 'They were to be held in memory at once, up to this limit.',
    remedy: 'Read them one by one, or ask for fewer by a filter or $top.',
    facts: { limit },
  })
}
