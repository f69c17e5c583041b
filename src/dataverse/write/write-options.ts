import { parseGuid } from '../address/guid.ts'
import { type DataverseError, invalidArgument } from '../errors/dataverse-error.ts'
import { type Annotations, preferHeader } from '../query/prefer.ts'
import { formatQuery, type Query } from '../query/query.ts'

/** In whose name a write happens: the user’s object id in Entra ID, or the id of the `systemuser` row. */
export type Impersonation = { readonly entraObjectId: string } | { readonly userId: string }

/** What the service sends back of a written row; `true` for all of it. */
export type Returning =
  | true
  | (Pick<Query, 'expand' | 'select'> & { readonly annotations?: Annotations })

/**
 * What a write may ask of the service beside the row itself.
 *
 * @see https://learn.microsoft.com/power-apps/developer/data-platform/optional-parameters
 */
export interface WriteOptions {
  /** Sends the written row back. */
  readonly returning?: Returning
  /** Refuses what the environment's rules take for a duplicate; the Web API does not look by itself. */
  readonly detectDuplicates?: boolean
  /** Leaves out custom logic: plug-ins and workflows that run at once, later, or both. Needs a privilege. */
  readonly bypassLogic?: 'all' | 'async' | 'sync'
  /** Leaves out these steps of plug-ins, by their ids. */
  readonly bypassSteps?: readonly string[]
  /** Starts no flows of Power Automate. */
  readonly suppressFlows?: boolean
  /** Adds what is written to this unmanaged solution, by its unique name. */
  readonly solution?: string
  readonly impersonate?: Impersonation
  /** A text for plug-ins to read. */
  readonly tag?: string
  /** The partition of an elastic table's row; for reading and deleting. */
  readonly partitionId?: string
  /** The session of an elastic table, so that its own writes are seen. */
  readonly sessionToken?: string
}

/** Writes the options that are headers. @throws DataverseError `invalid_argument` */
export function writeHeaders(options: WriteOptions): Readonly<Record<string, string>> {
  const { detectDuplicates, bypassLogic, bypassSteps, suppressFlows, solution } = options
  return {
    ...preferred(options.returning),
    ...header('mscrm.suppressduplicatedetection', detectDuplicates, (detect) => String(!detect)),
    ...header('mscrm.bypassbusinesslogicexecution', bypassLogic, (which) => BYPASS[which]),
    ...header('mscrm.bypassbusinesslogicexecutionstepids', bypassSteps, (steps) =>
      steps.map((id) => guidOf(id, 'bypassSteps')).join(','),
    ),
    ...(suppressFlows === true ? { 'mscrm.suppresscallbackregistrationexpanderjob': 'true' } : {}),
    ...header('mscrm.solutionuniquename', solution, (name) => solutionName(name)),
    ...impersonation(options.impersonate),
    ...header('mscrm.sessiontoken', options.sessionToken, (token) =>
      visible(token, 'sessionToken'),
    ),
  }
}

/** Writes the options that stand in the address, with the question mark before them, or nothing. */
export function writeSearch(
  options: WriteOptions,
  parts: { readonly partition?: boolean } = {},
): string {
  const { returning, tag, partitionId } = options
  const { select, expand } = returning === true || returning === undefined ? {} : returning
  const query = formatQuery({
    ...(select === undefined ? {} : { select }),
    ...(expand === undefined ? {} : { expand }),
  })
  // Writes ignore the partition in the address, and take it from the row.
  // https://learn.microsoft.com/power-apps/developer/data-platform/use-elastic-tables
  const all = [
    ...(query === '' ? [] : [query]),
    ...(tag === undefined ? [] : [`tag=${encoded(tag, 'tag')}`]),
    ...(partitionId === undefined || parts.partition !== true
      ? []
      : [`partitionId=${encoded(`'${partitionId.replaceAll("'", "''")}'`, 'partitionId')}`]),
  ]
  return all.length === 0 ? '' : `?${all.join('&')}`
}

/** Checks the version of a row, as `@odata.etag` gives it. @throws DataverseError `invalid_argument` */
export function etagOf(etag: string): string {
  if (/^(W\/)?"[\x21\x23-\x7e]{1,200}"$/.test(etag)) return etag
  throw invalidArgument(
    'etag',
    'it is no version of a row',
    'Give the row’s @odata.etag as it was read.',
  )
}

const BYPASS = {
  all: 'CustomSync,CustomAsync',
  async: 'CustomAsync',
  sync: 'CustomSync',
} as const

function preferred(returning: Returning | undefined): Readonly<Record<string, string>> {
  if (returning === undefined) return {}
  const { annotations } = returning === true ? {} : returning
  const { prefer } = preferHeader(annotations === undefined ? {} : { annotations })
  return { prefer: ['return=representation', ...(prefer === undefined ? [] : [prefer])].join(',') }
}

function impersonation(given: Impersonation | undefined): Readonly<Record<string, string>> {
  if (given === undefined) return {}
  return 'entraObjectId' in given
    ? { callerobjectid: guidOf(given.entraObjectId, 'impersonate') }
    : { mscrmcallerid: guidOf(given.userId, 'impersonate') }
}

function header<Value>(
  name: string,
  value: Value | undefined,
  write: (value: Value) => string,
): Readonly<Record<string, string>> {
  return value === undefined ? {} : { [name]: write(value) }
}

function guidOf(text: string, field: string): string {
  const guid = parseGuid(text)
  if (guid !== undefined) return guid
  throw invalidArgument(field, 'it is not a GUID', 'Give the id as a GUID.')
}

function solutionName(name: string): string {
  if (/^[A-Za-z_]\w{0,99}$/.test(name)) return name
  throw invalidArgument('solution', 'it is no unique name', 'Give the unique name of the solution.')
}

function visible(text: string, field: string): string {
  if (/^[\x21-\x7e]{1,4000}$/.test(text)) return text
  throw unusable(field)
}

function encoded(text: string, field: string): string {
  if (text.isWellFormed()) return encodeURIComponent(text)
  throw unusable(field)
}

function unusable(field: string): DataverseError {
  return invalidArgument(field, 'it has characters that cannot be sent', 'Give plain characters.')
}
