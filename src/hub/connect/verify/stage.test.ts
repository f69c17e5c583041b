import assert from 'node:assert/strict'
import { test } from 'node:test'
import { FakeClock } from '../../../../test/support/fake-clock.ts'
import { ConnectError } from '../connect-error.ts'
import type { StageReport } from './report.ts'
import { runStages, type Stage } from './stage.ts'

const clock = new FakeClock()
const options = { clock, hints: () => ({}) }

function stage(name: string, needs: readonly string[], run: Stage<null>['run']): Stage<null> {
  return { name, title: name.toUpperCase(), checked: `${name}?`, needs, run }
}

const passes = async () => ({ evidence: { seen: true } })
const fails = async () => {
  throw new ConnectError('callback_invalid', {
    what: 'No.',
    why: 'Because.',
    remedy: 'Try.',
    facts: { status: 404 },
  })
}

async function run(stages: readonly Stage<null>[], signal?: AbortSignal): Promise<StageReport[]> {
  const reports: StageReport[] = []
  for await (const report of runStages(stages, null, { ...options, signal })) reports.push(report)
  return reports
}

test('a stage that answers has passed, with its evidence', async () => {
  const [report] = await run([stage('a', [], passes)])
  assert.equal(report?.outcome, 'passed')
  assert.deepEqual(report.evidence, { seen: true })
})

test('a stage that doubts is a warning and holds up nothing', async () => {
  const doubt = {
    code: 'x',
    what: 'Hm.',
    why: 'So.',
    remedy: 'Look.',
    who: 'you',
    retry: { when: 'never' },
  } as const
  const [first, second] = await run([
    stage('a', [], async () => ({ evidence: {}, doubt })),
    stage('b', ['a'], passes),
  ])
  assert.equal(first?.outcome, 'warning')
  assert.equal(first.explanation?.code, 'x')
  assert.equal(second?.outcome, 'passed')
})

test('a failure keeps its facts and explanation', async () => {
  const [report] = await run([stage('a', [], fails)])
  assert.equal(report?.outcome, 'failed')
  assert.deepEqual(report.evidence, { status: 404 })
  assert.equal(report.explanation?.remedy, 'Try.')
})

test('what builds on a failed stage is skipped and names the first cause', async () => {
  const [, second, third, fourth] = await run([
    stage('a', [], fails),
    stage('b', ['a'], passes),
    stage('c', ['b'], passes),
    stage('d', [], passes),
  ])
  assert.equal(second?.outcome, 'skipped')
  assert.equal(third?.outcome, 'skipped')
  assert.match(third.explanation?.why ?? '', /"A" did not pass/)
  assert.equal(fourth?.outcome, 'passed')
})

test('an unforeseen fault is shown as one of ours, without its text', async () => {
  const [report] = await run([
    stage('a', [], async () => {
      throw new Error('token eyJ.secret')
    }),
  ])
  assert.equal(report?.explanation?.code, 'internal')
  assert.ok(!JSON.stringify(report).includes('eyJ'))
})

test('an aborted run ends instead of reporting a failure', async () => {
  const controller = new AbortController()
  const stages = [
    stage('a', [], async () => {
      controller.abort(new Error('enough'))
      throw new Error('cut off')
    }),
  ]
  await assert.rejects(run(stages, controller.signal), /enough/)
})
