import type { Access } from '../../hub/access/index.ts'
import { contract } from '../contract/index.ts'
import { presentApiKey, presentPrincipal } from '../presenters/access.ts'
import { bind, type Operation } from '../server/operation.ts'

const DAY_MS = 24 * 3_600_000

/** The operations of users, sessions and API keys. */
export function accessRoutes(access: Access): readonly Operation[] {
  return [
    bind(contract.setUp, async ({ body }, call) => {
      const { token, principal } = await access.useSetupLink(body)
      call.keepSession({ token, expiresAt: principal.expiresAt })
      return presentPrincipal(principal)
    }),
    bind(contract.signIn, async ({ body }, call) => {
      const { token, principal } = await access.signIn({ ...body, address: call.address })
      call.keepSession({ token, expiresAt: principal.expiresAt })
      return presentPrincipal(principal)
    }),
    bind(contract.currentSession, async (_, call) => presentPrincipal(await call.principal())),
    bind(contract.signOut, async (_, call) => {
      if (call.sessionToken !== undefined) await access.signOut(call.sessionToken)
      call.keepSession(undefined)
      return undefined
    }),
    bind(contract.listApiKeys, async (_, call) => {
      const keys = await access.listApiKeys(await call.principal())
      return { items: keys.map(presentApiKey) }
    }),
    bind(contract.createApiKey, async ({ body }, call) => {
      const { name, scopes, expiresInDays } = body
      const validMs = expiresInDays * DAY_MS
      const maker = await call.principal()
      const { apiKey, key } = await access.createApiKey(maker, { name, scopes, validMs })
      return { apiKey: presentApiKey(apiKey), key: key.reveal() }
    }),
    bind(contract.revokeApiKey, async ({ params }, call) => {
      await access.revokeApiKey(await call.principal(), params.id)
      return undefined
    }),
  ]
}
