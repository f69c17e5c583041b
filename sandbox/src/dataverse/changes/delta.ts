import { badQuery } from '../fault.ts'
import type { Table } from '../schema/model.ts'
import type { Database } from '../store/database.ts'
import { expired } from './token.ts'

/** A row that is new or updated, or the id of one that is gone. */
export type Change =
  | { readonly kind: 'row'; readonly slot: number; readonly version: number }
  | { readonly kind: 'deleted'; readonly id: string; readonly version: number }

/** Up to where the pages of a delta have come: rows go first, then deletions. */
export interface Place {
  readonly kind: Change['kind']
  readonly version: number
}

/** Which versions a delta spans. */
export interface Span {
  /** The version that the client has seen. */
  readonly after: number
  /** Later ones belong to the next delta. */
  readonly until: number
}

/**
 * Finds the changes of a table: rows by version, then deletions by version.
 * @throws Fault 0x80044352 when deletions of that span are forgotten
 */
export function findChanges(
  database: Database,
  table: Table,
  { after, until }: Span,
  place?: Place,
): Change[] {
  const rows = database.rows(table)
  const stones = database.deletedSince(table.name, after)
  if (!stones) throw expired()
  const changes: Change[] = []
  const column = table.byName.get('versionnumber')
  if (column && place?.kind !== 'deleted') {
    const from = place?.version ?? after
    for (const slot of rows.slotsAfter(undefined)) {
      const version = rows.number(slot, column) ?? 0
      if (version > from && version <= until) changes.push({ kind: 'row', slot, version })
    }
    changes.sort((a, b) => a.version - b.version)
  }
  const from = place?.kind === 'deleted' ? place.version : after
  for (const { id, version } of stones) {
    // A row that is there again is a change of that row.
    if (version <= from || version > until || rows.slotOf(id) !== undefined) continue
    changes.push({ kind: 'deleted', id, version })
  }
  return changes
}

/** Writes the inner cookie of a page of changes. */
export function writePlace(page: number, token: string, last: Change): string {
  const name = last.kind === 'row' ? 'versionnumber' : 'deleted'
  return `<cookie page="${page}" token="${token}"><${name} last="${last.version}" /></cookie>`
}

/** Reads an inner cookie of a page of changes. */
export function readPlace(inner: string): { page: number; token: string; place: Place } {
  const match =
    /^<cookie page="(\d{1,9})" token="([^"]*)"><(versionnumber|deleted) last="(\d{1,15})" \/><\/cookie>$/.exec(
      inner,
    )
  if (!match) throw badQuery('Malformed XML in the Paging Cookie')
  const kind = match[3] === 'deleted' ? 'deleted' : 'row'
  return {
    page: Number(match[1]),
    token: match[2] ?? '',
    place: { kind, version: Number(match[4]) },
  }
}
