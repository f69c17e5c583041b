import type { AuthClient, Credential, ProofTest } from '../../hub/vault/index.ts'
import { type Explanation, isObject, type Json, toTimestamp } from '../../kernel/index.ts'
import { presentExplanation } from './connect.ts'

interface StoredTrouble extends Explanation {
  readonly code: string
  readonly facts: Readonly<Record<string, Json>>
  readonly since: number
}

/** Shows an Auth Client; its secrets are not part of it. */
export function presentAuthClient(client: AuthClient) {
  const { secrets, certificate, problem, createdAt, updatedAt, workspaceId: _, ...rest } = client
  return {
    ...rest,
    secrets: secrets.map(({ slot, hint, expiresAt, createdAt: made }) => ({
      slot,
      hint,
      createdAt: toTimestamp(made),
      ...(expiresAt !== undefined && { expiresAt: toTimestamp(expiresAt) }),
    })),
    ...(certificate && {
      certificate: {
        thumbprint: certificate.thumbprint,
        notAfter: toTimestamp(certificate.notAfter),
      },
    }),
    ...(problem && { problem: presentTrouble(problem) }),
    createdAt: toTimestamp(createdAt),
    updatedAt: toTimestamp(updatedAt),
  }
}

/** Shows what the authorization server said to each proof of an Auth Client. */
export function presentTest(done: readonly ProofTest[]) {
  const tests = done.map(({ slot, outcome, code = outcome, explanation }) => ({
    slot,
    outcome,
    ...(explanation && { explanation: presentExplanation({ code, ...explanation }) }),
  }))
  const failed = tests.find(({ outcome }) => outcome !== 'accepted')
  return {
    accepted: failed === undefined,
    ...(failed?.explanation && { explanation: failed.explanation }),
    tests,
  }
}

/** Shows a Credential; its tokens are not part of it. */
export function presentCredential(credential: Credential) {
  const { problem, verification, expiresAt, refreshedAt, usedAt, worksUntilAtLeast, ...rest } =
    credential
  const times = { expiresAt, refreshedAt, usedAt, worksUntilAtLeast }
  const summary = readSummary(verification)
  return {
    ...rest,
    ...presentTimes(times),
    ...(problem && { problem: presentTrouble(problem) }),
    ...(summary && { verification: summary }),
    createdAt: toTimestamp(credential.createdAt),
    updatedAt: toTimestamp(credential.updatedAt),
  }
}

function presentTimes<Name extends string>(times: Readonly<Record<Name, number | undefined>>) {
  const known = Object.entries<number | undefined>(times).flatMap(([name, ms]) =>
    ms === undefined ? [] : [[name, toTimestamp(ms)] as const],
  )
  return Object.fromEntries(known)
}

/** Shows why something stored does not work. */
/** Shows why something stored does not work. */
export function presentTrouble(trouble: StoredTrouble) {
  const { code, what, why, remedy, who, retry, facts, since } = trouble
  return { code, what, why, remedy, who, retry, facts, since: toTimestamp(since) }
}

function readSummary(value: Json | undefined) {
  if (!isObject(value)) return undefined
  const { verified, at, failed } = value
  if (typeof verified !== 'boolean' || typeof at !== 'string') return undefined
  return { verified, at, ...(typeof failed === 'string' && { failed }) }
}
