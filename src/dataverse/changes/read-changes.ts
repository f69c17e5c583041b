import type { JsonObject } from '../../kernel/index.ts'
import { checkLength, LONGEST_BATCHED_ADDRESS, resolveLink } from '../address/address.ts'
import type { CallOptions } from '../call-options.ts'
import { callOptions } from '../call-options.ts'
import { invalidArgument } from '../errors/dataverse-error.ts'
import { type Annotations, preferHeader } from '../query/prefer.ts'
import { propertyName } from '../query/property-name.ts'
import { formatQuery, wholeNumber } from '../query/query.ts'
import { refuseRepeated } from '../read/pages.ts'
import { parseCount } from '../read/read-operations.ts'
import type { Session } from '../session.ts'
import { deltaTokenOf, resolveCursor } from './cursor.ts'
import { type Change, type ParsedChanges, parseChanges } from './parse-changes.ts'
import { trackingError, trackingLost } from './tracking-error.ts'

/** How to read changes. */
export interface ChangeOptions extends CallOptions {
  /** Columns, lookups as `_primarycontactid_value`; without it all of them. */
  readonly select?: string | readonly string[]
  /** The cursor of a page read before, to go on from there; without it all rows are read first. */
  readonly since?: string
  /** Changes per page, 1 to 5000. */
  readonly pageSize?: number
  readonly annotations?: Annotations
}

/**
 * Some changes, and where to go on after them.
 *
 * @example
 * ```ts
 * import type { DataverseClient } from 'fairlead/dataverse'
 *
 * declare const client: DataverseClient
 * declare let since: string | undefined
 *
 * const options = { select: ['name'], ...(since === undefined ? {} : { since }) }
 * for await (const { changes, cursor } of client.changes('accounts', options)) {
 *   for (const change of changes) {
 *     console.log(change.kind === 'deleted' ? change.id : change.row['name'])
 *   }
 *   since = cursor
 * }
 * ```
 */
export interface ChangePage {
  readonly changes: readonly Change[]
  /**
   * To be kept once the changes are: given as `since`, it leads to the next page, or after the last one
   * to what has changed by then.
   */
  readonly cursor: string
  /** Whether there are no further changes for now. */
  readonly last: boolean
}

/** Reads a table's changes page by page; see `DataverseClient.changes`. */
export async function* readChanges(
  session: Session,
  entitySetName: string,
  options: ChangeOptions,
): AsyncGenerator<ChangePage, void, undefined> {
  refuseOthers(options)
  const call = session.begin(options)
  const seen = new Set<string>()
  let url = firstAddress(session, entitySetName, options)
  while (true) {
    const page = await readPage(session, entitySetName, url, { ...options, ...call })
    const { changes, nextLink, deltaLink } = page
    if (nextLink === undefined) {
      if (deltaLink === undefined) throw trackingLost(url, entitySetName)
      yield { changes, cursor: resolveLink(session.api, deltaLink, url).href, last: true }
      return
    }
    const next = resolveLink(session.api, nextLink, url)
    refuseRepeated(seen, next, url)
    yield { changes, cursor: next.href, last: false }
    url = next
  }
}

/** Counts the changes since a cursor, without reading them; the service counts up to 5000. */
export async function countChanges(
  session: Session,
  entitySetName: string,
  since: string,
  options: CallOptions,
): Promise<number> {
  const set = propertyName(entitySetName, 'entitySetName')
  const token = deltaTokenOf(resolveCursor(session, set, since, undefined))
  if (token === undefined) {
    throw invalidArgument(
      'since',
      'it is the cursor of a page in the middle, after which the service cannot count',
      'Read to the last page first.',
    )
  }
  const path = `${set}/$count?$deltatoken=${token}`
  const read = ({ body }: { readonly body: unknown }) => parseCount(body, path).value
  const headers = { accept: 'text/plain' }
  return named(set, () =>
    session.perform({ method: 'GET', path, headers, read }, callOptions(options)),
  )
}

// The service refuses these beside change tracking; the text says so where a type cannot.
function refuseOthers(options: ChangeOptions): void {
  const other = ['filter', 'orderby', 'expand', 'top'].find((name) => name in options)
  if (other === undefined) return
  throw invalidArgument(
    other,
    'Dataverse supports no filter, orderby, expand or top where changes are tracked',
    'Leave it out, and choose among the changes once they are read.',
  )
}

function firstAddress(session: Session, entitySetName: string, options: ChangeOptions): URL {
  const { select, since } = options
  const set = propertyName(entitySetName, 'entitySetName')
  const search = formatQuery(select === undefined ? {} : { select })
  const columns = new URLSearchParams(search).get('$select') ?? undefined
  if (since !== undefined) return resolveCursor(session, set, since, columns)
  const url = new URL(set, session.api.root)
  url.search = search
  return checkLength(url, LONGEST_BATCHED_ADDRESS)
}

async function readPage(
  session: Session,
  entitySetName: string,
  url: URL,
  options: ChangeOptions,
): Promise<ParsedChanges> {
  const { pageSize, annotations } = options
  if (pageSize !== undefined) wholeNumber(pageSize, 'pageSize')
  const headers = preferHeader({
    // A delta link tracks changes by itself.
    ...(deltaTokenOf(url) === undefined ? { trackChanges: true } : {}),
    ...(pageSize === undefined ? {} : { pageSize }),
    ...(annotations === undefined ? {} : { annotations }),
  })
  const answer = await named<JsonObject>(entitySetName, () =>
    session.json({ ...callOptions(options), url, headers }),
  )
  return parseChanges(answer, url)
}

async function named<Result>(entitySetName: string, call: () => Promise<Result>): Promise<Result> {
  try {
    return await call()
  } catch (error) {
    throw trackingError(error, entitySetName)
  }
}
