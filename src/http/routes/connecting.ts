import type { z } from 'zod'
import { contract } from '../contract/index.ts'
import type { Hub } from '../hub.ts'
import {
  presentDiscovery,
  presentExplanation,
  presentFlow,
  presentStarted,
} from '../presenters/connect.ts'
import { bind, type Call, type Operation } from '../server/operation.ts'
import { actorOf } from './actor.ts'

/** The operations that lead from an address to a connected Credential. */
export function connectingRoutes(hub: Hub): readonly Operation[] {
  const { connect } = hub
  return [
    bind(contract.discover, async ({ body }, call) =>
      presentDiscovery(await hub.discover(body.address, call.signal)),
    ),
    bind(contract.reviewAuthClient, async ({ body }) => {
      const { clientId, authorizationEndpoint, tokenEndpoint, address } = body
      const advice = await connect.review({
        tokenEndpoint,
        ...(clientId !== undefined && { clientId }),
        ...(authorizationEndpoint !== undefined && { authorizationEndpoint }),
        ...(address !== undefined && { address }),
      })
      return {
        advice: advice.map((one) => ({
          ...presentExplanation(one),
          ...(one.field !== undefined && { field: one.field }),
          ...(one.change && { change: one.change }),
        })),
      }
    }),
    bind(contract.startFlow, ({ params, body }, call) => startFlow(hub, params.id, body, call)),
    bind(contract.getFlow, async ({ params }, call) => {
      const { workspaceId } = await call.principal()
      return presentFlow(await connect.flow(workspaceId, params.id))
    }),
  ]
}

async function startFlow(
  { connect }: Hub,
  credentialId: string,
  body: z.output<(typeof contract.startFlow)['body']>,
  call: Call,
) {
  const { kind, prompt, acceptIdentity } = body
  const by = await actorOf(call)
  const request = { by, credentialId, acceptIdentity, ...(prompt !== undefined && { prompt }) }
  if (kind === 'browser') return presentStarted(credentialId, await connect.startFlow(request))
  if (kind === 'device') return presentFlow(await connect.startDeviceFlow(request))
  return presentFlow(await connect.connectApp(request, call.signal))
}
