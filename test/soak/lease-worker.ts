import { createHash } from 'node:crypto'
import { openStore } from '../../src/hub/store/index.ts'
import { CodedError, Secret, silentLogger, systemClock } from '../../src/kernel/index.ts'
import { vaultOver } from '../support/vault.ts'

// One hub process: asked for a Credential by its parent, it answers with its token's hash or an error.
const [databaseUrl = '', origin = '', name = '', leaseMs = '', requestMs = ''] =
  process.argv.slice(2)
const store = await openStore({
  databaseUrl: new Secret(databaseUrl),
  dataFolder: '',
  logger: silentLogger,
  clock: systemClock,
})
const { vault } = await vaultOver(store, {
  allow: [origin],
  headers: { 'x-worker': name },
  times: { leaseMs: Number(leaseMs), requestMs: Number(requestMs) },
})

process.on('message', async (credentialId: string) => {
  process.send?.({ credentialId, ...(await answer(credentialId)) })
})
process.on('disconnect', () => process.exit())
process.send?.({ credentialId: '', token: 'ready' })

async function answer(credentialId: string) {
  try {
    const { value } = await vault.tokenSource('default', credentialId).token()
    return { token: createHash('sha256').update(value.reveal()).digest('hex') }
  } catch (error) {
    if (!(error instanceof CodedError)) throw error
    return { code: error.code, problem: String(error.facts['problem'] ?? '') }
  }
}
