import type { StageReport } from '../../hub/connect/index.ts'
import { contract } from '../contract/index.ts'
import type { Hub } from '../hub.ts'
import { presentReport, presentStage } from '../presenters/connect.ts'
import { notFound } from '../server/http-error.ts'
import { bind, bindStream, type Call, type Operation } from '../server/operation.ts'
import { actorOf } from './actor.ts'
import { arrivals } from './arrivals.ts'

/** The operations that verify. */
export function verificationRoutes(hub: Hub): readonly Operation[] {
  const { connect } = hub
  return [
    bindStream(
      contract.verify,
      async ({ params }, call) => {
        const by = await actorOf(call)
        const { signal } = call
        return presentReport(await connect.verify({ by, credentialId: params.id, signal }))
      },
      ({ params }, call) => stages(hub, params.id, call),
    ),
    bind(contract.latestVerification, async ({ params }, call) => {
      const { workspaceId } = await call.principal()
      await hub.credentials.get(workspaceId, params.id)
      const report = await connect.latestVerification(workspaceId, params.id)
      if (report === undefined) throw notFound('It was never verified.')
      return presentReport(report)
    }),
  ]
}

async function* stages({ connect }: Hub, credentialId: string, call: Call) {
  const by = await actorOf(call)
  const { signal } = call
  const { items, result } = arrivals<StageReport, Awaited<ReturnType<typeof connect.verify>>>(
    (onStage) => connect.verify({ by, credentialId, signal, onStage }),
  )
  for await (const stage of items) yield { kind: 'stage' as const, stage: presentStage(stage) }
  yield { kind: 'report' as const, report: presentReport(await result) }
}
