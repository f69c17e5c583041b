import assert from 'node:assert/strict'
import { test } from 'node:test'
import { reportLine, type Stage, stageLines } from './stage-view.ts'

const stage: Stage = {
  name: 'token',
  title: 'Access token',
  outcome: 'passed',
  checked: 'The token',
  evidence: {
    tenantId: '66b03ebc-5907-4ccc-bf77-1edc321e413c',
    expiresAt: '2026-11-23T06:11:55.881Z',
    changeTracking: true,
    notes: [],
    geo: null,
    ms: 7,
  },
  ms: 7.4,
}

test('evidence is short: ids cut, times to the minute, nothing that is empty', () => {
  assert.deepEqual(stageLines({ colour: false }, stage), [
    '✔ Access token                       7 ms  tenant 66b03ebc…, expires 2026-11-23 06:11 UTC, change tracking yes',
  ])
})

test('evidence that does not fit beside its title hangs in a column of its own', () => {
  const long = { ...stage, evidence: { ...stage.evidence, note: 'a '.repeat(40).trim() } }
  const lines = stageLines({ colour: false, columns: 110 }, long)
  assert.ok(lines.length > 1)
  for (const line of lines.slice(1)) assert.match(line, /^ {43}\S/)
  for (const line of lines) assert.ok([...line].length <= 110, line)
})

test('on a narrow terminal evidence stands below its title', () => {
  const lines = stageLines({ colour: false, columns: 60 }, stage)
  assert.match(lines[0] ?? '', /7 ms$/)
  assert.ok(lines.length > 2)
  for (const line of lines.slice(1)) assert.match(line, /^ {4}\S/)
  for (const line of lines) assert.ok([...line].length <= 60, line)
})

test('a failed stage tells why and what to do', () => {
  const explanation: NonNullable<Stage['explanation']> = {
    ...{ code: '7000222', what: 'The secret has ended.', why: 'Its date is past.' },
    remedy: 'Make a new one.',
    who: 'you',
    retry: { when: 'never' },
  }
  const lines = stageLines({ colour: false }, { ...stage, outcome: 'failed', explanation })
  assert.match(lines[0] ?? '', /^✖/)
  assert.deepEqual(lines.slice(1), [
    '    The secret has ended. (7000222)',
    '    why     Its date is past.',
    '    remedy  Make a new one.',
  ])
})

test('the last line counts what is to be looked at', () => {
  const report = { verified: true, startedAt: '2026-11-23T06:11:55.881Z', ms: 1240 }
  const stages = [stage, { ...stage, outcome: 'warning' as const }]
  assert.equal(
    reportLine({ colour: false }, { ...report, stages }),
    'Verified in 1.2 s, 1 to look at',
  )
})
