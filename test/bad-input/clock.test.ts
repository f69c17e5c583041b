import assert from 'node:assert/strict'
import { test } from 'node:test'
import { sandboxHub } from '../support/sandbox-hub.ts'

const TEN_MINUTES = 600_000
const { sandbox, hub } = await sandboxHub()

async function clockStage(credentialId: string) {
  const { stages } = await hub.connect.verify({ by: hub.by, credentialId })
  const stage = stages.find(({ name }) => name === 'clock')
  assert.ok(stage)
  return stage
}

test('a clock that is ten minutes off is measured and told by Verify, either way', async () => {
  const { credentialId } = await hub.credential()
  await hub.signIn(credentialId, sandbox.user('admin'))
  await sandbox.admin('/clock', 'POST', { advanceMs: TEN_MINUTES })
  const behind = await clockStage(credentialId)
  assert.equal(behind.outcome, 'failed')
  assert.equal(behind.explanation?.code, 'clock_skewed')
  assert.equal(behind.explanation.who, 'operator')
  assert.ok(Math.abs(Number(behind.evidence['aheadSeconds']) + 600) < 5)
  await sandbox.admin('/clock', 'POST', { advanceMs: -2 * TEN_MINUTES })
  const ahead = await clockStage(credentialId)
  assert.equal(ahead.outcome, 'failed')
  assert.match(ahead.explanation?.what ?? '', /seconds ahead/)
})
