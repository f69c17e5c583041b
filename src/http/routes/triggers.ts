import { contract } from '../contract/index.ts'
import type { Hub } from '../hub.ts'
import { presentOutput, presentTrigger } from '../presenters/triggers.ts'
import { bind, bindStream, type Call, type Operation } from '../server/operation.ts'
import { actorOf } from './actor.ts'

const OUTPUTS = 1000
const PAGE_BYTES = 16 * 1024 * 1024

/** The operations of triggers whose place is kept. */
export function triggerRoutes({ triggers }: Hub): readonly Operation[] {
  const ofWorkspace = async (call: Call) => (await call.principal()).workspaceId
  return [
    bind(contract.listTriggers, async (_, call) => {
      const items = await triggers.list(await ofWorkspace(call))
      return { items: items.map(presentTrigger) }
    }),
    bind(contract.createTrigger, async ({ body }, call) =>
      presentTrigger(await triggers.create(await actorOf(call), body, call.signal)),
    ),
    bind(contract.getTrigger, async ({ params }, call) =>
      presentTrigger(await triggers.get(await ofWorkspace(call), params.id)),
    ),
    bind(contract.removeTrigger, async ({ params, query }, call) => {
      const options = { force: query.force === 'true', signal: call.signal }
      await triggers.remove(await actorOf(call), params.id, options)
      return undefined
    }),
    bind(contract.pauseTrigger, async ({ params }, call) =>
      presentTrigger(await triggers.pause(await actorOf(call), params.id)),
    ),
    bind(contract.resumeTrigger, async ({ params }, call) =>
      presentTrigger(await triggers.resume(await actorOf(call), params.id)),
    ),
    bind(contract.enableTrigger, async ({ params }, call) =>
      presentTrigger(await triggers.enable(await actorOf(call), params.id, call.signal)),
    ),
    bind(contract.disableTrigger, async ({ params }, call) =>
      presentTrigger(await triggers.disable(await actorOf(call), params.id, call.signal)),
    ),
    runRoute(triggers, ofWorkspace),
    outputsRoute(triggers, ofWorkspace),
  ]
}

type OfWorkspace = (call: Call) => Promise<string>

function runRoute(triggers: Hub['triggers'], ofWorkspace: OfWorkspace): Operation {
  return bindStream(
    contract.runTrigger,
    async ({ params }, call) => {
      const ran: { stored: number; repeated: number; sequence?: number } = {
        stored: 0,
        repeated: 0,
      }
      for await (const page of triggers.run(await ofWorkspace(call), params.id, call.signal)) {
        ran.stored += page.stored
        ran.repeated += page.repeated
        ran.sequence = page.sequence
      }
      return ran
    },
    async function* ({ params }, call) {
      for await (const page of triggers.run(await ofWorkspace(call), params.id, call.signal))
        yield { kind: 'page' as const, ...page }
    },
  )
}

function outputsRoute(triggers: Hub['triggers'], ofWorkspace: OfWorkspace): Operation {
  return bindStream(
    contract.triggerOutputs,
    async ({ params, query }, call) => {
      const { after, limit = OUTPUTS } = query
      const items = []
      let bytes = 0
      const stored = triggers.outputs(await ofWorkspace(call), params.id, { after, limit })
      for await (const output of stored) {
        items.push(presentOutput(output))
        bytes += JSON.stringify(output.body).length
        if (bytes >= PAGE_BYTES) break
      }
      const full = items.length === limit || bytes >= PAGE_BYTES
      const last = items.at(-1)?.sequence
      return { items, ...(full && last !== undefined && { after: last }) }
    },
    async function* ({ params, query }, call) {
      const { after, limit } = query
      const range = { after, ...(limit !== undefined && { limit }) }
      for await (const output of triggers.outputs(await ofWorkspace(call), params.id, range))
        yield { kind: 'output' as const, ...presentOutput(output) }
    },
  )
}
