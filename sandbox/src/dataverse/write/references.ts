import { unknownReference } from '../batch/faults.ts'
import { badPayload, Fault, notSupported } from '../fault.ts'
import { readAddress } from '../http/address.ts'
import { findRow, readRowKey, rowMissing } from '../http/row-key.ts'
import type { Request } from '../request.ts'
import type { Table } from '../schema/model.ts'
import type { Reference } from '../store/rows.ts'

/**
 * Finds the row that a link names: absolute, from the root, or relative to the service.
 * @throws Fault 404 when there is no such row, 400 when the link is none
 */
export function followLink(request: Request, link: unknown, owner: Table): Reference {
  if (typeof link !== 'string') throw notALink(owner, JSON.stringify(link))
  const path = relativePath(request, resolveReference(request, link))
  const open = path.indexOf('(')
  const table = request.database.schema.sets.get(path.slice(0, Math.max(0, open)))
  if (open < 0 || !path.endsWith(')') || !table) throw unknownTarget(request, owner, link, path)
  const key = readRowKey(table, path.slice(open + 1, -1))
  const rows = request.database.rows(table)
  const slot = findRow(rows, key)
  if (slot === undefined) throw rowMissing(table, key)
  return { table: table.name, id: rows.idOf(slot) }
}

/** `$1` stands for the row that an earlier request of the same change set made. */
function resolveReference(request: Request, link: string): string {
  if (!link.startsWith('$')) return link
  const known = request.references.get(link.slice(1))
  if (known === undefined) throw unknownReference(link)
  return known
}

function relativePath(request: Request, link: string): string {
  const decoded = /^https?:\/\//i.test(link) ? fromAbsolute(request, link) : link
  return decoded.replace(/^\/api\/data\/v\d+\.\d+\//i, '').replace(/^\//, '')
}

/** An absolute link has to lead to this very organization. */
function fromAbsolute(request: Request, link: string): string {
  const url = new URL(link)
  const origins = [request.exchange.url.origin, ...request.identity.origins]
  const address = readAddress(url.pathname)
  if (!origins.includes(url.origin) || !address) {
    throw new Fault(400, '0x80060888', `The link '${link}' does not lead to this organization.`)
  }
  return decodeURIComponent(url.pathname)
}

function unknownTarget(request: Request, owner: Table, link: string, path: string): Fault {
  const set = path.slice(0, Math.max(0, path.indexOf('(')))
  const unserved = [...request.database.schema.unserved.values()].includes(set)
  return unserved ? notSupported(`rows of ${set}`) : notALink(owner, link)
}

function notALink(owner: Table, link: string): Fault {
  return badPayload(
    owner.set,
    `Microsoft.OData.ODataException: The value '${link}' is not a valid entity reference.`,
  )
}
