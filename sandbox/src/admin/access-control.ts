import { json } from '../answers.ts'
import { DEPTHS, type Organization } from '../dataverse/index.ts'
import type { Answer } from '../exchange.ts'
import {
  allowOnly,
  InputError,
  readList,
  readObject,
  readString,
  readStrings,
} from '../json-input.ts'
import type { OrganizationCall } from './organization-call.ts'

type Control = Organization['control']

/** Makes roles of single privileges; members get them by name, as they get the others. */
export function roleCall(
  control: Control,
  { method, path: [, name], body }: OrganizationCall,
): Answer | undefined {
  if (name === undefined) return method === 'GET' ? json(200, control.customRoles()) : undefined
  if (method === 'DELETE') {
    return control.removeCustomRole(name)
      ? { status: 204 }
      : json(404, { error: { message: `There is no role '${name}'.` } })
  }
  if (method !== 'PUT') return undefined
  const wish = body()
  allowOnly(wish, ['privileges'], 'A role')
  const privileges = readObject(wish['privileges'], "'privileges'")
  const depths = Object.entries(privileges).map(([privilege, depth]) => {
    const known = Object.entries(DEPTHS).find(([one]) => one === depth)
    if (known && /^prv\w+$/.test(privilege)) return [privilege, known[1]] as const
    const names = Object.keys(DEPTHS).join(', ')
    throw new InputError(`'${privilege}' must be a privilege (prv…) with one of ${names}.`)
  })
  control.setCustomRole(name, new Map(depths))
  return { status: 204 }
}

/** Shows and sets the rules by which rows are duplicates. */
export function duplicateRuleCall(
  control: Control,
  { method, body }: OrganizationCall,
): Answer | undefined {
  if (method === 'GET') return json(200, control.duplicateRules())
  if (method !== 'PUT') return undefined
  const wish = body()
  allowOnly(wish, ['rules'], 'The duplicate detection rules')
  control.setDuplicateRules(
    readList(wish, 'rules').map((value) => {
      const rule = readObject(value, 'A rule')
      allowOnly(rule, ['table', 'columns'], 'A rule')
      const columns = readStrings(rule, 'columns')
      if (columns.length === 0) throw new InputError("'columns' must name at least one column.")
      return { table: readString(rule, 'table'), columns }
    }),
  )
  return json(200, control.duplicateRules())
}
