import type { Actor } from '../../hub/audit/index.ts'
import type { Call } from '../server/operation.ts'

/** Tells who acts, and from where, for the audit log. */
export async function actorOf(call: Call): Promise<Actor> {
  const { workspaceId, kind, id } = await call.principal()
  return { workspaceId, kind, id, ip: call.address }
}
