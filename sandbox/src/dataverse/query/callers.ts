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

/** The teams that the table between users and teams ties the caller to. */
function teamsOf({ database, caller }: Asking): ReadonlySet<string> {
  const between = database.schema.tables.get('teammembership')
  const user = between?.byName.get('systemuserid')
  const team = between?.byName.get('teamid')
  if (!between || !user || !team) return new Set()
  const rows = database.rows(between)
  const ids = rows.related(user, caller.user.id).map((slot) => rows.text(slot, team))
  return new Set(ids.filter((id) => id !== null))
}

function reportsOf(database: Database, user: string): ReadonlySet<string> {
  const users = database.rows('systemuser').table
  return hierarchyIds(database, users.id, user, 'below')
}
