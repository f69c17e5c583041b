import type { Hub } from '../hub.ts'
import type { Operation } from '../server/operation.ts'
import { accessRoutes } from './access.ts'
import { actionRoutes } from './actions.ts'
import { attachmentRoutes } from './attachments.ts'
import { authClientRoutes } from './auth-clients.ts'
import { connectingRoutes } from './connecting.ts'
import { credentialRoutes } from './credentials.ts'
import { triggerRoutes } from './triggers.ts'
import { verificationRoutes } from './verifications.ts'
import { watchingRoutes } from './watching.ts'

/** Every operation of the contract, bound to the hub. */
export function operationsOf(hub: Hub): readonly Operation[] {
  return [
    ...accessRoutes(hub.access),
    ...authClientRoutes(hub),
    ...credentialRoutes(hub),
    ...connectingRoutes(hub),
    ...verificationRoutes(hub),
    ...actionRoutes(hub),
    ...triggerRoutes(hub),
    ...attachmentRoutes(hub),
    ...watchingRoutes(hub),
  ]
}
