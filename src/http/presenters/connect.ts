import type { Flow, StageReport, StartedFlow, VerificationReport } from '../../hub/connect/index.ts'
import { type Explanation, toTimestamp } from '../../kernel/index.ts'
import type { Discovered } from '../hub.ts'

/** Shows an explanation with its code, and nothing else. */
export function presentExplanation(told: Explanation & { readonly code: string }) {
  const { code, what, why, remedy, who, retry } = told
  return { code, what, why, remedy, who, retry }
}

/** Shows how far a flow is. */
export function presentFlow(flow: Flow) {
  const { id, credentialId, kind, state, url, userCode, expiresAt, failure } = flow
  return {
    id,
    credentialId,
    kind,
    state,
    ...(url !== undefined && { url }),
    ...(userCode !== undefined && { userCode }),
    expiresAt: toTimestamp(expiresAt),
    ...(failure && {
      failure: {
        ...presentExplanation(failure),
        facts: failure.facts,
        ...(failure.change && { change: failure.change }),
      },
    }),
  }
}

/** Shows a flow that waits for a browser. */
export function presentStarted(credentialId: string, started: StartedFlow) {
  const { flowId: id, url, expiresAt } = started
  const kind = 'browser' as const
  const state = 'waiting' as const
  return { id, credentialId, kind, state, url, expiresAt: toTimestamp(expiresAt) }
}

/** Shows what a verification found. */
export function presentReport({ verified, startedAt, ms, stages }: VerificationReport) {
  return { verified, startedAt: toTimestamp(startedAt), ms, stages: stages.map(presentStage) }
}

/** Shows one stage of a verification. */
export function presentStage(stage: StageReport) {
  const { name, title, outcome, checked, evidence, ms, explanation } = stage
  const told = explanation && { explanation: presentExplanation(explanation) }
  return { name, title, outcome, checked, evidence, ms, ...told }
}

/** Shows what was found of an environment. */
export function presentDiscovery({ environmentUrl, endpoints, notes, ...found }: Discovered) {
  const { v1, v2 } = endpoints
  return {
    ...found,
    environmentUrl: environmentUrl.origin,
    endpoints: { v1: { ...v1 }, v2: { ...v2 } },
    notes: [...notes],
  }
}
