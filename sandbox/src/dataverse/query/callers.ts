import type { Database } from '../store/database.ts'
import { hierarchyIds } from './hierarchy.ts'
import type { Scope } from './scope.ts'

type Asking = Pick<Scope, 'database' | 'caller'>

/** English, the one language of the sandbox. */
const LANGUAGE = 1033

/** The ids that a function of the calling user compares with; undefined when the name is none of these. */
export function callerIds(name: string, scope: Asking): ReadonlySet<string> | undefined {
  const { user, unit } = scope.caller
  switch (name) {
    case 'EqualUserId':
    case 'NotEqualUserId':
      return new Set([user.id])
    case 'EqualBusinessId':
    case 'NotEqualBusinessId':
      return new Set(unit === null ? [] : [unit])
    case 'EqualUserTeams':
      return teamsOf(scope)
    case 'EqualUserOrUserTeams':
      return new Set([user.id, ...teamsOf(scope)])
    case 'EqualUserOrUserHierarchy':
      return new Set([user.id, ...reportsOf(scope.database, user.id)])
    case 'EqualUserOrUserHierarchyAndTeams':
      return new Set([user.id, ...reportsOf(scope.database, user.id), ...teamsOf(scope)])
    default:
      return undefined
  }
}

/** The language that `EqualUserLanguage` compares with. */
export function callerLanguage(): number {
  return LANGUAGE
}

/** Everybody is a member of the default team of his business unit. */
function teamsOf({ database, caller }: Asking): ReadonlySet<string> {
  const teams = database.rows('team')
  const unit = teams.table.byName.get('businessunitid')
  const isDefault = teams.table.byName.get('isdefault')
  if (!unit || caller.unit === null) return new Set()
  const slots = teams.related(unit, caller.unit)
  const own = slots.filter((slot) => !isDefault || teams.number(slot, isDefault) === 1)
  return new Set(own.map((slot) => teams.idOf(slot)))
}

function reportsOf(database: Database, user: string): ReadonlySet<string> {
  const users = database.rows('systemuser').table
  return hierarchyIds(database, users.id, user, 'below')
}
