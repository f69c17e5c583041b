import { Fault } from '../fault.ts'
import { hierarchyIds } from '../query/hierarchy.ts'
import type { Table } from '../schema/model.ts'
import type { Database } from '../store/database.ts'
import type { Reference } from '../store/rows.ts'
import { type Caller, missingPrivilege } from './membership.ts'
import { DEPTHS, type Right } from './rights.ts'

/** Says of a row whether a caller reaches it. */
export type Sight = (slot: number) => boolean

/** The rows of a table that a right reaches; undefined when those are all. */
export function sightOf(
  database: Database,
  caller: Caller,
  right: Right,
  table: Table,
): Sight | undefined {
  const depth = caller.rights.depth(right, table)
  const owner = table.byName.get('ownerid')
  if (depth === DEPTHS.Global || table.ownership !== 'UserOwned' || !owner) return undefined
  if (depth === DEPTHS.None) return () => false
  const rows = database.rows(table)
  const owners = new Set([caller.user.id, ...teamsOf(database, caller.user.id)])
  const units = unitsOf(database, caller.unit, depth)
  const unit = table.byName.get('owningbusinessunit')
  return (slot) => {
    const id = rows.text(slot, owner)
    // A row without an owner, as schemas without rules make them, belongs to all.
    if (id === null || owners.has(id)) return true
    const of = unit && units.size > 0 ? rows.text(slot, unit) : null
    return of !== null && units.has(of)
  }
}

/**
 * Checks that a right reaches one row.
 * @throws Fault 403: the privilege is missing, or it does not reach so far
 */
export function checkReach(
  database: Database,
  caller: Caller,
  right: Right,
  table: Table,
  slot: number,
): void {
  if (caller.rights.depth(right, table) === DEPTHS.None) {
    throw missingPrivilege(caller, right, table)
  }
  const sight = sightOf(database, caller, right, table)
  if (!sight || sight(slot)) return
  const id = database.rows(table).idOf(slot)
  throw new Fault(
    403,
    '0x80048306',
    `Principal with id ${caller.user.id} does not have ${right}Access right(s) for record with id ${id} of entity ${table.name}`,
  )
}

/** Checks the rights that a lookup needs: to append a row, and to append to the one it leads to. */
export function checkAppend(
  database: Database,
  caller: Caller,
  table: Table,
  target: Reference,
): void {
  const other = database.schema.tables.get(target.table)
  // Users, units and currencies are there for everybody.
  if (caller.rights.isFull || other?.ownership !== 'UserOwned') return
  if (table.ownership === 'UserOwned' && caller.rights.depth('Append', table) === DEPTHS.None) {
    throw missingPrivilege(caller, 'Append', table)
  }
  const slot = database.rows(other).slotOf(target.id)
  if (slot !== undefined) checkReach(database, caller, 'AppendTo', other, slot)
}

function unitsOf(database: Database, unit: string | null, depth: number): ReadonlySet<string> {
  if (unit === null || depth < DEPTHS.Local) return new Set()
  if (depth < DEPTHS.Deep) return new Set([unit])
  const units = database.rows('businessunit').table
  return new Set([unit, ...hierarchyIds(database, units.id, unit, 'below')])
}

function teamsOf(database: Database, user: string): readonly string[] {
  const between = database.schema.tables.get('teammembership')
  const member = between?.byName.get('systemuserid')
  const team = between?.byName.get('teamid')
  if (!between || !member || !team) return []
  const rows = database.rows(between)
  return rows.related(member, user).flatMap((slot) => rows.text(slot, team) ?? [])
}
