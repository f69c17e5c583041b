import { contract } from '../contract/index.ts'
import type { Hub } from '../hub.ts'
import { presentForm } from '../presenters/actions.ts'
import { HttpError } from '../server/http-error.ts'
import { bind, bindStream, type Operation } from '../server/operation.ts'

const MOST_OUTPUTS = 10_000
const MOST_BYTES = 128 * 1024 * 1024

/** The operations of the connector's actions. */
export function actionRoutes({ actions }: Hub): readonly Operation[] {
  return [
    bind(contract.listActions, async () => ({ items: [...actions.list] })),
    bindStream(
      contract.runAction,
      async ({ params, body }, { principal, signal }) => {
        const { workspaceId } = await principal()
        const { id: credentialId, name: action } = params
        const outputs = actions.run({ workspaceId, credentialId, action, signal, ...body })
        return { outputs: await collect(outputs) }
      },
      async function* ({ params, body }, { principal, signal }) {
        const { workspaceId } = await principal()
        const { id: credentialId, name: action } = params
        yield* actions.run({ workspaceId, credentialId, action, signal, ...body })
      },
    ),
    bind(contract.actionForm, async ({ params, query }, { principal, signal }) => {
      const { workspaceId } = await principal()
      const { id: credentialId, name: action } = params
      const { config } = query
      const form = await actions.form({ workspaceId, credentialId, action, config, signal })
      return presentForm(form)
    }),
    bind(contract.actionOptions, async ({ params, query }, { principal, signal }) => {
      const { workspaceId } = await principal()
      const { id: credentialId, name: action } = params
      const { field, search, config } = query
      const asked = { workspaceId, credentialId, action, field, config, signal }
      const items = await actions.options({ ...asked, ...(search !== undefined && { search }) })
      return { items: [...items] }
    }),
    bind(contract.readTypes, async ({ params, query }, { principal, signal }) => {
      const { workspaceId } = await principal()
      const tables = query.tables.split(',')
      const text = await actions.types({ workspaceId, credentialId: params.id, tables, signal })
      return { text }
    }),
  ]
}

async function collect(outputs: ReturnType<Hub['actions']['run']>) {
  const collected = []
  let bytes = 0
  for await (const output of outputs) {
    if (output.kind !== 'data') continue
    bytes += JSON.stringify(output.body).length
    if (collected.length >= MOST_OUTPUTS || bytes > MOST_BYTES) throw tooLarge()
    collected.push(output)
  }
  return collected
}

function tooLarge() {
  return new HttpError('result_too_large', {
    what: `There are more than ${MOST_OUTPUTS} outputs, or more than 128 MB of them.`,
    why: 'As one JSON document the answer must fit into memory.',
    remedy: 'Ask for "Accept: application/x-ndjson", or for fewer rows.',
    facts: { most: MOST_OUTPUTS, mostBytes: MOST_BYTES },
  })
}
