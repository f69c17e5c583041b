import { z } from 'zod'
import { defineWebhookTrigger, type WebhookDeclaration } from '../../src/connector/define-entry.ts'
import type { Json } from '../../src/kernel/index.ts'

type Doings = Omit<WebhookDeclaration<z.ZodObject>, 'run'>

/** Stands where the connector's own webhook trigger does, and puts out what it is told; `begin` may fail a run. */
export function toldTrigger({
  begin,
  ...doings
}: Pick<Doings, 'enable'> & Partial<Pick<Doings, 'disable'>> & { begin?(): void }) {
  return defineWebhookTrigger({
    name: 'told',
    title: 'Told',
    help: 'Puts out what it is told.',
    order: 1,
    config: z.object({}),
    output: z.unknown(),
    find: async () => [],
    disable: async () => undefined,
    ...doings,
    run: async function* ({ input }) {
      begin?.()
      yield { kind: 'data', body: z.json().parse(input) satisfies Json }
    },
  })
}
