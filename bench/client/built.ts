import { existsSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { build } from '../../scripts/build.ts'

type Dataverse = typeof import('../../src/dataverse/index.ts')
type Kernel = typeof import('../../src/kernel/index.ts')
type Transport = typeof import('../../src/transport/index.ts')

const dist = resolve(import.meta.dirname, '../../build/fairlead/dist')

/** The address of a room's entry as it is published. */
export function builtEntry(room: string): string {
  return pathToFileURL(join(dist, room, 'index.js')).href
}

/** Compiles the packages: what is measured is what is published, without the cost of stripping types. */
export async function buildAll(): Promise<void> {
  if (!(await build()) || !existsSync(dist)) throw new Error('The packages did not compile.')
}

/** Opens a client of the built package, with a sender of its own. */
export async function openBuilt(origin: string, token: string) {
  const { DataverseClient }: Dataverse = await import(builtEntry('dataverse'))
  const { createEgress, createSender }: Transport = await import(builtEntry('transport'))
  const { Secret, silentLogger, systemClock }: Kernel = await import(builtEntry('kernel'))
  const parts = { clock: systemClock, logger: silentLogger }
  const sender = createSender({ ...parts, egress: createEgress({ allow: [origin] }) })
  const access = { value: new Secret(token), expiresAt: Number.MAX_SAFE_INTEGER }
  const client = new DataverseClient({
    ...{ ...parts, environmentUrl: origin, apiVersion: 'v9.2', send: sender.send },
    tokens: { token: async () => access, replace: async () => access },
  })
  return { client, close: () => sender.close() }
}
