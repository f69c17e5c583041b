import type { AccessTokenClaims } from '../../identity.ts'
import { Fault } from '../fault.ts'
import { metadataId } from '../metadata/labels.ts'
import type { Table } from '../schema/model.ts'
import type { Member } from '../seed/people.ts'
import type { Database } from '../store/database.ts'
import type { Reference } from '../store/rows.ts'

export type Right = 'Read' | 'Create' | 'Write' | 'Delete'

/** Who sent a request, once he is let in. */
export interface Caller {
  readonly user: Reference
  readonly unit: string | null
  readonly roles: ReadonlySet<string>
}

interface Seat {
  readonly member: Member
  readonly user: Reference
  readonly roles: Set<string>
}

/** Rows that belong to rows of users: who may change those may change these. */
const DEPENDENT = new Set(['activityparty'])
const FULL = new Set(['System Administrator', 'System Customizer'])

/** The people of one organization: who may enter, and what each may do. */
export class Membership {
  readonly #database: Database
  readonly #seats = new Map<string, Seat>()
  #adminMode = false

  constructor(database: Database) {
    this.#database = database
  }

  add(member: Member, user: Reference): void {
    this.#seats.set(member.entraObjectId, { member, user, roles: new Set(member.roles) })
  }

  remove(entraObjectId: string): boolean {
    return this.#seats.delete(entraObjectId)
  }

  setAdminMode(on: boolean): void {
    this.#adminMode = on
  }

  setDisabled(entraObjectId: string, disabled: boolean): boolean {
    const seat = this.#seats.get(entraObjectId)
    const rows = this.#database.rows('systemuser')
    const slot = seat && rows.slotOf(seat.user.id)
    const column = rows.table.byName.get('isdisabled')
    if (slot === undefined || !column) return false
    rows.update(slot, new Map([[column, disabled ? 1 : 0]]))
    return true
  }

  setRole(entraObjectId: string, role: string, held: boolean): boolean {
    const seat = this.#seats.get(entraObjectId)
    if (!seat) return false
    if (held) seat.roles.add(role)
    else seat.roles.delete(role)
    return true
  }

  list(): readonly { member: Member; systemUserId: string; roles: readonly string[] }[] {
    return [...this.#seats.values()].map(({ member, user, roles }) => ({
      member,
      systemUserId: user.id,
      roles: [...roles],
    }))
  }

  /**
   * Lets the bearer of a token in.
   * @throws Fault 403 with the code that says what he lacks
   */
  enter(claims: AccessTokenClaims): Caller {
    const seat = this.#seatOf(claims)
    const rows = this.#database.rows('systemuser')
    const slot = seat && rows.slotOf(seat.user.id)
    if (!seat || slot === undefined) {
      throw new Fault(403, '0x80072560', 'The user is not a member of the organization.')
    }
    const disabled = rows.table.byName.get('isdisabled')
    const unit = rows.table.byName.get('businessunitid')
    if (disabled && rows.number(slot, disabled) === 1) {
      throw new Fault(
        403,
        '0x80040225',
        'The specified user is either disabled or is not a member of any business unit.',
      )
    }
    if (seat.roles.size === 0) {
      throw new Fault(403, '0x80042f09', 'The user has not been assigned any roles.')
    }
    if (this.#adminMode && !isFull(seat.roles)) {
      throw new Fault(
        403,
        '0x8004a113',
        'User does not have required privileges (or role membership) to access the org when it is in Admin Only mode.',
      )
    }
    return { user: seat.user, unit: unit ? rows.text(slot, unit) : null, roles: seat.roles }
  }

  /** An application user is known by its application, a person by his object id. */
  #seatOf(claims: AccessTokenClaims): Seat | undefined {
    if (claims.scp !== undefined) {
      const seat = this.#seats.get(claims.oid)
      return seat?.member.applicationId === undefined ? seat : undefined
    }
    return [...this.#seats.values()].find(
      ({ member }) => member.applicationId?.toLowerCase() === claims.appid.toLowerCase(),
    )
  }
}

/**
 * Checks that a caller's roles give a right on a table.
 * @throws Fault 403 naming the privilege
 */
export function checkRight(caller: Caller, right: Right, table: Table): void {
  if (isFull(caller.roles) || right === 'Read') return
  const reads = caller.roles.size === 1 && caller.roles.has('Service Reader')
  const owned = table.ownership === 'UserOwned' || DEPENDENT.has(table.name)
  if (owned && !reads) return
  throw missingPrivilege(caller, right, table)
}

/**
 * Checks that a caller may read all rows of a table, whoever owns them.
 * @throws Fault 403 naming the privilege
 */
export function checkOrganizationRead(caller: Caller, table: Table): void {
  if (isFull(caller.roles) || caller.roles.has('Service Reader')) return
  throw missingPrivilege(caller, 'Read', table)
}

function missingPrivilege(caller: Caller, right: Right, table: Table): Fault {
  const privilege = `prv${right}${table.schemaName}`
  return new Fault(
    403,
    '0x80040220',
    `Principal user (Id=${caller.user.id}, type=8, roleCount=${caller.roles.size}) is missing ${privilege} privilege (Id=${metadataId(privilege)}) on OTC=${table.typeCode} for entity '${table.name}'. context.Caller=${caller.user.id}`,
  )
}

/** Whether the caller may whatever needs a privilege of its own. */
export function holdsAllRights(caller: Caller): boolean {
  return isFull(caller.roles)
}

function isFull(roles: ReadonlySet<string>): boolean {
  return [...roles].some((role) => FULL.has(role))
}
