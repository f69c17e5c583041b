import { contract } from '../contract/index.ts'
import type { Hub } from '../hub.ts'
import { presentCredential } from '../presenters/vault.ts'
import { bind, type Operation } from '../server/operation.ts'
import { actorOf } from './actor.ts'

/** The operations of Credentials. */
export function credentialRoutes({ credentials }: Hub): readonly Operation[] {
  return [
    bind(contract.listCredentials, async (_, call) => {
      const { workspaceId } = await call.principal()
      return { items: (await credentials.list(workspaceId)).map(presentCredential) }
    }),
    bind(contract.createCredential, async ({ body }, call) => {
      const { apiVersion, ...rest } = body
      const input = { ...rest, ...(apiVersion !== undefined && { apiVersion }) }
      return presentCredential((await credentials.create(await actorOf(call), input)).credential)
    }),
    bind(contract.getCredential, async ({ params }, call) => {
      const { workspaceId } = await call.principal()
      return presentCredential(await credentials.get(workspaceId, params.id))
    }),
    bind(contract.editCredential, async ({ params, body }, call) => {
      const by = await actorOf(call)
      const version = body.version ?? (await credentials.get(by.workspaceId, params.id)).version
      const answer = await credentials.edit(by, params.id, { ...body, version })
      return presentCredential(answer.credential)
    }),
    bind(contract.removeCredential, async ({ params }, call) => {
      await credentials.remove(await actorOf(call), params.id)
      return undefined
    }),
  ]
}
