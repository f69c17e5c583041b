import type { Exchange } from '../../exchange.ts'
import type { Caller } from '../access/membership.ts'
import { Fault } from '../fault.ts'

/**
 * Which custom logic a request passes by.
 * https://learn.microsoft.com/power-apps/developer/data-platform/bypass-custom-business-logic
 * @throws Fault 403 when the caller may not
 */
export function bypassed({
  exchange: { headers },
  caller,
}: {
  readonly exchange: Exchange
  readonly caller: Caller
}): {
  readonly sync: boolean
  readonly async: boolean
} {
  const logic = String(headers['mscrm.bypassbusinesslogicexecution'] ?? '')
  const named = logic.split(',').map((word) => word.trim())
  const plugins = headers['mscrm.bypasscustompluginexecution'] === 'true'
  const asked = {
    sync: plugins || named.includes('CustomSync'),
    async: named.includes('CustomAsync'),
  }
  if (!asked.sync && !asked.async) return asked
  const privilege = logic === '' ? 'prvBypassCustomPlugins' : 'prvBypassCustomBusinessLogic'
  if (caller.rights.holds(privilege)) return asked
  throw new Fault(
    403,
    '0x80040220',
    `Principal user (Id=${caller.user.id}, type=8, roleCount=${caller.roles.size}) is missing ${privilege} privilege.`,
  )
}
