import type { Table } from '../schema/model.ts'

export const RIGHTS = ['Read', 'Create', 'Write', 'Delete', 'Append', 'AppendTo', 'Assign'] as const
export type Right = (typeof RIGHTS)[number]

/** How far a privilege reaches: nowhere, own rows, those of the business unit, of those below, all. */
export const DEPTHS = { None: 0, Basic: 1, Local: 2, Deep: 4, Global: 8 } as const
/** The larger, the further. */
export type Depth = number

/** Privileges that are about no table. */
export const SPECIAL = [
  'prvActOnBehalfOfAnotherUser',
  'prvBypassCustomPlugins',
  'prvBypassCustomBusinessLogic',
] as const
export type SpecialPrivilege = (typeof SPECIAL)[number]

/** A role that tests have made, by the names of its privileges. */
export type CustomRole = ReadonlyMap<string, Depth>

/** What a caller may do. */
export interface Rights {
  depth(right: Right, table: Table): Depth
  holds(privilege: SpecialPrivilege): boolean
  /** Whether columns that are secured are open to him. */
  readonly isFull: boolean
}

const FULL = new Set(['System Administrator', 'System Customizer'])
const READER = 'Service Reader'
const DELEGATE = 'Delegate'
/** Rows that belong to rows of users: who may change those may change these. */
const DEPENDENT = new Set(['activityparty'])

/** Adds up what roles allow: of each privilege the furthest reach. */
export function rightsOf(roles: Iterable<string>, custom: ReadonlyMap<string, CustomRole>): Rights {
  const names = [...roles]
  const isFull = names.some((name) => FULL.has(name))
  return {
    isFull,
    depth(right, table) {
      if (isFull) return DEPTHS.Global
      return Math.max(...names.map((name) => depthOf(name, custom.get(name), right, table)))
    },
    holds: (privilege) =>
      isFull ||
      names.some(
        (name) =>
          (name === DELEGATE && privilege === 'prvActOnBehalfOfAnotherUser') ||
          (custom.get(name)?.get(privilege) ?? 0) > 0,
      ),
  }
}

/** Of someone who acts for somebody else only what both may is allowed. */
export function bothRights(one: Rights, other: Rights): Rights {
  return {
    isFull: one.isFull && other.isFull,
    depth: (right, table) => Math.min(one.depth(right, table), other.depth(right, table)),
    holds: (privilege) => one.holds(privilege) && other.holds(privilege),
  }
}

const SHARED_NAMES: Readonly<Record<string, string>> = {
  annotation: 'Note',
  systemuser: 'User',
  activitypointer: 'Activity',
}

/** The name of a privilege; all activities share theirs. */
export function privilegeName(right: Right, table: Table): string {
  const shared = table.isActivity ? 'Activity' : SHARED_NAMES[table.name]
  return `prv${right}${shared ?? table.schemaName}`
}

/** A role nobody has defined is an ordinary user's: he sees his part of the organization and changes it. */
function depthOf(name: string, custom: CustomRole | undefined, right: Right, table: Table): Depth {
  if (custom) return custom.get(privilegeName(right, table)) ?? DEPTHS.None
  if (name === READER) return right === 'Read' ? DEPTHS.Global : DEPTHS.None
  if (name === DELEGATE) return DEPTHS.None
  const isOwned = table.ownership === 'UserOwned' || DEPENDENT.has(table.name)
  return right === 'Read' || isOwned ? DEPTHS.Deep : DEPTHS.None
}
