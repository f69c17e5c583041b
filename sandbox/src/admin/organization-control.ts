import { json } from '../answers.ts'
import { type Member, type Organization, readSwitches } from '../dataverse/index.ts'
import type { Answer } from '../exchange.ts'
import {
  allowOnly,
  InputError,
  type JsonObject,
  readObject,
  readOptionalBoolean,
  readOptionalString,
  readOptionalWhole,
  readString,
  readStrings,
} from '../json-input.ts'
import { duplicateRuleCall, roleCall } from './access-control.ts'
import { columnCall } from './column-control.ts'
import { deliveryCall, limitCall, pluginCall, snapshotCall } from './condition-control.ts'
import { keyCall } from './key-control.ts'
import type { OrganizationCall } from './organization-call.ts'

/** Does what the control API says to an environment. */
export function controlOrganization(
  { control }: Organization,
  call: OrganizationCall,
): Answer | undefined {
  const [first, second, third, fourth] = call.path
  const key = `${call.method} ${first ?? ''}`
  if (key === 'GET ') {
    const members = control.members()
    return json(200, { counters: control.counters(), switches: control.switches(), members })
  }
  if (key === 'GET counters') return json(200, control.counters())
  if (key === 'DELETE counters') return run(() => control.resetCounters())
  if (first === 'snapshots') return snapshotCall(control, call)
  if (first === 'plugins') return pluginCall(control, call)
  if (first === 'roles') return roleCall(control, call)
  if (first === 'duplicate-rules') return duplicateRuleCall(control, call)
  if (first === 'deliveries') return deliveryCall(control, call)
  if (first === 'limits') return limitCall(control, call)
  if (key === 'PATCH switches') return setSwitches(control, call.body())
  if (key === 'GET members') return json(200, control.members())
  if (key === 'PUT schema') return loadSchema(control, call.body())
  if (key === 'POST members') return run(() => control.addMember(readMember(call.body())))
  if (key === 'PATCH members' && second) return changeMember(control, second, call.body())
  if (key === 'DELETE members' && second) return found(control.removeMember(second))
  if (first === 'tables' && second && third === 'columns') {
    return columnCall(control, call, second, fourth)
  }
  if (first === 'tables' && second && third === 'keys') {
    return keyCall(control, call, second, fourth)
  }
  if (first !== 'tables') return undefined
  if (key === 'GET tables' && !second) return json(200, control.tables())
  if (third !== 'rows' || !second) return undefined
  if (!control.tables().some((table) => table.name === second)) return found(false)
  if (!fourth) {
    if (call.method !== 'GET') return undefined
    const limit = readOptionalWhole(
      { limit: Number(call.query.get('limit') ?? 50) },
      'limit',
      0,
      100_000,
    )
    return json(200, control.listRows(second, limit ?? 50))
  }
  return rowCall(control, call, second, fourth)
}

/** The rows are made anew, with the tables of the document. */
function loadSchema(control: Organization['control'], body: JsonObject): Answer {
  allowOnly(body, ['document'], 'A schema')
  const document = readString(body, 'document')
  try {
    control.loadSchema(Buffer.from(document))
  } catch (error) {
    throw new InputError(error instanceof Error ? error.message : String(error))
  }
  return { status: 204 }
}

function rowCall(
  control: Organization['control'],
  call: OrganizationCall,
  table: string,
  id: string,
): Answer | undefined {
  switch (call.method) {
    case 'GET': {
      const row = control.readRow(table, id)
      return row ? json(200, row) : found(false)
    }
    case 'PATCH':
      return found(control.changeRow(table, id, readValues(call.body())))
    case 'DELETE':
      return found(control.removeRow(table, id))
    default:
      return undefined
  }
}

function readValues(body: JsonObject) {
  return Object.fromEntries(
    Object.entries(body).map(([name, value]) => {
      if (value === null || typeof value === 'string' || typeof value === 'number')
        return [name, value]
      const reference = readObject(value, `'${name}'`)
      return [name, { table: readString(reference, 'table'), id: readString(reference, 'id') }]
    }),
  )
}

function setSwitches(control: Organization['control'], body: JsonObject): Answer {
  const switches = readSwitches(body, ['adminMode'])
  const adminMode = readOptionalBoolean(body, 'adminMode')
  control.setSwitches(switches)
  if (adminMode !== undefined) control.setAdminMode(adminMode)
  return json(200, control.switches())
}

function readMember(body: JsonObject): Member {
  allowOnly(
    body,
    ['entraObjectId', 'name', 'email', 'applicationId', 'roles', 'disabled'],
    'A member',
  )
  const applicationId = readOptionalString(body, 'applicationId')
  const disabled = readOptionalBoolean(body, 'disabled')
  return {
    entraObjectId: readString(body, 'entraObjectId'),
    name: readString(body, 'name'),
    email: readOptionalString(body, 'email') ?? '',
    roles: readStrings(body, 'roles'),
    ...(applicationId === undefined ? {} : { applicationId }),
    ...(disabled === undefined ? {} : { disabled }),
  }
}

function changeMember(control: Organization['control'], id: string, body: JsonObject): Answer {
  allowOnly(body, ['disabled', 'addRole', 'removeRole'], 'The change of a member')
  const disabled = readOptionalBoolean(body, 'disabled')
  const add = readOptionalString(body, 'addRole')
  const remove = readOptionalString(body, 'removeRole')
  const results = [
    disabled === undefined || control.setUserDisabled(id, disabled),
    add === undefined || control.addRole(id, add),
    remove === undefined || control.removeRole(id, remove),
  ]
  return found(results.every(Boolean))
}

function run(action: () => void): Answer {
  action()
  return { status: 204 }
}

function found(yes: boolean): Answer {
  return yes ? { status: 204 } : json(404, { error: { message: 'There is no such thing.' } })
}
