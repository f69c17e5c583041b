import { toTimestamp } from '../../kernel/index.ts'
import { contract } from '../contract/index.ts'
import type { Hub } from '../hub.ts'
import { presentExplanation } from '../presenters/connect.ts'
import { bind, type Operation } from '../server/operation.ts'

/** The operations that explain, and that tell what happened. */
export function watchingRoutes({ connect, alerts, audit }: Hub): readonly Operation[] {
  return [
    bind(contract.explain, async ({ body }, call) => {
      const { workspaceId } = await call.principal()
      const { text, credentialId } = body
      const about = credentialId === undefined ? undefined : { workspaceId, credentialId }
      return { items: [...(await connect.explain(text, about))] }
    }),
    bind(contract.listAlerts, async ({ query }, call) => {
      const { workspaceId } = await call.principal()
      const listed = await alerts.list(workspaceId, { all: query.all === 'true' })
      return {
        items: listed.map(({ explanation, code, raisedAt, clearedAt, ...alert }) => ({
          ...alert,
          explanation: presentExplanation({ code, ...explanation }),
          raisedAt: toTimestamp(raisedAt),
          ...(clearedAt !== undefined && { clearedAt: toTimestamp(clearedAt) }),
        })),
      }
    }),
    bind(contract.listAudit, async ({ query }, call) => {
      const { workspaceId } = await call.principal()
      const { limit, before: asked } = query
      const options = { limit, ...(asked !== undefined && { before: asked }) }
      const { entries, before } = await audit.list(workspaceId, options)
      const items = entries.map(({ fields, at, ...entry }) => ({
        ...entry,
        fields: [...fields],
        at: toTimestamp(at),
      }))
      return { items, ...(before !== undefined && { before }) }
    }),
  ]
}
