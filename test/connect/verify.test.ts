import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createAuditLog } from '../../src/hub/audit/index.ts'
import type { VerificationReport } from '../../src/hub/connect/index.ts'
import { systemClock } from '../../src/kernel/index.ts'
import { expectClear, expectNoSecret } from '../support/refused.ts'
import { sandboxHub } from '../support/sandbox-hub.ts'

const { sandbox, hub } = await sandboxHub()

const STAGES = [
  'address',
  'reach',
  'challenge',
  'api-version',
  'token',
  'token-claims',
  'who-am-i',
  'organization',
  'metadata',
  'table',
  'change-tracking',
  'bulk-messages',
  'limits',
  'clock',
]

async function connected(): Promise<string> {
  const { credentialId } = await hub.credential()
  await hub.signIn(credentialId, sandbox.user('admin'))
  return credentialId
}

async function verify(credentialId: string): Promise<VerificationReport> {
  const report = await hub.connect.verify({ by: hub.by, credentialId })
  for (const { explanation } of report.stages) if (explanation) expectClear(explanation)
  expectNoSecret(hub, sandbox, report)
  return report
}

function outcomesOf({ stages }: VerificationReport, outcome: string): readonly string[] {
  return stages.filter((stage) => stage.outcome === outcome).map(({ name }) => name)
}

function evidenceOf({ stages }: VerificationReport, name: string) {
  return stages.find((stage) => stage.name === name)?.evidence ?? {}
}

test('every stage of a good connection passes, told one by one, and the report is stored', async () => {
  const credentialId = await connected()
  const told: string[] = []
  const report = await hub.connect.verify({
    by: hub.by,
    credentialId,
    onStage: ({ name }) => told.push(name),
  })
  assert.equal(report.verified, true)
  assert.deepEqual(outcomesOf(report, 'passed'), STAGES)
  assert.deepEqual(told, STAGES)
  assert.deepEqual(await hub.connect.latestVerification('default', credentialId), report)
  const { verification } = await hub.vault.credentials.get('default', credentialId)
  assert.equal(Object(verification).verified, true)
})

test('every verification leaves an entry in the audit log, with the stage that failed', async () => {
  const { credentialId } = await hub.credential()
  await verify(credentialId)
  const { entries } = await createAuditLog({ ...hub, clock: systemClock }).list('default')
  const entry = entries.find(({ action }) => action === 'credential.verified')
  assert.equal(entry?.subject.id, credentialId)
  assert.equal(entry.result, 'failed')
  assert.deepEqual(entry.facts, { failed: 'token' })
})

test('the evidence holds what was found', async () => {
  const report = await verify(await connected())
  const { tenantId, orgUrl } = sandbox.description
  assert.equal(evidenceOf(report, 'challenge')['tenantId'], tenantId)
  assert.equal(evidenceOf(report, 'token-claims')['audience'], `${orgUrl}/`)
  assert.match(String(evidenceOf(report, 'organization')['version']), /^9\./)
  assert.ok(Number(evidenceOf(report, 'metadata')['columns']) > 50)
  assert.ok(Number(evidenceOf(report, 'limits')['callsAtOnce']) > 0)
  const offered = evidenceOf(report, 'bulk-messages')['offered']
  assert.ok(Array.isArray(offered) && offered.includes('CreateMultiple'))
})

test('without a connection the token stage fails and what needs it is skipped, with the reason', async () => {
  const { credentialId } = await hub.credential()
  const report = await verify(credentialId)
  assert.equal(report.verified, false)
  assert.deepEqual(outcomesOf(report, 'failed'), ['token'])
  assert.deepEqual(outcomesOf(report, 'passed'), [
    'address',
    'reach',
    'challenge',
    'api-version',
    'clock',
  ])
  const skipped = report.stages.find(({ name }) => name === 'limits')
  assert.match(skipped?.explanation?.why ?? '', /"Access token" did not pass/)
})

test('a version that the environment does not serve is told by its number', async () => {
  const credentialId = await connected()
  const { version } = await hub.vault.credentials.get('default', credentialId)
  await hub.vault.credentials.edit(hub.by, credentialId, { apiVersion: 'v7.9', version })
  const report = await verify(credentialId)
  const stage = report.stages.find(({ outcome }) => outcome === 'failed')
  assert.equal(stage?.explanation?.code, 'api_version_unsupported')
})

test('a user who was disabled since is told with what to do', async () => {
  const credentialId = await connected()
  const { objectId } = sandbox.user('admin')
  const path = `/organizations/${sandbox.description.organizations[0]?.uniqueName}/members/${objectId}`
  await sandbox.admin(path, 'PATCH', { disabled: true })
  const report = await verify(credentialId)
  await sandbox.admin(path, 'PATCH', { disabled: false })
  const stage = report.stages.find(({ name }) => name === 'who-am-i')
  assert.equal(stage?.explanation?.code, '0x80040225')
  assert.equal(stage.explanation.who, 'crm-administrator')
})

test('an aborted verification ends and stores nothing', async () => {
  const credentialId = await connected()
  const controller = new AbortController()
  const run = hub.connect.verify({
    by: hub.by,
    credentialId,
    signal: controller.signal,
    onStage: () => controller.abort(new Error('enough')),
  })
  await assert.rejects(run)
  assert.equal(await hub.connect.latestVerification('default', credentialId), undefined)
})
