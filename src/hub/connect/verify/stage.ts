import { type Clock, CodedError, type JsonObject } from '../../../kernel/index.ts'
import type { Hints } from '../../../oauth/index.ts'
import { explanationOf } from '../explanation-of.ts'
import type { CodedExplanation, StageReport } from './report.ts'

/** What a stage answers with when it does not throw. */
export interface Finding {
  readonly evidence: JsonObject
  /** Makes the outcome a warning. */
  readonly doubt?: CodedExplanation
}

/** One stage of a checklist over some shared subject. */
export interface Stage<Subject> {
  readonly name: string
  readonly title: string
  readonly checked: string
  /** Stages without which this one makes no sense. */
  readonly needs: readonly string[]
  run(subject: Subject): Promise<Finding>
}

/** Runs the stages in order, each after those it needs, and reports each as soon as it is done. */
export async function* runStages<Subject>(
  stages: readonly Stage<Subject>[],
  subject: Subject,
  { clock, hints, signal }: { clock: Clock; hints: () => Hints; signal: AbortSignal | undefined },
): AsyncGenerator<StageReport, void, undefined> {
  const broken = new Map<string, string>()
  for (const stage of stages) {
    signal?.throwIfAborted()
    const missing = stage.needs.find((name) => broken.has(name))
    const report =
      missing === undefined
        ? await runStage(stage, subject, clock, hints)
        : skipped(stage, broken.get(missing) ?? missing)
    if (report.outcome === 'failed' || report.outcome === 'skipped') {
      broken.set(stage.name, missing === undefined ? stage.title : (broken.get(missing) ?? ''))
    }
    // A stage that was cut off by the caller found nothing out.
    signal?.throwIfAborted()
    yield report
  }
}

async function runStage<Subject>(
  stage: Stage<Subject>,
  subject: Subject,
  clock: Clock,
  hints: () => Hints,
): Promise<StageReport> {
  const { name, title, checked } = stage
  const started = clock.now()
  try {
    const { evidence, doubt } = await stage.run(subject)
    const ms = clock.now() - started
    if (doubt === undefined) return { name, title, outcome: 'passed', checked, evidence, ms }
    return { name, title, outcome: 'warning', checked, evidence, ms, explanation: doubt }
  } catch (error) {
    const ms = clock.now() - started
    const explanation = explanationOf(error, hints())
    return { name, title, outcome: 'failed', checked, evidence: factsOf(error), ms, explanation }
  }
}

function skipped<Subject>(stage: Stage<Subject>, cause: string): StageReport {
  return {
    name: stage.name,
    title: stage.title,
    outcome: 'skipped',
    checked: stage.checked,
    evidence: {},
    ms: 0,
    explanation: {
      code: 'stage_skipped',
      what: 'This was not checked.',
      why: `The stage "${cause}" did not pass, and this one builds on it.`,
      remedy: `Put "${cause}" right first, then verify again.`,
      who: 'you',
      retry: { when: 'never' },
    },
  }
}

function factsOf(error: unknown): JsonObject {
  return error instanceof CodedError ? error.facts : {}
}
