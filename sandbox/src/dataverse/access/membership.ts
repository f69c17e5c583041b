import type { AccessTokenClaims } from '../../identity.ts'
import { Fault } from '../fault.ts'
import { metadataId } from '../metadata/labels.ts'
import type { Table } from '../schema/model.ts'
import type { Member } from '../seed/people.ts'
import type { Database } from '../store/database.ts'
import type { Reference } from '../store/rows.ts'
import {
  bothRights,
  type CustomRole,
  DEPTHS,
  privilegeName,
  type Right,
  type Rights,
  rightsOf,
} from './rights.ts'

/** Who sent a request, once he is let in. */
export interface Caller {
  readonly user: Reference
  readonly unit: string | null
  readonly roles: ReadonlySet<string>
  readonly rights: Rights
  /** Who really sent it, where he acts for the user. */
  readonly actual?: Reference
}

interface Seat {
  readonly member: Member
  readonly user: Reference
  readonly roles: Set<string>
}

/** The people of one organization: who may enter, and what each may do. */
export class Membership {
  readonly #database: Database
  readonly #seats = new Map<string, Seat>()
  readonly #custom = new Map<string, CustomRole>()
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

  /** The roles that tests have made. */
  customRoles(): ReadonlyMap<string, CustomRole> {
    return this.#custom
  }

  setCustomRole(name: string, privileges: CustomRole): void {
    this.#custom.set(name, privileges)
  }

  removeCustomRole(name: string): boolean {
    return this.#custom.delete(name)
  }

  /**
   * Lets the bearer of a token in.
   * @throws Fault 403 with the code that says what he lacks
   */
  enter(claims: AccessTokenClaims): Caller {
    const caller = this.#admit(this.#seatOf(claims))
    if (this.#adminMode && !caller.rights.isFull) {
      throw new Fault(
        403,
        '0x8004a113',
        'User does not have required privileges (or role membership) to access the org when it is in Admin Only mode.',
      )
    }
    return caller
  }

  /**
   * Lets a caller act for another user, whom a header names by his Entra object id or his user id.
   * https://learn.microsoft.com/power-apps/developer/data-platform/webapi/impersonate-another-user-web-api
   * @throws Fault 403 when he may not, or the other one is nobody
   */
  impersonate(
    caller: Caller,
    by: { readonly objectId?: string; readonly userId?: string },
  ): Caller {
    if (!caller.rights.holds('prvActOnBehalfOfAnotherUser')) {
      throw new Fault(
        403,
        '0x8004a110',
        'User does not have the privilege to act on behalf another user.',
      )
    }
    const seats = [...this.#seats.values()]
    const seat = seats.find(
      ({ member, user }) =>
        member.entraObjectId === by.objectId?.toLowerCase() || user.id === by.userId?.toLowerCase(),
    )
    const other = this.#admit(seat)
    const rights = bothRights(caller.rights, other.rights)
    return { ...other, rights, actual: caller.user }
  }

  /** What the user of a row may, whoever asks; undefined when nobody signs in as him. */
  callerOf(userId: string): Caller | undefined {
    const seat = [...this.#seats.values()].find(({ user }) => user.id === userId)
    return seat && this.#callerOf(seat)
  }

  #callerOf({ user, roles }: Seat): Caller {
    const rows = this.#database.rows('systemuser')
    const slot = rows.slotOf(user.id)
    const unit = rows.table.byName.get('businessunitid')
    return {
      user,
      unit: slot !== undefined && unit ? rows.text(slot, unit) : null,
      roles,
      rights: rightsOf(roles, this.#custom),
    }
  }

  #admit(seat: Seat | undefined): Caller {
    const rows = this.#database.rows('systemuser')
    const slot = seat && rows.slotOf(seat.user.id)
    if (!seat || slot === undefined) {
      throw new Fault(403, '0x80072560', 'The user is not a member of the organization.')
    }
    const disabled = rows.table.byName.get('isdisabled')
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
    return this.#callerOf(seat)
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
 * Checks that a caller's roles give a right on a table, on whichever of its rows.
 * @throws Fault 403 naming the privilege
 */
export function checkRight(caller: Caller, right: Right, table: Table): void {
  if (caller.rights.depth(right, table) === DEPTHS.None) {
    throw missingPrivilege(caller, right, table)
  }
}

/**
 * Checks that a caller may read all rows of a table, whoever owns them.
 * @throws Fault 403 naming the privilege
 */
export function checkOrganizationRead(caller: Caller, table: Table): void {
  if (caller.rights.depth('Read', table) === DEPTHS.Global) return
  throw missingPrivilege(caller, 'Read', table)
}

/** The refusal of a caller without a privilege. */
export function missingPrivilege(caller: Caller, right: Right, table: Table): Fault {
  const privilege = privilegeName(right, table)
  return new Fault(
    403,
    '0x80040220',
    `Principal user (Id=${caller.user.id}, type=8, roleCount=${caller.roles.size}) is missing ${privilege} privilege (Id=${metadataId(privilege)}) on OTC=${table.typeCode} for entity '${table.name}'. context.Caller=${caller.user.id}`,
  )
}
