import { json } from '../answers.ts'
import { type Organization, readLimits, readPlugin } from '../dataverse/index.ts'
import type { Answer } from '../exchange.ts'
import { InputError } from '../json-input.ts'
import type { OrganizationCall } from './organization-call.ts'

type Control = Organization['control']

/** Keeps all rows under a name, and comes back to them. */
export function snapshotCall(
  control: Control,
  { method, path: [, name, action] }: OrganizationCall,
): Answer | undefined {
  const call = `${method} ${action ?? ''}`
  if (name === undefined) return method === 'GET' ? json(200, control.snapshots()) : undefined
  if (call === 'PUT ') {
    if (control.saveSnapshot(name)) return { status: 204 }
    throw new InputError('There are too many snapshots; delete one first.')
  }
  if (call === 'POST restore') return found(control.restoreSnapshot(name))
  return call === 'DELETE ' ? found(control.removeSnapshot(name)) : undefined
}

/** Registers what stands for plug-ins. */
export function pluginCall(
  control: Control,
  { method, body }: OrganizationCall,
): Answer | undefined {
  switch (method) {
    case 'GET':
      return json(200, control.plugins())
    case 'POST':
      control.setPlugins([...control.plugins(), readPlugin(body())])
      return json(201, control.plugins())
    case 'DELETE':
      control.setPlugins([])
      return { status: 204 }
    default:
      return undefined
  }
}

/** Shows the webhooks that were sent. */
export function deliveryCall(control: Control, { method }: OrganizationCall): Answer | undefined {
  if (method === 'GET') return json(200, control.deliveries())
  if (method !== 'DELETE') return undefined
  control.clearDeliveries()
  return { status: 204 }
}

/** Shows and changes limits and server times. */
export function limitCall(
  control: Control,
  { method, body }: OrganizationCall,
): Answer | undefined {
  switch (method) {
    case 'GET':
      return json(200, { settings: control.limits(), ...control.limitUsage() })
    case 'PATCH':
      control.setLimits(readLimits(body(), control.limits()))
      return json(200, control.limits())
    case 'DELETE':
      control.resetLimitUsage()
      return { status: 204 }
    default:
      return undefined
  }
}

function found(yes: boolean): Answer {
  return yes ? { status: 204 } : json(404, { error: { message: 'There is no such thing.' } })
}
