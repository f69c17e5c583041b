import { tmpdir } from 'node:os'
import { setTimeout } from 'node:timers/promises'
import { triggers as entries } from '../../src/connector/index.ts'
import { DataverseClient } from '../../src/dataverse/index.ts'
import { createAlerts } from '../../src/hub/alerts/index.ts'
import { createAuditLog } from '../../src/hub/audit/index.ts'
import { openStore, StoreError } from '../../src/hub/store/index.ts'
import { createTriggers, TriggerError } from '../../src/hub/triggers/index.ts'
import { Secret, silentLogger, systemClock, systemRandom } from '../../src/kernel/index.ts'
import { createEgress, createSender } from '../../src/transport/index.ts'
import { requestToken } from '../dataverse/sandbox-client.ts'

// One hub that runs a trigger once: `page` for every page that is stored, then `done`, or
// `overtaken` when another took its place, or `cut off` when the database ended a transaction that slept.
const { databaseUrl, description, triggerId, leaseMs } = JSON.parse(process.argv[2] ?? '{}')
const [clock, random, logger] = [systemClock, systemRandom, silentLogger]
const sender = createSender({
  egress: createEgress({ allow: [description.authority, description.orgUrl] }),
  clock,
  logger,
})
const store = await openStore({
  databaseUrl: new Secret(databaseUrl),
  dataFolder: tmpdir(),
  logger,
  clock,
})
const token = await requestToken(sender.send, description)
const tokens = { token: async () => token, replace: async () => token }
const parts = { store, clock, random, logger, publicUrl: new URL('http://localhost') }
const triggers = createTriggers({
  ...parts,
  leaseMs,
  alerts: createAlerts(parts),
  audit: createAuditLog(parts),
  host: {
    entries,
    credentials: {
      find: async (_, id) => ({ id, environmentUrl: description.orgUrl, apiVersion: 'v9.2' }),
      tokenSource: () => tokens,
    },
    createClient: ({ environmentUrl, apiVersion }) =>
      new DataverseClient({ environmentUrl, apiVersion, tokens, send: sender.send, clock, logger }),
    attachments: () => ({
      put: () => Promise.reject(new Error('no attachments here')),
      get: () => Promise.reject(new Error('no attachments here')),
    }),
    limits: { maxMessageBytes: 10_000_000, maxCursorBytes: 1_000_000, maxRunMs: 60_000 },
    clock,
    logger,
  },
})
process.stdout.write('ready\n')
process.stdout.write(`${await run()}\n`)
await store.close()
await sender.close()

async function run(): Promise<'done' | 'overtaken' | 'cut off'> {
  for (;;) {
    try {
      const signal = AbortSignal.timeout(60_000)
      for await (const _ of triggers.run('default', triggerId, signal))
        process.stdout.write('page\n')
      return 'done'
    } catch (error) {
      if (error instanceof StoreError) return 'cut off'
      if (!(error instanceof TriggerError)) throw error
      if (error.code === 'run_superseded') return 'overtaken'
      // Whoever was killed counts as alive for a moment more.
      if (error.code !== 'trigger_running') throw error
      await setTimeout(20)
    }
  }
}
