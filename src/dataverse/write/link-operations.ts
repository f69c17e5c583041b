import type { Json, JsonObject } from '../../kernel/index.ts'
import { parseGuid } from '../address/guid.ts'
import type { RowKey } from '../address/row-key.ts'
import type { Operation } from '../operation.ts'
import { propertyName } from '../query/property-name.ts'
import { addressOf, setOf, type WriteTable } from './row-operations.ts'
import { type WriteOptions, writeHeaders, writeSearch } from './write-options.ts'

/** One row, by its table and its key. */
export interface RowAddress {
  readonly table: Pick<WriteTable, 'entitySetName'>
  readonly key: RowKey
}

/** How many rows a navigation property leads to. */
export type NavigationKind = 'collection' | 'single'

type LinkOptions = Omit<WriteOptions, 'partitionId' | 'returning'>

/**
 * Links two rows by a navigation property of the first. It may be repeated: what is linked stays linked.
 *
 * @param root the Web API's address, by which the service is sure to know the other row
 * @see https://learn.microsoft.com/power-apps/developer/data-platform/webapi/associate-disassociate-entities-using-web-api
 */
export function associateOperation(
  { from, property, to, kind }: Link,
  root: string,
  options: LinkOptions = {},
): Operation<void> {
  return {
    method: kind === 'single' ? 'PUT' : 'POST',
    path: `${pathOf(from)}/${propertyName(property, 'property')}/$ref${writeSearch(options)}`,
    headers: writeHeaders(options),
    body: { '@odata.id': `${root}${pathOf(to)}` },
    idempotent: true,
    // A link that a first sending made is refused as a duplicate.
    allowRepeated: [409, 412],
    read: () => undefined,
  }
}

/** What links two rows. */
export interface Link {
  readonly from: RowAddress
  /** The navigation property of `from`, in the service's own case. */
  readonly property: string
  readonly to: RowAddress
  readonly kind: NavigationKind
}

/** Parts two rows: by `to` out of a collection, or whatever a single-valued property refers to. */
export function disassociateOperation(
  { from, property, to, kind }: Omit<Link, 'to'> & { readonly to?: RowAddress },
  root: string,
  options: LinkOptions = {},
): Operation<void> {
  const way = `${pathOf(from)}/${propertyName(property, 'property')}`
  return {
    method: 'DELETE',
    path: parted(way, kind === 'collection' ? to : undefined, root, writeSearch(options)),
    headers: writeHeaders(options),
    idempotent: true,
    allowRepeated: [404],
    read: () => undefined,
  }
}

/** Replaces all parties of an activity at once: the one collection that an update may write whole. */
export function setPartiesOperation(
  activity: RowAddress,
  property: string,
  parties: readonly JsonObject[],
  options: LinkOptions = {},
): Operation<void> {
  return {
    method: 'PUT',
    path: `${pathOf(activity)}/${propertyName(property, 'property')}${writeSearch(options)}`,
    headers: writeHeaders(options),
    body: { value: parties },
    idempotent: true,
    read: () => undefined,
  }
}

/** Reads a single column of a row; `null` where it has no value. */
export function columnOperation(row: RowAddress, column: string): Operation<Json> {
  return {
    method: 'GET',
    path: `${pathOf(row)}/${propertyName(column)}`,
    read: ({ body }) =>
      typeof body === 'object' && body !== null && 'value' in body ? body['value'] : null,
  }
}

/** Writes a single column of a row. */
export function setColumnOperation(
  row: RowAddress,
  column: string,
  value: Json,
  options: LinkOptions = {},
): Operation<void> {
  return {
    method: value === null ? 'DELETE' : 'PUT',
    path: `${pathOf(row)}/${propertyName(column)}${writeSearch(options)}`,
    headers: writeHeaders(options),
    ...(value === null ? {} : { body: { value } }),
    idempotent: true,
    read: () => undefined,
  }
}

function pathOf({ table, key }: RowAddress): string {
  return `${setOf(table)}${addressOf(key)}`
}

// A row that is known by its id is named in the path, any other by its whole address.
function parted(way: string, to: RowAddress | undefined, root: string, search: string): string {
  if (to === undefined) return `${way}/$ref${search}`
  const id = parseGuid(addressOf(to.key).slice(1, -1))
  if (id !== undefined) return `${way}(${id})/$ref${search}`
  const whole = encodeURIComponent(`${root}${pathOf(to)}`)
  return `${way}/$ref?$id=${whole}${search.replace('?', '&')}`
}
