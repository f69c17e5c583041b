import { contract } from '../contract/index.ts'
import type { Hub } from '../hub.ts'
import { presentAuthClient, presentTest } from '../presenters/vault.ts'
import { bind, type Operation } from '../server/operation.ts'
import { actorOf } from './actor.ts'
import { readAuthClient, readAuthClientChanges, readTime } from './read-vault.ts'

/** The operations of Auth Clients. */
export function authClientRoutes(hub: Hub): readonly Operation[] {
  const { authClients } = hub
  return [
    bind(contract.listAuthClients, async (_, call) => {
      const { workspaceId } = await call.principal()
      return { items: (await authClients.list(workspaceId)).map(presentAuthClient) }
    }),
    bind(contract.createAuthClient, async ({ body }, call) => {
      const answer = await authClients.create(await actorOf(call), readAuthClient(body))
      return { authClient: presentAuthClient(answer.authClient), warnings: [...answer.warnings] }
    }),
    bind(contract.getAuthClient, async ({ params }, call) => {
      const { workspaceId } = await call.principal()
      return presentAuthClient(await authClients.get(workspaceId, params.id))
    }),
    bind(contract.editAuthClient, async ({ params, body }, call) => {
      const by = await actorOf(call)
      const version = body.version ?? (await authClients.get(by.workspaceId, params.id)).version
      const changes = readAuthClientChanges(body, version)
      return presentAuthClient((await authClients.edit(by, params.id, changes)).authClient)
    }),
    bind(contract.removeAuthClient, async ({ params }, call) => {
      await authClients.remove(await actorOf(call), params.id)
      return undefined
    }),
    bind(contract.authClientUses, async ({ params }, call) => {
      const { workspaceId } = await call.principal()
      const { credentials } = await authClients.whereUsed(workspaceId, params.id)
      const ids = new Set(credentials.map(({ id }) => id))
      const used = (await hub.credentials.list(workspaceId)).filter(({ id }) => ids.has(id))
      return { items: used.map(({ id, name, state }) => ({ credentialId: id, name, state })) }
    }),
    ...secretRoutes(hub),
  ]
}

function secretRoutes({ authClients }: Hub): readonly Operation[] {
  return [
    bind(contract.testAuthClient, async ({ params, body }, call) => {
      const { slot, environmentUrl, tenantId } = body ?? {}
      const { tests } = await authClients.test(await actorOf(call), params.id, {
        signal: call.signal,
        ...(slot !== undefined && { slot }),
        ...(environmentUrl !== undefined && { environmentUrl }),
        ...(tenantId !== undefined && { tenantId }),
      })
      return presentTest(tests)
    }),
    bind(contract.addSecret, async ({ params, body }, call) => {
      const { clientSecret, expiresAt } = body
      const secret = { secret: clientSecret, ...readTime('expiresAt', expiresAt) }
      const answer = await authClients.addSecret(await actorOf(call), params.id, secret)
      return presentAuthClient(answer.authClient)
    }),
    bind(contract.promoteSecret, async ({ params }, call) => {
      const answer = await authClients.promoteSecret(await actorOf(call), params.id)
      return presentAuthClient(answer.authClient)
    }),
    bind(contract.removeNextSecret, async ({ params }, call) => {
      const answer = await authClients.removeNextSecret(await actorOf(call), params.id)
      return presentAuthClient(answer.authClient)
    }),
  ]
}
