import { resolveLink } from '../address/address.ts'
import { invalidArgument } from '../errors/dataverse-error.ts'
import type { Session } from '../session.ts'

/** Resolves a cursor that comes back in: it must lead to the changes of this table in this environment. */
export function resolveCursor(
  session: Session,
  entitySetName: string,
  since: string,
  select: string | undefined,
): URL {
  const { root } = session.api
  const url = resolveLink(session.api, since, root)
  const tracked = url.searchParams.has('$deltatoken') || url.searchParams.has('$skiptoken')
  if (url.pathname.split('/').at(-1) !== entitySetName || !tracked) {
    throw invalidArgument(
      'since',
      `it is not a cursor of the changes of ${entitySetName}`,
      'Give the cursor of the last page of changes of this table, or leave it out to read in full.',
    )
  }
  const made = url.searchParams.get('$select')
  if (select !== undefined && made !== null && !sameNames(select, made)) {
    throw invalidArgument(
      'since',
      'the cursor was made for other columns, and its pages would lack the new ones',
      'Read in full, without since, for a cursor with these columns.',
    )
  }
  return url
}

/** The delta token of a cursor, as it stands there; none in one of a page in the middle. */
export function deltaTokenOf(url: URL): string | undefined {
  return /[?&](?:\$|%24)deltatoken=([^&]+)/.exec(url.search)?.[1]
}

function sameNames(left: string, right: string): boolean {
  const sorted = (names: string) =>
    names
      .split(',')
      .map((name) => name.trim())
      .toSorted()
      .join(',')
  return sorted(left) === sorted(right)
}
